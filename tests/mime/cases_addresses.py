"""Address fields as they are really written."""

import base64

from tests.mime.mails import Case

CASES: dict[str, Case] = {
    "a bare comma in a name": (b"From: Doe, John <j@example.com>\r\n\r\n", {"from": ("Doe, John", "j@example.com")}),
    "a comma inside an encoded word": (b"From: =?utf-8?Q?Doe,_J?= <j@example.com>\r\n\r\n", {"from": ("Doe, J", "j@example.com")}),
    "an encoded word inside quotes": (b'From: "=?utf-8?B?5p2x?=" <j@example.com>\r\n\r\n', {"from": ("東", "j@example.com")}),
    "the whole field encoded": (b"From: =?utf-8?Q?Ann_<a=40example.com>?=\r\n\r\n", {"from": ("Ann", "a@example.com")}),
    "a name in a comment": (b"From: j@example.com (John (Jr) Doe)\r\n\r\n", {"from": ("John Doe", "j@example.com"), "loosely": True}),
    "a missing bracket": (b"From: Ann <a@example.com\r\n\r\n", {"from": ("Ann", "a@example.com")}),
    "a carrier's address with two dots": (b'From: "a..b"@Example.JP\r\n\r\n', {"from": ("", "a..b@example.jp")}),
    "a source route": (b"From: <@a.example,@b.example:u@example.com>\r\n\r\n", {"from": ("", "u@example.com")}),
    "a group and undisclosed recipients": (
        b"From: a@example.jp\r\nTo: team: a@example.com, B <b@example.com>;, undisclosed-recipients:;\r\n\r\n",
        {"to": ("a@example.com", "b@example.com")},
    ),
    "semicolons as in Outlook": (b"From: a@example.jp\r\nTo: a@example.com; b@example.com\r\n\r\n", {"to": ("a@example.com", "b@example.com")}),
    "no From but a Sender": (b"Sender: a@example.jp\r\nSubject: x\r\n\r\n", {"from": ("", "a@example.jp"), "warns": "Sender was taken"}),
    "no From at all": (b"Subject: x\r\n\r\nbody", {"subject": "x", "text": "body", "warns": "no From"}),
    "a full-width at sign": ("From: 山田 <yamada＠example.jp>\r\n\r\n".encode(), {"from": ("山田", "yamada@example.jp")}),
    "full-width brackets": ("From: 山田＜yamada@example.jp＞\r\n\r\n".encode(), {"from": ("山田", "yamada@example.jp")}),
    "Japanese brackets": ("From: 山田「yamada@example.jp」\r\n\r\n".encode(), {"from": ("山田", "yamada@example.jp"), "loosely": True}),
    "dots in a row and at the end": (b"From: a..b.@docomo.example.jp\r\n\r\n", {"from": ("", "a..b.@docomo.example.jp")}),
    "dots in a row, in brackets, with a name": (b"From: Taro <.a..b.@au.example.jp>\r\n\r\n", {"from": ("Taro", ".a..b.@au.example.jp")}),
    "quoted dots at the end": (b'From: "taro."@docomo.example.jp\r\n\r\n', {"from": ("", "taro.@docomo.example.jp")}),
    "a blank in a quoted local part": (b'From: "john doe"@example.com\r\n\r\n', {"from": ("", '"john doe"@example.com')}),
    "a quote that is never closed": (b'From: "Ann <ann@example.com>\r\n\r\n', {"from": ("Ann", "ann@example.com")}),
    "an address as its own name": (b'From: "ann@example.com" <ann@example.com>\r\n\r\n', {"from": ("ann@example.com", "ann@example.com")}),
    "another address as the name": (b'From: "boss@bank.example" <x@evil.example>\r\n\r\n', {"from": ("boss@bank.example", "x@evil.example")}),
    "a name behind the address": (b"From: <ann@example.com> Ann\r\n\r\n", {"from": ("Ann", "ann@example.com")}),
    "double brackets": (b"From: Ann <<ann@example.com>>\r\n\r\n", {"from": ("Ann", "ann@example.com")}),
    "mailto in brackets": (b"From: Ann <mailto:ann@example.com>\r\n\r\n", {"from": ("Ann", "ann@example.com")}),
    "a comment in Japanese, encoded": (b"From: taro@example.jp (=?utf-8?B?5bGx55Sw?=)\r\n\r\n", {"from": ("山田", "taro@example.jp")}),
    "a name half encoded": (b"From: =?utf-8?B?5bGx55Sw?= Taro <t@example.jp>\r\n\r\n", {"from": ("山田 Taro", "t@example.jp")}),
    "a name in two encoded words": (b"From: =?utf-8?B?5bGx?=\r\n =?utf-8?B?55Sw?= <t@example.jp>\r\n\r\n", {"from": ("山田", "t@example.jp")}),
    "a name whose encoded word touches the bracket": (b"From: =?utf-8?B?5bGx55Sw?=<t@example.jp>\r\n\r\n", {"from": ("山田", "t@example.jp")}),
    "an encoded name with an at sign and a bracket in it": (
        b"From: =?utf-8?B?" + base64.b64encode("山田@東京 <本社>".encode()) + b"?= <t@example.jp>\r\n\r\n",
        {"from": ("山田@東京 <本社>", "t@example.jp")},
    ),
    "a name with escaped quotes": (b'From: "Ann \\"the\\" Smith" <a@example.com>\r\n\r\n', {"from": ('Ann "the" Smith', "a@example.com")}),
    "a raw Shift_JIS name with a backslash byte in it": (
        'From: "表示ソフト" <t@example.jp>\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n'.encode("cp932"),
        {"from": ("表示ソフト", "t@example.jp")},
    ),
    "a raw name of no stated charset": ("From: 山田商店 <t@example.jp>\r\n\r\n".encode("cp932"), {"from": ("山田商店", "t@example.jp")}),
    "an international domain": ("From: a@日本語.example\r\n\r\n".encode(), {"from": ("", "a@日本語.example")}),
    "capitals in the domain only": (b"From: Ann.B@EXAMPLE.COM\r\n\r\n", {"from": ("", "Ann.B@example.com")}),
    "an address in a domain of brackets": (b"From: a@[192.0.2.1]\r\n\r\n", {"from": ("", "a@[192.0.2.1]")}),
    "several addresses with semicolons and a trailing one": (
        b"From: a@x.example\r\nTo: Ann <a@example.com>; Ben <b@example.com>;\r\n\r\n",
        {"to": ("a@example.com", "b@example.com")},
    ),
    "addresses with nothing but blanks between": (
        b"From: a@x.example\r\nTo: a@example.com b@example.com\r\n\r\n",
        {"to": ("a@example.com", "b@example.com")},
    ),
    "Japanese commas between": ("From: a@x.example\r\nTo: a@example.com、b@example.com\r\n\r\n".encode(), {"to": ("a@example.com", "b@example.com")}),
    "two To fields": (b"From: a@x.example\r\nTo: a@example.com\r\nTo: b@example.com\r\n\r\n", {"to": ("a@example.com", "b@example.com")}),
    "empty places between commas": (
        b"From: a@x.example\r\nTo: , a@example.com,, ,b@example.com,\r\n\r\n",
        {"to": ("a@example.com", "b@example.com")},
    ),
    "a group in a group's way": (
        b"From: a@x.example\r\nTo: A: a@example.com;, B: b@example.com, c@example.com;\r\n\r\n",
        {"to": ("a@example.com", "b@example.com", "c@example.com")},
    ),
    "a Japanese group": ("From: a@x.example\r\nTo: 営業部: a@example.com;\r\n\r\n".encode(), {"to": ("a@example.com",)}),
    "Outlook's bare names": (b"From: a@x.example\r\nTo: 'Ann Smith' <a@example.com>\r\n\r\n", {"to": ("a@example.com",)}),
    "a name in single quotes": (b"From: 'Ann Smith' <a@example.com>\r\n\r\n", {"from": ("Ann Smith", "a@example.com")}),
    "only a name": (b"From: Ann Smith\r\n\r\n", {"from": ("Ann Smith", "")}),
    "a null sender": (b"From: <>\r\n\r\n", {"warns": "no From"}),
    "a From with nothing in it before a real one": (
        b"From: <>\r\nFrom: Real <b@example.com>\r\n\r\n",
        {"from": ("Real", "b@example.com"), "warns": "more than one From; the first that can be read was taken"},
    ),
    "a From that is an empty group before a real one": (
        b"From: undisclosed:;\r\nFrom: b@example.com\r\n\r\n",
        {"from": ("", "b@example.com"), "warns": "the first that can be read was taken"},
    ),
    "a From that is only a name before an address": (b"From: The Team\r\nFrom: b@example.com\r\n\r\n", {"from": ("", "b@example.com")}),
    "two From fields that say nothing": (
        b"From: <>\r\nFrom: <>\r\nSender: b@example.com\r\n\r\n",
        {"from": ("", "b@example.com"), "warns": "Sender was taken"},
    ),
    "two From fields": (b"From: a@example.com\r\nFrom: b@example.com\r\n\r\n", {"from": ("", "a@example.com"), "warns": "more than one From"}),
    "two addresses in From": (b"From: Ann <a@example.com>, Ben <b@example.com>\r\n\r\n", {"from": ("Ann", "a@example.com")}),
    "a control character in a name": (b"From: A\x1b[2Jnn <a@example.com>\r\n\r\n", {"from": ("A\x1b[2Jnn", "a@example.com"), "loosely": True}),
    "an address cut by a fold": (b"From: Ann\r\n <ann@exam\r\n ple.com>\r\n\r\n", {"from": ("Ann", "ann@example.com")}),
}

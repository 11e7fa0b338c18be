"""Address fields as they are really written."""

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
}

"""Headers: encoded words in every broken form, raw bytes, folding, and what stands between."""

import base64

from tests.mime.mails import Case, mail

JIS_NEC = b"\x1b$B-!-j|b\x1b(B"  # ①㈱髙 as Windows sends them
SPLIT = "ドリルの返品について".encode()

CASES: dict[str, Case] = {
    "a subject split inside a character": (
        mail(b"Subject: =?utf-8?B?" + base64.b64encode(SPLIT[:13]) + b"?=\r\n =?utf-8?B?" + base64.b64encode(SPLIT[13:]) + b"?=\r\n"),
        {"subject": "ドリルの返品について"},
    ),
    "a base64 stream cut between words": (
        mail(b"Subject: =?utf-8?B?" + base64.b64encode(SPLIT)[:10] + b"?=\r\n =?utf-8?B?" + base64.b64encode(SPLIT)[10:] + b"?=\r\n"),
        {"subject": "ドリルの返品について"},
    ),
    "encoded words of two charsets": (
        mail(b"Subject: =?iso-2022-jp?B?" + base64.b64encode(JIS_NEC) + b"?= =?utf-8?Q?_=E6=9D=B1?=\r\n"),
        {"subject": "①㈱髙 東"},
    ),
    "an encoded word with spaces inside": (mail(b"Subject: =?utf-8?Q?caf=C3=A9 is open?=\r\n"), {"subject": "café is open"}),
    "an encoded word without its end": (mail(b"Subject: =?utf-8?B?5p2x5Lqs\r\n"), {"subject": "東京"}),
    "an encoded word that touches text": (mail(b"Subject: [=?utf-8?B?5p2x?=]x\r\n"), {"subject": "[東]x"}),
    "an encoded word with a language": (mail(b"Subject: =?utf-8*ja?B?5p2x?=\r\n"), {"subject": "東"}),
    "base64 without padding": (mail(b"Subject: =?utf-8?b?YQ?=\r\n"), {"subject": "a"}),
    "a raw utf-8 subject": (mail("Subject: 返品\r\n".encode()), {"subject": "返品"}),
    "a raw Shift_JIS subject, with the body's label": (
        mail("Subject: 表示ソフト\r\nContent-Type: text/plain; charset=shift_jis\r\n".encode("cp932")),
        {"subject": "表示ソフト"},
    ),
    "a raw iso-2022-jp subject": (mail(b"Subject: " + "至急:返品".encode("iso2022_jp") + b"\r\n"), {"subject": "至急:返品"}),
    "a raw iso-2022-jp name": (b"From: " + "総務部".encode("iso2022_jp") + b" <s@example.jp>\r\n\r\n", {"from": ("総務部", "s@example.jp")}),
    "a folded subject": (mail(b"Subject: one\r\n two\r\n\tthree\r\n"), {"subject": "one two three"}),
    "a subject of bare line feeds": (mail(b"Subject: x\r\n").replace(b"\r\n", b"\n"), {"subject": "x", "text": "x"}),
    "line ends of an old Macintosh": (mail(b"Subject: x\r\n").replace(b"\r\n", b"\r"), {"subject": "x", "text": "x"}),
    "line ends that were made ones twice": (
        mail(b"Subject: one\r\n two\r\n", b"a\r\nb\r\n").replace(b"\r\n", b"\r\r\n"),
        {"subject": "one two", "from": ("山田", "yamada@example.jp"), "text": "a\nb", "quiet": True},
    ),
    "a subject longer than any": (mail(b"Subject: " + b"x" * 200_000 + b"\r\n"), {"warns": "A header field was longer than 128 KiB"}),
    "a space before the colon": (mail(b"Subject : x\r\n"), {"subject": "x"}),
    "an empty subject before a real one": (
        mail(b"Subject:\r\nSubject: =?utf-8?Q??=\r\nSubject: second\r\n"),
        {"subject": "second", "warns": "more than one Subject; the first that can be read was taken"},
    ),
    "two subjects": (mail(b"Subject: first\r\nSubject: second\r\n"), {"subject": "first", "warns": "more than one Subject"}),
    "a mbox line in front": (b"From someone Tue Nov 24 2026\n" + mail(b"Subject: x\r\n"), {"subject": "x"}),
    "empty lines in front": (b"\r\n\r\n" + mail(b"Subject: x\r\n"), {"subject": "x"}),
    "junk between the header lines": (mail(b"this is no header\r\nSubject: x\r\n"), {"subject": "x", "warns": "no header field"}),
    "no empty line before the text": (
        b"From: a@example.jp\r\nSubject: x\r\nHello there\r\nhow are you\r\n\r\nmore",
        {"subject": "x", "text": "Hello there\nhow are you\n\nmore"},
    ),
    "a postmaster who is a person": (b"From: postmaster@example.jp\r\nSubject: x\r\n\r\nhello", {"kind": "mail"}),
    "NUL in a subject": (mail(b"Subject: a\x00b\r\n"), {"subject": "a b"}),
    # more broken encoded words
    "a line break inside an encoded word": (mail(b"Subject: =?utf-8?B?5p2x\r\n 5Lqs?=\r\n"), {"subject": "東京"}),
    "an encoded word folded in its middle, in Q": (mail(b"Subject: =?utf-8?Q?caf=C3=A9_au\r\n _lait?=\r\n"), {"contains_subject": "café au"}),
    "Q written where B is said": (mail(b"Subject: =?utf-8?B?caf=C3=A9_au_lait?=\r\n"), {"subject": "café au lait"}),
    "Q of nothing but digits written where B is said": (mail(b"Subject: =?utf-8?B?=E6=9D=B1=E4=BA=AC?=\r\n"), {"subject": "東京"}),
    "B written where Q is said": (mail(b"Subject: =?iso-2022-jp?Q?GyRCQ21KOBsoQg==?=\r\n"), {"subject": "注文"}),
    "an encoded word in an encoded word": (
        mail(b"Subject: =?utf-8?B?" + base64.b64encode(b"=?utf-8?B?5p2x5Lqs?=") + b"?=\r\n"),
        {"subject": "東京"},
    ),
    "an encoded word in quotes": (mail(b'Subject: "=?utf-8?B?5p2x5Lqs?="\r\n'), {"subject": '"東京"'}),
    "an encoded word that lost its last sign": (mail(b"Subject: =?utf-8?B?5p2x5Lqs?\r\n"), {"subject": "東京"}),
    "an encoded word without its end, then text": (mail(b"Subject: =?utf-8?B?5p2x5Lqs and more\r\n"), {"subject": "東京 and more"}),
    "an encoded word cut off by a short field": (mail(b"Subject: =?utf-8?B?5p2x5Lqs?= =?utf-8?B?5p2\r\n"), {"contains_subject": "東京"}),
    "too much padding": (mail(b"Subject: =?utf-8?B?5p2x5Lqs====?=\r\n"), {"subject": "東京"}),
    "padding in the middle": (mail(b"Subject: =?utf-8?B?5p2x=5Lqs?=\r\n"), {"contains_subject": "東"}),
    "padding in the middle of a joined base64": (mail(b"Subject: =?utf-8?B?YQ==Yg==?=\r\n"), {"subject": "ab"}),
    "blanks around an encoded word's marks": (mail(b"Subject: =? utf-8 ?B? 5p2x5Lqs ?=\r\n"), {"subject": "東京"}),
    "a tab and a blank between words of one text": (mail(b"Subject: =?utf-8?B?5p2x?=\r\n\t =?utf-8?B?5Lqs?=\r\n"), {"subject": "東京"}),
    "encoded words that touch each other": (mail(b"Subject: =?utf-8?B?5p2x?==?utf-8?B?5Lqs?=\r\n"), {"subject": "東京"}),
    "encoded words that touch words around": (mail(b"Subject: Re:=?utf-8?B?5p2x?=(2)\r\n"), {"subject": "Re:東(2)"}),
    "neighbours in three charsets": (
        mail(
            b"Subject: =?iso-2022-jp?B?GyRCQ21KOBsoQg==?= =?shift_jis?B?" + base64.b64encode("件".encode("cp932")) + b"?= =?utf-8?Q?=E6=9D=B1?=\r\n"
        ),
        {"subject": "注文件東"},
    ),
    "B and Q of one text": (mail(b"Subject: =?utf-8?B?5p2x?= =?utf-8?Q?=E4=BA=AC?=\r\n"), {"subject": "東京"}),
    "Q with lower-case digits and bare question marks": (mail(b"Subject: =?utf-8?Q?=e6=9d=b1=3F ok? yes?=\r\n"), {"subject": "東? ok? yes"}),
    "Q with a lone equals sign": (mail(b"Subject: =?utf-8?Q?a=b_=E6=9D=B1=?=\r\n"), {"subject": "a=b 東="}),
    "Q with raw bytes": (mail(b"Subject: =?utf-8?Q?\xe6\x9d\xb1_x?=\r\n"), {"subject": "東 x"}),
    "iso-2022-jp in Q, its escapes spelled": (mail(b"Subject: =?iso-2022-jp?Q?=1B=24B=43=6D=4A=38=1B=28B?=\r\n"), {"subject": "注文"}),
    "iso-2022-jp raw inside an encoded word": (mail(b"Subject: =?iso-2022-jp?Q?\x1b$BCmJ8\x1b(B?=\r\n"), {"subject": "注文"}),
    "iso-2022-jp cut between words, the escape only in the first": (
        mail(b"Subject: =?iso-2022-jp?B?" + base64.b64encode(b"\x1b$BCm") + b"?= =?iso-2022-jp?B?" + base64.b64encode(b"J8\x1b(B") + b"?=\r\n"),
        {"subject": "注文"},
    ),
    "a charset nobody knows, over utf-8": (mail(b"Subject: =?x-martian?B?5p2x5Lqs?=\r\n"), {"subject": "東京"}),
    "a charset left out": (mail(b"Subject: =??B?5p2x5Lqs?=\r\n"), {"subject": "東京"}),
    "a subject that says utf-8 and is Shift_JIS": (
        mail(b"Subject: =?utf-8?B?" + base64.b64encode("ご注文の件".encode("cp932")) + b"?=\r\n"),
        {"subject": "ご注文の件"},
    ),
    "a line feed hidden in an encoded word": (mail(b"Subject: =?utf-8?Q?a=0D=0ABcc:_x?=\r\n"), {"subject": "a Bcc: x"}),
    "a very long encoded word": (mail(b"Subject: =?utf-8?B?" + base64.b64encode("東京".encode() * 600) + b"?=\r\n"), {"subject": "東京" * 600}),
    "an encoded word in Shift_JIS cut off inside a character": (
        mail(b"Subject: =?shift_jis?B?" + base64.b64encode("ご注文の件".encode("cp932")[:-1]) + b"?=\r\n"),
        {"subject": "ご注文の\ufffd"},
    ),
    "raw EUC-JP with the body's label": (mail("Subject: 表示\r\nContent-Type: text/plain; charset=euc-jp\r\n".encode("euc_jp")), {"subject": "表示"}),
    "raw Shift_JIS without any label": (mail("Subject: お問い合わせの件\r\n".encode("cp932")), {"subject": "お問い合わせの件"}),
    "raw utf-8 though the body is iso-2022-jp": (
        mail("Subject: 返品\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n".encode()),
        {"subject": "返品"},
    ),
    "raw utf-8 beside an encoded word": (mail("Subject: 返品 =?utf-8?B?5p2x?=\r\n".encode()), {"subject": "返品 東"}),
    "iso-2022-jp folded without going back to ASCII": (
        mail(b"Subject: \x1b$BCm\r\n \x1b$BJ8\x1b(B\r\n"),
        {"subject": "注 文"},
    ),
    "html entities are text in a subject": (mail(b"Subject: A &amp; B\r\n"), {"subject": "A &amp; B"}),
    "an empty subject": (mail(b"Subject:\r\n"), {"subject": ""}),
    "a subject of blanks only, folded": (mail(b"Subject:   \r\n  \r\n"), {"subject": ""}),
    "a field name in capitals": (mail(b"SUBJECT: x\r\n"), {"subject": "x"}),
    "a byte order mark before the header": (b"\xef\xbb\xbf" + mail(b"Subject: x\r\n"), {"subject": "x", "from": ("山田", "yamada@example.jp")}),
}

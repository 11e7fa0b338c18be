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
    "a space before the colon": (mail(b"Subject : x\r\n"), {"subject": "x"}),
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
}

"""Difficult structures: multiparts in each other, broken ones, attached mails; each with its name and what must come out."""

from typing import Any

from tests.mime.cases import CONTENT, HTML, PDF, PLAIN, b64, mail, multipart

Cases = dict[str, tuple[bytes, dict[str, Any]]]

RFC822 = b"Content-Type: message/rfc822\r\n\r\n"
FORWARDED = "From: 山田 <y@example.jp>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\nSubject: 見積\r\n".encode()


def inner(subtype: bytes, mark: bytes, *parts: bytes) -> bytes:
    """A multipart that is a part."""
    return b"Content-Type: multipart/" + subtype + b"; boundary=" + mark + b"\r\n\r\n" + b"".join(
        b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts
    ) + b"--" + mark + b"--"  # fmt: skip


NESTING: Cases = {
    "related inside alternative inside mixed": (
        multipart(
            "mixed",
            inner(
                b"alternative",
                b"A",
                PLAIN + b"plain",
                inner(b"related", b"R", HTML + b"<p>html<img src=cid:1>", b"Content-Type: image/png\r\nContent-ID: <1>\r\n\r\npng"),
            ),
            PDF + b"a.pdf\r\n\r\n" + CONTENT,
        ),
        {"text": "plain", "attachments": [("", "image/png", 3, "1.2.2"), ("a.pdf", "application/pdf", 10, "2")]},
    ),
    "alternative inside related, as Apple Mail writes it": (
        multipart("related", inner(b"alternative", b"A", PLAIN + b"plain", HTML + b"<p>html"), b"Content-Type: image/png\r\n\r\npng"),
        {"text": "plain", "attachments": [("", "image/png", 3, "2")]},
    ),
    "mixed inside alternative, with text before and after a picture": (
        multipart("alternative", PLAIN + b" ", inner(b"mixed", b"M", HTML + b"<p>one", b"Content-Type: image/png\r\n\r\npng", HTML + b"<p>two")),
        {"text": "one\n\ntwo", "attachments": [("", "image/png", 3, "2.2")]},
    ),
    "a related part that names its start": (
        multipart('related; start="<body>"', b"Content-Type: image/png\r\n\r\npng", b"Content-ID: <body>\r\n" + PLAIN + b"the text"),
        {"text": "the text", "names": [""]},
    ),
    "a boundary in the preamble's prose": (
        mail(b"Content-Type: multipart/mixed; boundary=BB\r\n", b"This mail uses --BB as its boundary.\r\n--BB\r\n" + PLAIN + b"text\r\n--BB--"),
        {"text": "text", "warnings": ()},
    ),
    "a multipart in a multipart with the same boundary": (
        multipart(
            "mixed",
            b"Content-Type: multipart/alternative; boundary=BB\r\n\r\n--BB\r\n" + PLAIN + b"text\r\n--BB--\r\n",
            PDF + b"a.pdf\r\n\r\n" + CONTENT,
        ),
        {"text": "text", "names": ["a.pdf"]},
    ),
    "an epilogue that quotes a boundary": (multipart("mixed", PLAIN + b"text", end=b"--BB--\r\nThe boundary was\r\n--BB\r\nbye\r\n"), {"text": "text"}),
    "an epilogue after the end": (multipart("mixed", PLAIN + b"text", end=b"--BB--\r\nepilogue\r\n"), {"text": "text"}),
    "blanks behind the boundary": (
        mail(b"Content-Type: multipart/mixed; boundary=BB\r\n", b"--BB  \t\r\n" + PLAIN + b"text\r\n--BB-- \r\n"),
        {"text": "text", "warnings": ()},
    ),
    "bare line feeds between parts": (
        mail(b"Content-Type: multipart/mixed; boundary=BB\r\n", b"--BB\n\none\n--BB\n\ntwo\n--BB--\n"),
        {"text": "one\n\ntwo"},
    ),
    "a part cut off in its base64": (
        multipart("mixed", PLAIN + b"see", PDF + b"a.pdf\r\n\r\n" + CONTENT[:9], end=b""),
        {"text": "see", "names": ["a.pdf"], "warns": "cut off"},
    ),
    "base64 with garbage between its lines": (
        multipart("mixed", PDF + b"a.pdf\r\n\r\n> " + CONTENT[:8] + b"\r\n> " + CONTENT[8:]),
        {"attachments": [("a.pdf", "application/pdf", 10, "1")]},
    ),
    "base64 padded in the middle": (
        multipart("mixed", PDF + b"a.bin\r\n\r\nQQ==\r\nQUI=\r\nQUJD\r\n"),
        {"attachments": [("a.bin", "application/pdf", 6, "1")]},
    ),
    "base64 with the footer of a list behind it": (
        multipart("mixed", PDF + b"a.bin\r\n\r\nQUJDRA==\r\n_______________\r\nUsers mailing list\r\n"),
        {"attachments": [("a.bin", "application/pdf", 4, "1")]},
    ),
    "a type that is no type": (multipart("mixed", b"Content-Type: text\r\n\r\nread me", b"Content-Type: ???\r\n\r\nx"), {"text": "read me"}),
    "a multipart as quoted-printable": (
        mail(
            b"Content-Type: multipart/mixed; boundary=q=1\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            b"--q=3D1\r\nContent-Type: text/plain\r\n\r\ndeep\r\n--q=3D1--\r\n",
        ),
        {"text": "deep", "warns": "forbids"},
    ),
    "appledouble": (
        multipart(
            "appledouble",
            b"Content-Type: application/applefile; name=a.pdf\r\n\r\nfork",
            PDF + b"a.pdf\r\n\r\n" + CONTENT,
        ),
        {"attachments": [("a.pdf", "application/pdf", 10, "2")]},
    ),
    "a file without any text": (mail(b"Content-Type: application/pdf; name=a.pdf\r\n", b"pdf"), {"text": "", "attachments": [("a.pdf", "application/pdf", 3, "1")]}),
    "a piece of a large mail": (
        mail(b'Content-Type: message/partial; id="x@y"; number=2; total=3\r\n', b"middle"),
        {"warns": "piece 2 of 3", "attachments": [("", "message/partial", 6, "1")]},
    ),
    "a file that lies elsewhere": (
        multipart("mixed", PLAIN + b"see", b'Content-Type: message/external-body; access-type=URL; URL="https://example.jp/a.pdf"\r\n\r\nContent-Type: application/pdf\r\n\r\n'),
        {"text": "see", "warns": "https://example.jp/a.pdf"},
    ),
}  # fmt: skip

ATTACHED: Cases = {
    "an attached mail is readable below the text": (
        multipart("mixed", PLAIN + b"see below", RFC822 + FORWARDED + b"\r\nprice"),
        {
            "text": "see below\n\nFrom: 山田 <y@example.jp>\nDate: 2026-11-24 09:00 +0900\nSubject: 見積\n\nprice",
            "names": ["見積.eml"],
        },
    ),
    "the files of an attached mail": (
        multipart(
            "mixed", PLAIN + b"see",
            RFC822 + b"Subject: x\r\n" + inner(b"mixed", b"II", PLAIN + b"old", PDF + b"a.pdf\r\n\r\n" + CONTENT),
        ),
        {"attachments": [("x.eml", "message/rfc822", 0, "2"), ("a.pdf", "application/pdf", 10, "2.2")], "text": "see\n\nSubject: x\n\nold"},
    ),
    "a mail in a mail in a mail": (
        multipart("mixed", PLAIN + b"one", RFC822 + b"Subject: two\r\n" + inner(b"mixed", b"II", PLAIN + b"2", RFC822 + b"Subject: three\r\n\r\n3")),
        {"text": "one\n\nSubject: two\n\n2\n\nSubject: three\n\n3", "parts": ["2", "2.2"]},
    ),
    "an attached mail in base64": (
        multipart("mixed", b"Content-Type: message/rfc822; name=old.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(b"Subject: x\r\n\r\nold")),
        {"text": "Subject: x\n\nold", "names": ["old.eml"]},
    ),
    "a mail that is nothing but another mail": (
        mail(b"Content-Type: message/rfc822\r\n", b"Subject: inner\r\n\r\nold"),
        {"text": "Subject: inner\n\nold", "subject": "", "attachments": [("inner.eml", "message/rfc822", 21, "1")]},
    ),
    "a digest, whose parts are mails without saying so": (
        multipart("digest", b"\r\nSubject: one\r\n\r\n1", b"\r\nSubject: two\r\n\r\n2"),
        {"text": "Subject: one\n\n1\n\nSubject: two\n\n2", "names": ["one.eml", "two.eml"]},
    ),
    "an attached mail without a header": (
        multipart("mixed", PLAIN + b"see", RFC822 + b"just text"),
        {"text": "see", "attachments": [("", "message/rfc822", 9, "2")]},
    ),
    "an invitation in an attached mail is that mail's": (
        multipart("mixed", PLAIN + b"fyi", RFC822 + b"Subject: x\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        {"kind": "mail", "invitation": None},
    ),
    "a signed mail that is attached does not sign the one around it": (
        multipart("mixed", PLAIN + b"fyi", RFC822 + b"Subject: x\r\n" + inner(b"signed", b"SS", PLAIN + b"s", b"Content-Type: application/pgp-signature\r\n\r\nsig")),
        {"protection": None},
    ),
    "an attached mail with an empty Subject and an impossible Date before the real ones": (
        multipart("mixed", RFC822 + b"Subject:\r\nSubject: real\r\nDate: soon\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\n\r\nx"),
        {"text": "Date: 2026-11-24 09:00 +0900\nSubject: real\n\nx", "names": ["real.eml"]},
    ),
    "an attached mail whose subject holds a path": (
        multipart("mixed", RFC822 + b"Subject: ../../etc/passwd\r\n\r\nx"),
        {"names": ["..／..／etc／passwd.eml"]},
    ),
}  # fmt: skip

CASES: Cases = {**NESTING, **ATTACHED}

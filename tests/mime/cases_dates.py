"""Dates and ids as they are really written."""

from tests.mime.mails import Case, mail

CASES: dict[str, Case] = {
    "a date in Japanese": (mail().replace(b"Tue, 24 Nov 2026", "火, 24 11月 2026".encode()), {"date": "2026-11-24T09:00:00+09:00"}),
    "a date with a named zone": (mail().replace(b"+0900", b"JST"), {"date": "2026-11-24T09:00:00+09:00"}),
    "a date with an impossible zone": (mail().replace(b"+0900", b"+9900"), {"date": "2026-11-24T09:00:00+00:00", "warns": "time zone"}),
    "a date without a zone": (mail().replace(b" +0900", b""), {"date": "2026-11-24T09:00:00+00:00", "warns": "no time zone"}),
    "a date that is none": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"yesterday"), {"date": None, "warns": "date could not be read"}),
    "the 31st of February": (mail().replace(b"24 Nov", b"31 Feb"), {"date": None}),
    "a Message-ID without brackets": (mail().replace(b"<a@example.jp>", b"a@example.jp"), {"message_id": "<a@example.jp>"}),
    "References folded and doubled": (
        mail(b"References: <1@x> <2@x>\r\n <1@x>\t<3@x>\r\nIn-Reply-To: your message of Monday <3@x>\r\n"),
        {"references": ("<1@x>", "<2@x>", "<3@x>"), "in_reply_to": ("<3@x>",)},
    ),
}

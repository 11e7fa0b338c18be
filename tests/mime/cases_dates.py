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
    "a date without a weekday": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"24 Nov 2026 09:00:00 +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a wrong weekday": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Mon, 24 Nov 2026 09:00:00 +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a year of two digits": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 26 09:00:00 +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a year of two digits of the last century": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 98 09:00:00 +0900"),
        {"date": "1998-11-24T09:00:00+09:00"},
    ),
    "a date without seconds": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00 +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "an American zone": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 EST"), {"date": "2026-11-24T09:00:00-05:00"}),
    "a summer zone": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Jun 2026 09:00:00 PDT"), {"date": "2026-06-24T09:00:00-07:00"}),
    "a zone of a letter": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 Z"), {"date": "2026-11-24T09:00:00+00:00"}),
    "GMT and an offset": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 GMT+0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "an offset with a colon": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 +09:00"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a zone in a comment": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 +0900 (JST)"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a zone in Japanese in a comment": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", "Tue, 24 Nov 2026 09:00:00 +0900 (東京 (標準時))".encode()),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "asctime": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue Nov 24 09:00:00 2026"),
        {"date": "2026-11-24T09:00:00+00:00", "warns": "no time zone"},
    ),
    "date(1)": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue Nov 24 09:00:00 JST 2026"), {"date": "2026-11-24T09:00:00+09:00"}),
    "ISO 8601": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"2026-11-24T09:00:00+09:00"), {"date": "2026-11-24T09:00:00+09:00"}),
    "ISO 8601 in UTC": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"2026-11-24T00:00:00Z"), {"date": "2026-11-24T00:00:00+00:00"}),
    "ISO 8601 with a blank and an offset": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"2026-11-24 09:00:00 +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "slashes": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"2026/11/24 09:00:00"),
        {"date": "2026-11-24T09:00:00+00:00", "warns": "no time zone"},
    ),
    "slashes with a zone": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"2026/11/24 09:00:00 JST"), {"date": "2026-11-24T09:00:00+09:00"}),
    "Japanese words": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", "2026年11月24日(火) 09:00:00 +0900".encode()),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "Japanese words, hours and minutes": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", "2026年11月24日 9時05分".encode()),
        {"date": "2026-11-24T09:05:00+00:00", "warns": "no time zone"},
    ),
    "Japanese afternoon": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", "2026年11月24日 午後3時05分 +0900".encode()),
        {"date": "2026-11-24T15:05:00+09:00"},
    ),
    "full-width digits": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", "２０２６年１１月２４日 ０９：００ +0900".encode()),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "the year of Reiwa": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", "令和8年11月24日 09:00 +0900".encode()),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a month written out": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tuesday, November 24, 2026 9:00:00 AM +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a clock of twelve hours": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 PM +0900"),
        {"date": "2026-11-24T21:00:00+09:00"},
    ),
    "dashes between": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24-Nov-2026 09:00:00 +0900"), {"date": "2026-11-24T09:00:00+09:00"}),
    "dots in the time": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09.00.00 +0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a month in German": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Di, 24 Dez 2026 09:00:00 +0100"),
        {"date": "2026-12-24T09:00:00+01:00"},
    ),
    "a leap second": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Sat, 31 Dec 2016 23:59:60 +0000"), {"date": "2016-12-31T23:59:59+00:00"}),
    "hour twenty-four": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 24:00:00 +0900"),
        {"date": None, "warns": "could not"},
    ),
    "the year 0000": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 0000 09:00:00 +0900"), {"date": None, "warns": "could not"}),
    "a year out of every reach": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 20260 09:00:00 +0900"),
        {"date": None, "warns": "could not"},
    ),
    "an offset of three digits": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 +900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "an offset without a sign": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 0900"),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "a minus zero": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"Tue, 24 Nov 2026 09:00:00 -0000"), {"date": "2026-11-24T09:00:00+00:00"}),
    "blanks everywhere": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"  Tue ,  24   Nov   2026   09 : 00 : 00   +0900 "),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "an encoded date": (
        mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"=?utf-8?Q?Tue,_24_Nov_2026_09:00:00_+0900?="),
        {"date": "2026-11-24T09:00:00+09:00"},
    ),
    "seconds since 1970": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"1795478400"), {"date": None, "warns": "could not"}),
    "a name for a date": (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", b"(none)"), {"date": None, "warns": "could not"}),
    "a date that says nothing before a real one": (
        b"From: a@x.jp\r\nDate: garbage\r\nDate: Mon, 30 Nov 2026 10:00:00 +0900\r\nMessage-ID:\r\nMessage-ID: <real@x>\r\n\r\nb",
        {"date": "2026-11-30T10:00:00+09:00", "message_id": "<real@x>", "warns": "more than one Date; the first that can be read was taken"},
    ),
    "two dates that say nothing": (b"From: a@x.jp\r\nDate: garbage\r\nDate: more\r\n\r\nb", {"date": None, "warns": "The date could not be read."}),
    "two dates": (mail(b"Date: Mon, 1 Jan 2001 00:00:00 +0000\r\n"), {"date": "2026-11-24T09:00:00+09:00", "warns": "more than one Date"}),
    "two Message-IDs": (mail(b"Message-ID: <b@x>\r\n"), {"message_id": "<a@example.jp>", "warns": "more than one Message-ID"}),
    "no Message-ID": (b"From: a@example.jp\r\nSubject: x\r\n\r\nx", {"message_id": None, "warns": "no Message-ID"}),
    "an empty Message-ID": (b"From: a@example.jp\r\nMessage-ID: <>\r\n\r\nx", {"message_id": None}),
    "a Message-ID with blanks in it": (mail().replace(b"<a@example.jp>", b"< a@ex ample.jp >"), {"message_id": "<a@example.jp>"}),
    "a Message-ID folded": (mail().replace(b" <a@example.jp>", b"\r\n <a@example.jp>"), {"message_id": "<a@example.jp>"}),
    "a Message-ID with a comment": (mail().replace(b"<a@example.jp>", b"<a@example.jp> (added by relay)"), {"message_id": "<a@example.jp>"}),
    "References with commas and junk": (mail(b"References: <1@x>,<2@x>; junk <3@x\r\n"), {"references": ("<1@x>", "<2@x>", "<3@x>")}),
    "In-Reply-To with an address in it": (mail(b"In-Reply-To: Ann's mail of Monday <m1@x>\r\n"), {"in_reply_to": ("<m1@x>",)}),
}

NINE = "2026-11-24T09:00:00+09:00"
SAID: dict[str, tuple[str, str | None]] = {
    "a month as a number, as Java writes it in Japanese": ("火, 24 11 2026 09:00:00 +0900", NINE),
    "a year of three digits": ("Tue, 24 Nov 126 09:00:00 +0900", NINE),
    "an American date": ("11/24/2026 09:00:00 AM JST", NINE),
    "an American date behind its time": ("9:00 AM 11/24/26 +0900", NINE),
    "a European date in slashes": ("24/11/2026 09:00 +0900", NINE),
    "a date in slashes that may be two days": ("11/12/2026 09:00:00 +0900", None),
    "a month in Russian": ("вт, 24 ноя 2026 09:00:00 +0900", NINE),
    "a date in Korean": ("2026년 11월 24일 (화) 09:00:00 +0900", NINE),
    "a month in Korean": ("화, 24 11월 2026 09:00:00 +0900", NINE),
    "a month in Chinese": ("星期二, 24 十一月 2026 09:00:00 +0900", NINE),
    "comments everywhere": ("Tue (Tuesday), 24 (x) Nov (y) 2026 09:00 (z) +0900", NINE),
    "ISO 8601 without its signs": ("20261124T090000+0900", NINE),
    "an hour with an h": ("Tue, 24 Nov 2026 9h00 +0900", NINE),
    "an offset of one digit and a colon": ("Tue, 24 Nov 2026 09:00:00 +9:00", NINE),
    "an offset of hours only": ("2026-11-24T09:00:00+09", NINE),
    "an offset with two signs": ("Tue, 24 Nov 2026 09:00:00 --0900", NINE),
    "a zone of POSIX, whose sign is the other way round": ("Tue, 24 Nov 2026 09:00:00 JST-9", NINE),
    "a zone of Windows in a date": ("Tue, 24 Nov 2026 09:00:00 Tokyo Standard Time", NINE),
}
CASES |= {name: (mail().replace(b"Tue, 24 Nov 2026 09:00:00 +0900", said.encode()), {"date": date}) for name, (said, date) in SAID.items()}

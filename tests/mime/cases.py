"""Difficult mails, each with its name and what must come out; bytes made here, no fixture files."""

import base64
from typing import Any

HEAD = (
    b"From: =?utf-8?B?5bGx55Sw?= <yamada@example.jp>\r\nTo: support@example.com\r\n"
    b"Date: Tue, 24 Nov 2026 09:00:00 +0900\r\nMessage-ID: <a@example.jp>\r\n"
)
"""A whole and harmless header, to which a case adds what is difficult."""


def mail(extra: bytes = b"", body: bytes = b"x") -> bytes:
    """A mail with a harmless header, some more fields and a body."""
    return HEAD + extra + b"\r\n" + body


def text_part(charset: str, body: bytes, encoding: str = "8bit") -> bytes:
    """A mail of one text part."""
    return mail(f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode(), body)


def multipart(subtype: str, *parts: bytes, boundary: str = "BB", end: bytes = b"--BB--\r\n") -> bytes:
    """A mail of several parts."""
    marked = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return mail(f'MIME-Version: 1.0\r\nContent-Type: multipart/{subtype}; boundary="{boundary}"\r\n'.encode(), marked + end)


def b64(raw: bytes) -> bytes:
    """Base64 in lines."""
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
PDF = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="
CONTENT = b64(b"%PDF-1.4 x")
JIS_NEC = b"\x1b$B-!-j|b\x1b(B"  # ①㈱髙 as Windows sends them
SPLIT = "ドリルの返品について".encode()

CASES: dict[str, tuple[bytes, dict[str, Any]]] = {
    # charsets of the body
    "iso-2022-jp with NEC row 13 and an IBM extension": (text_part("iso-2022-jp", JIS_NEC), {"text": "①㈱髙"}),
    "iso-2022-jp with half-width kana": (text_part("iso-2022-jp", b"\x1b(I6@6E\x1b(B!"), {"text": "ｶﾀｶﾅ!"}),
    "iso-2022-jp by SO and SI": (text_part("iso-2022-jp", b"\x0e6@\x0f ok"), {"text": "ｶﾀ ok"}),
    "iso-2022-jp whose line forgot to go back to ASCII": (
        text_part("iso-2022-jp", "日本".encode("iso2022_jp")[:-3] + b"\r\nplain"),
        {"text": "日本\nplain"},
    ),
    "iso-2022-jp that lost its escape characters": (
        text_part("iso-2022-jp", "日本語です".encode("iso2022_jp").replace(b"\x1b", b"")),
        {"text": "日本語です"},
    ),
    "iso-2022-jp without any label": (mail(body="注文の件".encode("iso2022_jp")), {"text": "注文の件"}),
    "iso-2022-jp with a supplementary kanji": (text_part("iso-2022-jp-1", "丂".encode("iso2022_jp_1")), {"text": "丂"}),
    "a label of iso-2022-jp over Shift_JIS bytes": (
        text_part("iso-2022-jp", "ご注文ありがとうございます".encode("cp932")),
        {"text": "ご注文ありがとうございます"},
    ),
    "shift_jis with ①㈱髙": (text_part("Shift_JIS", "①㈱髙".encode("cp932")), {"text": "①㈱髙"}),
    "x-sjis in quotes": (text_part('"x-sjis"', "納期～未定".encode("cp932")), {"text": "納期～未定"}),
    "euc-jp": (text_part("EUC-JP", "お世話になっております".encode("euc_jp")), {"text": "お世話になっております"}),
    "euc-jp with NEC row 13": (text_part("euc-jp", b"\xad\xa1 " + "円".encode("euc_jp")), {"text": "① 円"}),
    "euc-jp with half-width kana": (text_part("euc-jp", "ｱｲｳ".encode("euc_jp") + b"\xad\xa2"), {"text": "ｱｲｳ②"}),
    "a wave dash is one character in every Japanese charset": (text_part("euc-jp", b"\xa1\xc1"), {"text": "～"}),
    "gb2312 that is really gb18030": (text_part("gb2312", "朱镕基".encode("gb18030")), {"text": "朱镕基"}),
    "ks_c_5601-1987 that is really cp949": (text_part("ks_c_5601-1987", "똠방".encode("cp949")), {"text": "똠방"}),
    "big5": (text_part("big5", "訂單".encode("big5")), {"text": "訂單"}),
    "koi8-r": (text_part("koi8-r", "Привет".encode("koi8_r")), {"text": "Привет"}),
    "windows-1251": (text_part("windows-1251", "Привет".encode("cp1251")), {"text": "Привет"}),
    "iso-8859-1 with the quotes of windows-1252": (text_part("iso-8859-1", b"\x93caf\xe9\x94"), {"text": "“café”"}),
    "iso-8859-1 that is really utf-8": (text_part("iso-8859-1", "café – 東京".encode()), {"text": "café – 東京", "warns": "UTF-8"}),
    "us-ascii that is really utf-8": (text_part("us-ascii", "東京".encode()), {"text": "東京"}),
    "utf-8 cut inside a character": (text_part("utf-8", ("東京" * 60).encode()[:-1]), {"contains": "東京東京", "warns": "utf-8"}),
    "an unknown label over utf-8": (text_part("x-martian", "東京".encode()), {"text": "東京", "warns": "x-martian"}),
    "a label that is a codec but no charset": (text_part("base64", "東京".encode()), {"text": "東京"}),
    "a label with a bomb in it": (text_part("unicode_escape", b"\\ud800 \\u0041"), {"text": "\\ud800 \\u0041"}),
    "utf-7": (text_part("utf-7", b"+ZeVnLIqe-"), {"text": "日本語"}),
    "utf-16 in base64": (text_part("utf-16", b64("東京".encode("utf-16")), "base64"), {"text": "東京"}),
    "a byte order mark": (text_part("utf-8", b"\xef\xbb\xbfhello"), {"text": "hello"}),
    "Shift_JIS without a label": (mail(body="商品がまだ届いていません。".encode("cp932")), {"text": "商品がまだ届いていません。"}),
    # headers
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
    # addresses
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
    # dates and ids
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
    # structure
    "plain beside html": (multipart("alternative", PLAIN + b"plain", HTML + b"<p>html"), {"text": "plain", "attachments": []}),
    "an empty plain beside html": (multipart("alternative", PLAIN + b" \r\n", HTML + b"<p>html"), {"text": "html"}),
    "html alone": (mail(b"Content-Type: text/html\r\n", "<meta charset=shift_jis><p>東京</p>".encode("cp932")), {"text": "東京"}),
    "no closing boundary": (multipart("mixed", PLAIN + b"one", PLAIN + b"two", end=b""), {"contains": "two", "warns": "cut off"}),
    "a boundary that is the beginning of another": (
        multipart(
            "mixed",
            b'Content-Type: multipart/alternative; boundary="BBx"\r\n\r\n--BBx\r\n' + PLAIN + b"inner\r\n--BBx--",
            PDF + b"a.pdf\r\n\r\n" + CONTENT,
        ),
        {"text": "inner", "attachments": [("a.pdf", "application/pdf", 10, "2")]},
    ),
    "a missing boundary parameter": (
        mail(b"Content-Type: multipart/mixed\r\n", b"--zz\r\n" + PLAIN + b"found\r\n--zz--\r\n"),
        {"text": "found", "warns": "guessed"},
    ),
    "a multipart without parts": (mail(b"Content-Type: multipart/mixed; boundary=q\r\n", b"only text"), {"text": "only text", "warns": "no parts"}),
    "a part without a header": (multipart("mixed", b"\r\nbare"), {"text": "bare"}),
    "a multipart in base64": (
        mail(b"Content-Type: multipart/mixed; boundary=q\r\nContent-Transfer-Encoding: base64\r\n", b64(b"--q\r\n" + PLAIN + b"deep\r\n--q--")),
        {"text": "deep", "warns": "forbids"},
    ),
    "an attached mail": (
        multipart("mixed", PLAIN + b"see", b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nold"),
        {"text": "see\n\nSubject: inner\n\nold", "attachments": [("inner.eml", "message/rfc822", 21, "2")]},
    ),
    "a picture inside html": (
        multipart(
            "related",
            HTML + b"<p>hi<img src=cid:1>",
            b"Content-Type: image/png\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(b"png"),
        ),
        {"text": "hi", "attachments": [("", "image/png", 3, "2")]},
    ),
    "an attached text file": (
        multipart("mixed", PLAIN + b"see", b"Content-Type: text/plain; name=log.txt\r\n\r\nlog"),
        {"text": "see", "attachments": [("log.txt", "text/plain", 3, "2")]},
    ),
    "text around an attachment": (
        multipart("mixed", PLAIN + b"before", PDF + b'"a.pdf"\r\n\r\n' + CONTENT, PLAIN + b"after"),
        {"text": "before\n\nafter"},
    ),
    "damaged base64": (text_part("utf-8", b"aGVsbG8gd29ybGQ\r\n!!=", "base64"), {"text": "hello world", "contains": "hello"}),
    "quoted-printable with a soft end and spaces": (
        text_part("utf-8", b"=E6=9D=B1=\r\n=E4=BA=AC  \r\n=ZZ", "quoted-printable"),
        {"text": "東京\n=ZZ"},
    ),
    "an unknown transfer encoding": (text_part("utf-8", b"as it is", "x-zip"), {"text": "as it is", "warns": "transfer encoding"}),
    "uuencode": (text_part("utf-8", b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", "x-uuencode"), {"text": "Cat"}),
    "flowed text": (
        mail(b"Content-Type: text/plain; format=flowed\r\n", b"one \r\ntwo\r\n> quoted \r\n> more\r\n-- \r\nsig"),
        {"text": "one two\n> quoted more\n-- \nsig"},
    ),
    "flowed Japanese with delsp": (
        mail(b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n", "東 \r\n京".encode()),
        {"text": "東京"},
    ),
    # file names
    "a name by RFC 2231": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*=utf-8'ja'%E8%A6%8B%E7%A9%8D.pdf\r\n\r\n") + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a name by RFC 2231 in pieces": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*1*=%E7%A9%8D;\r\n filename*0*=utf-8''%E8%A6%8B; filename*2=.pdf\r\n\r\n") + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a name by RFC 2231 in iso-2022-jp": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*=iso-2022-jp''%1B%24B8%2B%40Q%1B%28B.pdf\r\n\r\n") + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a name in encoded words inside quotes": (
        multipart("mixed", PDF + b'"=?utf-8?B?6KaL?=\r\n =?utf-8?B?56mN?=.pdf"\r\n\r\n' + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a raw Shift_JIS name": (multipart("mixed", PDF + '"見積表.pdf"\r\n\r\n'.encode("cp932") + CONTENT), {"names": ["見積表.pdf"]}),
    "a raw utf-8 name with a semicolon": (multipart("mixed", PDF + '"見;積.pdf"\r\n\r\n'.encode() + CONTENT), {"names": ["見;積.pdf"]}),
    "a percent-encoded name": (multipart("mixed", PDF + b'"%E8%A6%8B%E7%A9%8D.pdf"\r\n\r\n' + CONTENT), {"names": ["見積.pdf"]}),
    "a name with a folder before it": (multipart("mixed", PDF + b'"..\\\\..\\\\etc/passwd"\r\n\r\n' + CONTENT), {"names": ["passwd"]}),
    "a name with spaces and no quotes": (multipart("mixed", PDF + b"my file.pdf\r\n\r\n" + CONTENT), {"names": ["my file.pdf"]}),
    # kinds
    "an ordinary mail": (mail(b"Auto-Submitted: no\r\n"), {"kind": "mail"}),
    "a vacation reply": (mail(b"Auto-Submitted: auto-replied (vacation)\r\n"), {"kind": "auto_reply"}),
    "an Exchange auto-reply": (mail(b"X-Auto-Response-Suppress: All\r\n"), {"kind": "auto_reply"}),
    "a Japanese auto-reply without any header for it": (mail("Subject: 【自動返信】お問い合わせ\r\n".encode()), {"kind": "auto_reply"}),
    "an answer to an auto-reply is a person's mail": (mail("Subject: Re: 【自動返信】お問い合わせ\r\n".encode()), {"kind": "mail"}),
    "precedence auto_reply": (mail(b"Precedence: auto_reply\r\n"), {"kind": "auto_reply"}),
    "a null return path": (mail(b"Return-Path: <>\r\n"), {"kind": "auto_reply"}),
    "a mailing list": (mail(b"List-Id: <x.example.org>\r\n"), {"kind": "list"}),
    "a newsletter": (mail(b"Precedence: bulk\r\n"), {"kind": "list"}),
    "a delivery report": (
        multipart("report; report-type=delivery-status", PLAIN + b"failed", b"Content-Type: message/delivery-status\r\n\r\nAction: failed"),
        {"kind": "bounce", "contains": "failed"},
    ),
    "an old bounce": (b"From: MAILER-DAEMON@example.jp\r\nSubject: Undelivered\r\n\r\nno such user", {"kind": "bounce"}),
    "a read receipt": (multipart("report; report-type=disposition-notification", PLAIN + b"read"), {"kind": "auto_reply"}),
    "an invitation": (
        multipart("alternative", PLAIN + b"come", b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"),
        {"kind": "calendar", "text": "come", "attachments": [("", "text/calendar", 15, "2")]},
    ),
    # hopeless
    "nothing": (b"", {"unparsed": True, "contains": "empty"}),
    "binary rubbish": (bytes(range(256)) * 20, {"unparsed": True, "contains": "no header"}),
    "text without a header": (b"hello there\nthis is a text\n", {"unparsed": True}),
    "fields of something else": (b"Host: example.com\r\nAccept: */*\r\n\r\n", {"unparsed": True}),
}

"""Parts in each other, damaged, missing; and mails of which nothing can be made."""

from tests.mime.mails import CONTENT, HTML, PDF, PLAIN, Case, b64, mail, multipart, text_part

CASES: dict[str, Case] = {
    "plain beside html": (multipart("alternative", PLAIN + b"plain", HTML + b"<p>html"), {"text": "plain", "attachments": []}),
    "a plain text that only points at the html": (
        multipart(
            "alternative",
            PLAIN + "HTML形式のメールです。".encode(),
            HTML.replace(b"text/html", b"text/html; charset=utf-8") + "<p>商品がまだ届きません。".encode() * 9,
        ),
        {"text": "\n\n".join(["商品がまだ届きません。"] * 9), "attachments": [], "warns": "says much less"},
    ),
    "a plain text of a dot and a space without width": (multipart("alternative", PLAIN + b".\xe2\x80\x8b", HTML + b"<p>html"), {"text": "html"}),
    "a short plain text and the same as html": (
        multipart("alternative", PLAIN + b"Thank you.\r\nMari", HTML + b"<p>Thank you.<p>Mari<p>-- <p>sent from a phone"),
        {"text": "Thank you.\nMari", "attachments": []},
    ),
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
    "nothing": (b"", {"unparsed": True, "contains": "empty"}),
    "binary rubbish": (bytes(range(256)) * 20, {"unparsed": True, "contains": "no header"}),
    "text without a header": (b"hello there\nthis is a text\n", {"unparsed": True}),
    "fields of something else": (b"Host: example.com\r\nAccept: */*\r\n\r\n", {"unparsed": True}),
}

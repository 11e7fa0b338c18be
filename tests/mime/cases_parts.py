"""Parts in each other, damaged, missing; and mails of which nothing can be made."""

from tests.mime.mails import CONTENT, HTML, PDF, PLAIN, Case, b64, mail, multipart, text_part


def named(subtype: str, name: str) -> bytes:
    """The header of a text part that has a name and says nothing of what it is."""
    return f'Content-Type: text/{subtype}; charset=utf-8; name="{name}"\r\n\r\n'.encode()


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
    "a text that calls itself a multipart, with a signature": (
        mail(b"Content-Type: multipart/mixed\r\n", b"hello text, all of it\r\n\r\n--Taro Yamada\r\ncompany"),
        {"text": "hello text, all of it\n\n--Taro Yamada\ncompany", "warns": "no parts"},
    ),
    "a text with a wrong boundary and a signature that looks like a header": (
        mail(b"Content-Type: multipart/mixed; boundary=q\r\n", b"hello\r\n\r\n-- \r\nTel: 03-1234-5678\r\n\r\nbye"),
        {"text": "hello\n\n-- \nTel: 03-1234-5678\n\nbye", "warns": "no parts"},
    ),
    "a text ruled by dashes that calls itself a multipart": (
        mail(b"Content-Type: multipart/mixed\r\n", b"hello\r\n------\r\n\r\norder\r\n------\r\n\r\nbye"),
        {"text": "hello\n------\n\norder\n------\n\nbye", "warns": "no parts"},
    ),
    "a text before a guessed boundary": (
        mail(b"Content-Type: multipart/mixed; boundary=q\r\n", b"first of all\r\n--zz\r\n" + PLAIN + b"found\r\n--zz--\r\n"),
        {"text": "first of all\n\nfound", "warns": "guessed"},
    ),
    "a preamble before a guessed boundary": (
        mail(b"Content-Type: multipart/mixed\r\n", b"This is a multi-part message in MIME format.\r\n--zz\r\n" + PLAIN + b"found\r\n--zz--\r\n"),
        {"text": "found", "warns": "guessed"},
    ),
    "a guessed boundary above parts without a header": (
        mail(b"Content-Type: multipart/mixed\r\n", b"--zz\r\n\r\none\r\n--zz\r\n\r\ntwo\r\n--zz--\r\n"),
        {"text": "one\n\ntwo", "warns": "guessed"},
    ),
    "only the closing line of a multipart": (
        mail(b"Content-Type: multipart/mixed; boundary=zz\r\n", b"the text\r\n--zz--\r\nfooter"),
        {"text": "the text\n--zz--\nfooter", "warns": "no parts"},
    ),
    "an empty boundary": (
        mail(b'Content-Type: multipart/alternative; boundary=""\r\n', b"--\r\n" + PLAIN + b"plain\r\n\r\n--\r\n" + HTML + b"<p>html\r\n----\r\n"),
        {"text": "plain", "attachments": []},
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
    "a text behind a body, which is to be shown although it has a name": (
        multipart("mixed", PLAIN + b"see", b"Content-Type: text/plain; name=log.txt\r\nContent-Disposition: inline\r\n\r\nlog"),
        {"text": "see\n\nlog", "attachments": [("log.txt", "text/plain", 3, "2")]},
    ),
    "a body that has a name": (
        mail(b'Content-Type: text/plain; charset=utf-8; name="body.txt"\r\n', b"the text"),
        {"text": "the text", "attachments": [], "quiet": True},
    ),
    "a page that has a name and is the whole mail": (
        mail(b'Content-Type: text/html; name="index.html"\r\n', b"<p>the page"),
        {"text": "the page", "attachments": [], "quiet": True},
    ),
    "a body to be shown inline that has a file name": (
        mail(b"Content-Type: text/plain\r\nContent-Disposition: inline; filename=mail.txt\r\n", b"the text"),
        {"text": "the text", "attachments": [], "quiet": True},
    ),
    "an alternative both of whose parts have names": (
        multipart("alternative", named("plain", "p.txt") + b"plain", named("html", "h.html") + b"<p>html"),
        {"text": "plain", "attachments": [], "quiet": True},
    ),
    "an alternative that holds a file of the same type": (
        multipart("alternative", PLAIN + b"plain", HTML + b"<p>html", named("plain", "log.txt") + b"log", named("html", "a.html") + b"<p>a"),
        {"text": "plain", "names": ["log.txt", "a.html"]},
    ),
    "a body that has a name before a file that has one too": (
        multipart("mixed", named("plain", "body.txt") + b"see", named("plain", "log.txt") + b"log"),
        {"text": "see", "attachments": [("log.txt", "text/plain", 3, "2")]},
    ),
    "a page with a name and its picture behind a text": (
        multipart(
            "mixed",
            PLAIN + b"see",
            b"Content-Type: multipart/related; boundary=R\r\n\r\n--R\r\n"
            + named("html", "a.html")
            + b"<p>page\r\n--R\r\nContent-Type: image/png\r\n\r\npng\r\n--R--",
        ),
        {"text": "see\n\npage", "attachments": [("", "image/png", 3, "2.2")]},
    ),
    "an empty body before a text that has a name": (
        multipart("mixed", PLAIN + b" ", named("plain", "letter.txt") + b"the letter"),
        {"text": " \n\nthe letter", "attachments": [("letter.txt", "text/plain", 10, "2")], "warns": "no text of its own"},
    ),
    "a mail that is nothing but an attached text": (
        mail(b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=memo.txt\r\n", b"the memo"),
        {"text": "the memo", "attachments": [("memo.txt", "text/plain", 8, "1")], "warns": "no text of its own"},
    ),
    "a plain text whose type is written the wrong way round": (
        mail(b"Content-Type: plain/text; charset=utf-8\r\n", "本文です".encode()),
        {"text": "本文です", "attachments": [], "quiet": True},
    ),
    "a page of a type that there is not": (
        mail(b"Content-Type: text/htm; charset=utf-8\r\n", "<p>本<i>文".encode()),
        {"text": "本文", "attachments": []},
    ),
    "a page as XHTML": (mail(b"Content-Type: application/xhtml+xml; charset=utf-8\r\n", "<html><p>本文</p></html>".encode()), {"text": "本文"}),
    "a mail that is nothing but a text of a type nobody knows": (
        mail(b"Content-Type: text/markdown; charset=utf-8\r\n", "# 本文 <b>".encode()),
        {"text": "# 本文 <b>", "warns": "no text of its own"},
    ),
    "a card alone is no text": (mail(b"Content-Type: text/vcard; charset=utf-8\r\n", b"BEGIN:VCARD"), {"text": ""}),
    "a place of a picture, as Outlook writes it": (
        mail(b"Content-Type: text/plain\r\n", b"[cid:image001.png@01DA3B5C.8F2D1E00]\r\n[cid:logo] [cid:a b] cid:c"),
        {"text": "[image001.png]\n[logo] [cid:a b] cid:c"},
    ),
    "a page before a table and an appointment that have names": (
        multipart("mixed", HTML + b"<p>see", named("csv", "a.csv") + b"1,2", named("calendar", "a.ics") + b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        {"text": "see", "names": ["a.csv", "a.ics"]},
    ),
    "the answers of a form, each named as its question is": (
        multipart("form-data", *(b'Content-Disposition: form-data; name="q%d"\r\n\r\nanswer %d' % (each, each) for each in (1, 2))),
        {"text": "answer 1\n\nanswer 2", "attachments": []},
    ),
    "text around an attachment": (
        multipart("mixed", PLAIN + b"before", PDF + b'"a.pdf"\r\n\r\n' + CONTENT, PLAIN + b"after"),
        {"text": "before\n\nafter"},
    ),
    "damaged base64": (text_part("utf-8", b"aGVsbG8gd29ybGQ\r\n!!=", "base64"), {"text": "hello world", "contains": "hello"}),
    "base64 with a footer behind it": (
        text_part("utf-8", b64("本文です。".encode()) + b"____\r\nlist footer\r\n", "base64"),
        {"text": "本文です。\n____\nlist footer", "warns": "behind a part's base64"},
    ),
    "padded base64 with a footer that begins like base64": (
        text_part("utf-8", b64("本文です。!".encode()) + b"Scanned\r\nby our gateway.\r\n", "base64"),
        {"text": "本文です。!\nScanned\nby our gateway.", "warns": "behind a part's base64"},
    ),
    "base64 of many lines with a footer in Japanese": (
        text_part("utf-8", b64("本文です。\n".encode() * 12) + "ウイルスは検出されませんでした。\r\n".encode(), "base64"),
        {"text": "本文です。\n" * 12 + "ウイルスは検出されませんでした。", "warns": "behind a part's base64"},
    ),
    "base64 of many lines with one damaged byte": (
        text_part("utf-8", b64(b"a text of many words " * 20).replace(b"\r\n", b"*\r\n", 1), "base64"),
        {"contains": "a text of many words " * 19},
    ),
    "a page in base64 with a footer behind it": (
        mail(b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n", b64(b"<p>the page of the shop") + b"-- \r\nfooter"),
        {"text": "the page of the shop -- footer", "warns": "behind a part's base64"},
    ),
    "plain text that calls itself base64": (
        text_part("utf-8", "Hello\r\n\r\nThis is plain: ありがとう!".encode(), "base64"),
        {"text": "Hello\n\nThis is plain: ありがとう!", "warns": "base64 and is not"},
    ),
    "utf-16 in base64 with a footer, which it cannot hold": (
        text_part("utf-16", b64("Order 12345".encode("utf-16")) + b"____\r\nlist footer\r\n", "base64"),
        {"contains": "Order 12345"},
    ),
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

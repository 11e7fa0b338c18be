"""Files and texts inside one part: winmail.dat and uuencode; each with its name and what must come out."""

from tests.mime.cases import PLAIN, b64, mail, multipart
from tests.mime.cases_structure import Cases
from tests.mime.makers import packed_rtf, tnef, tnef_codepage, tnef_file, tnef_message, tnef_properties

WINMAIL = b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
UNICODE, STRING, BINARY = 0x1F, 0x1E, 0x0102
LONG_NAME, MIME_TAG, TEXT, RTF, PAGE = 0x3707, 0x370E, 0x1000, 0x1009, 0x1013


def winmail(stream: bytes, *before: bytes) -> bytes:
    """A mail with winmail.dat as its last part."""
    return multipart("mixed", *before, WINMAIL + b64(stream))


CASES: Cases = {
    "winmail.dat with a file of a long name": (
        winmail(tnef(tnef_file(b"ESTIMA~1.PDF", b"%PDF", (UNICODE, LONG_NAME, "見積書.pdf".encode("utf-16-le")))), PLAIN + b"see"),
        {"text": "see", "attachments": [("見積書.pdf", "application/octet-stream", 4, "2/1")], "content": {"2/1": b"%PDF"}},
    ),
    "winmail.dat with a short name in Shift_JIS": (
        winmail(tnef(tnef_codepage(932), tnef_file("見積.pdf".encode("cp932"), b"x")), PLAIN + b"see"),
        {"names": ["見積.pdf"]},
    ),
    "winmail.dat that states the type of a file": (
        winmail(tnef(tnef_file(b"a.pdf", b"x", (STRING, MIME_TAG, b"application/pdf\x00"))), PLAIN + b"see"),
        {"attachments": [("a.pdf", "application/pdf", 1, "2/1")]},
    ),
    "winmail.dat as octet-stream, known by its name": (
        multipart("mixed", PLAIN + b"see", b"Content-Type: application/octet-stream; name=WINMAIL.DAT\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(tnef(tnef_file(b"a", b"1"), tnef_file(b"b", b"22")))),
        {"attachments": [("a", "application/octet-stream", 1, "2/1"), ("b", "application/octet-stream", 2, "2/2")]},
    ),
    "winmail.dat cut off before anything in it is a file that can be saved": (
        winmail(tnef(tnef_properties((UNICODE, TEXT, "本文".encode("utf-16-le"))))[:7], PLAIN + b"see"),
        {"text": "see", "names": ["winmail.dat"], "parts": ["2"]},
    ),
    "winmail.dat whose plain text is all the text there is": (
        winmail(tnef(tnef_properties((UNICODE, TEXT, "本文です\r\n二行目".encode("utf-16-le"))))),
        {"text": "本文です\n二行目", "attachments": []},
    ),
    "winmail.dat with plain text in its code page": (
        winmail(tnef(tnef_codepage(932), tnef_properties((STRING, TEXT, "本文\x00".encode("cp932"))))),
        {"text": "本文"},
    ),
    "winmail.dat with html": (
        winmail(tnef(tnef_properties((BINARY, PAGE, "<meta charset=utf-8><p>本文".encode())))),
        {"text": "本文"},
    ),
    "winmail.dat with html of another code page than its strings": (
        winmail(tnef(tnef_codepage(932), tnef_properties((3, 0x3FDE, (65001).to_bytes(4, "little")), (BINARY, PAGE, "<p>本文</p>".encode())))),
        {"text": "本文"},
    ),
    "winmail.dat with html in the charset of mail": (
        winmail(tnef(tnef_properties((3, 0x3FDE, (50220).to_bytes(4, "little")), (BINARY, PAGE, "<p>本文</p>".encode("iso2022_jp"))))),
        {"text": "本文"},
    ),
    "winmail.dat with packed rtf": (
        winmail(tnef(tnef_properties((BINARY, RTF, packed_rtf(b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 MS;}}\\f0 \\'96\\'7b\\'95\\'b6\\par two}", b"LZFu"))))),
        {"text": "本文\ntwo"},
    ),
    "winmail.dat with rtf that was not packed": (
        winmail(tnef(tnef_properties((BINARY, RTF, packed_rtf(b"{\\rtf1\\ansi a\\tab b\\par\\u26412?\\u25991? \\{x\\}}"))))),
        {"text": "a\tb\n本文 {x}"},
    ),
    "winmail.dat with html wrapped in rtf": (
        winmail(
            tnef(
                tnef_properties(
                    (
                        BINARY,
                        RTF,
                        packed_rtf(
                            b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf \\par gone\\htmlrtf0 shown {\\*\\htmltag84 &amp;} kept"
                            b"{\\*\\htmltag72 </p>}{\\*\\mhtmltag84 <no>}}"
                        ),
                    )
                )
            )
        ),
        {"text": "shown & kept"},
    ),
    "the text beside winmail.dat is what is read": (
        winmail(tnef(tnef_properties((UNICODE, TEXT, "inner".encode("utf-16-le")))), PLAIN + b"outer"),
        {"text": "outer"},
    ),
    "a message inside winmail.dat, with its files": (
        winmail(tnef(tnef_file(b"a", b"1"), tnef_message(tnef(tnef_file(b"b", b"22")))), PLAIN + b"see"),
        {"parts": ["2/1", "2/2", "2/3"], "names": ["a", "Inner", "b"], "content": {"2/3": b"22"}},
    ),
    "winmail.dat cut off": (
        winmail(tnef(tnef_file(b"a.txt", b"whole"), tnef_file(b"b.txt", b"cut off"))[:-9], PLAIN + b"see"),
        {"names": ["a.txt", "b.txt"], "warns": "winmail.dat"},
    ),
    "winmail.dat that is none": (
        multipart("mixed", PLAIN + b"see", b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nrubbish"),
        {"attachments": [("winmail.dat", "application/ms-tnef", 7, "2")]},
    ),
    "uuencode in the middle of a text": (
        mail(body=b"before\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nafter\r\n"),
        {"text": "before\nafter", "attachments": [("cat.txt", "application/octet-stream", 3, "1/1")], "content": {"1/1": b"Cat"}},
    ),
    "two uuencoded files, one with a Japanese name": (
        mail(b"Content-Type: text/plain; charset=shift_jis\r\n", "begin 644 猫.txt\r\n#0V%T\r\n`\r\nend\r\nbegin 600 b\r\n#0V%T\r\n`\r\nend\r\n".encode("cp932")),
        {"names": ["猫.txt", "b"], "parts": ["1/1", "1/2"], "text": ""},
    ),
    "uuencode without an end is text": (mail(body=b"begin 644 cat.txt\r\n#0V%T\r\n"), {"text": "begin 644 cat.txt\n#0V%T", "attachments": []}),
    "prose that begins with begin": (
        mail(body=b"begin 644 times\r\nand then stop at the\r\nend\r\n"),
        {"text": "begin 644 times\nand then stop at the\nend", "attachments": []},
    ),
    "uuencode whose blanks were cut off": (
        mail(body=b"begin 644 a\r\n#0V%T\r\n!00\r\n`\r\nend\r\n"),
        {"text": "", "content": {"1/1": b"CatA"}},
    ),
    "yenc is left alone": (
        mail(body=b"=ybegin line=128 size=3 name=a\r\nxyz\r\n=yend size=3\r\n"),
        {"contains": "=ybegin", "attachments": []},
    ),
    "a whole part in uuencode": (
        multipart("mixed", b"Content-Type: image/gif; name=a.gif\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.gif\r\n#0V%T\r\n`\r\nend"),
        {"attachments": [("a.gif", "image/gif", 3, "1")], "content": {"1": b"Cat"}},
    ),
}  # fmt: skip

"""File names in every way there is to write one."""

from tests.mime.mails import CONTENT, PDF, Case, multipart

CASES: dict[str, Case] = {
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
}

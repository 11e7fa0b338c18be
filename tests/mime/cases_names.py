"""File names in every way there is to write one."""

from tests.mime.mails import CONTENT, PDF, Case, multipart

CASES: dict[str, Case] = {
    "a name whose letters were lost in one of two fields": (
        multipart("mixed", PDF.replace(b"application/pdf", b'application/pdf; name="=?utf-8?B?6KaL56mNLnBkZg==?="') + b'"??.pdf"\r\n\r\n' + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a disposition that does not say what it is": (
        multipart("mixed", PDF.replace(b"attachment; ", b"") + b'"a b.pdf"\r\n\r\n' + CONTENT),
        {"names": ["a b.pdf"]},
    ),
    "a name in entities of HTML": (multipart("mixed", PDF + b'"&#35211;&#31309;.pdf"\r\n\r\n' + CONTENT), {"names": ["見積.pdf"]}),
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
    "a name by Outlook, encoded and bare": (
        multipart("mixed", PDF + b"=?iso-2022-jp?B?GyRCOCtAURsoQi5wZGY=?=\r\n\r\n" + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a name by Gmail": (
        multipart(
            "mixed",
            b'Content-Type: application/pdf; name="=?UTF-8?B?6KaL56mNLnBkZg==?="\r\nContent-Disposition: attachment; filename="=?UTF-8?B?6KaL56mNLnBkZg==?="\r\nX-Attachment-Id: f_1\r\n\r\n'
            + CONTENT,
        ),
        {"names": ["見積.pdf"]},
    ),
    "a name by Thunderbird": (
        multipart(
            "mixed",
            b"Content-Type: application/pdf; charset=UTF-8;\r\n name=\"=?UTF-8?B?6KaL56mNLnBkZg==?=\"\r\nContent-Disposition: attachment;\r\n filename*0*=UTF-8''%E8%A6%8B%E7%A9;\r\n filename*1*=%8D%2E%70%64%66\r\n\r\n"
            + CONTENT,
        ),
        {"names": ["見積.pdf"]},
    ),
    "a name by Yahoo! JAPAN": (
        multipart(
            "mixed",
            b'Content-Type: application/pdf; name="=?iso-2022-jp?B?GyRCOCtAURsoQi5wZGY=?="\r\nContent-Disposition: attachment;\r\n\tfilename="=?iso-2022-jp?B?GyRCOCtAURsoQi5wZGY=?="\r\n\r\n'
            + CONTENT,
        ),
        {"names": ["見積.pdf"]},
    ),
    "a name in an encoded word cut over continuations": (
        multipart("mixed", PDF.replace(b"filename=", b'filename*0="=?utf-8?B?6KaL"; filename*1="56mN?=.pdf"\r\n\r\n') + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "continuations, some encoded and some not": (
        multipart(
            "mixed", PDF.replace(b"filename=", b"filename*0*=utf-8''%E8%A6%8B; filename*1=\"A B\"; filename*2*=%E7%A9%8D.pdf\r\n\r\n") + CONTENT
        ),
        {"names": ["見A B積.pdf"]},
    ),
    "continuations cut inside a character": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*0*=utf-8''%E8%A6; filename*1*=%8B.pdf\r\n\r\n") + CONTENT),
        {"names": ["見.pdf"]},
    ),
    "continuations from one on": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*1=a; filename*2=.pdf\r\n\r\n") + CONTENT),
        {"names": ["a.pdf"]},
    ),
    "RFC 2231 with the charset left out": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*=''%E8%A6%8B.pdf\r\n\r\n") + CONTENT),
        {"names": ["見.pdf"]},
    ),
    "RFC 2231 without its quotes": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*=%E8%A6%8B.pdf\r\n\r\n") + CONTENT),
        {"names": ["見.pdf"]},
    ),
    "RFC 2231 in quotes": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*=\"utf-8''%E8%A6%8B.pdf\"\r\n\r\n") + CONTENT),
        {"names": ["見.pdf"]},
    ),
    "RFC 2231 in Shift_JIS": (
        multipart("mixed", PDF.replace(b"filename=", b"filename*=Shift_JIS'ja'%8C%A9%90%CF.pdf\r\n\r\n") + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "RFC 2231 beside a plain name: the better one": (
        multipart("mixed", PDF.replace(b"filename=", b"filename=\"??.pdf\"; filename*=utf-8''%E8%A6%8B%E7%A9%8D.pdf\r\n\r\n") + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "RFC 2231 whose percent signs are raw bytes": (
        multipart("mixed", PDF.replace(b"filename=", "filename*=utf-8''見積.pdf\r\n\r\n".encode()) + CONTENT),
        {"names": ["見積.pdf"]},
    ),
    "a name in raw iso-2022-jp": (multipart("mixed", PDF + b'"' + "見積".encode("iso2022_jp") + b'.pdf"\r\n\r\n' + CONTENT), {"names": ["見積.pdf"]}),
    "a name in raw EUC-JP": (multipart("mixed", PDF + b'"' + "見積書".encode("euc_jp") + b'.pdf"\r\n\r\n' + CONTENT), {"names": ["見積書.pdf"]}),
    "a name only in Content-Type": (
        multipart("mixed", b'Content-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment\r\n\r\n' + CONTENT),
        {"names": ["a.pdf"]},
    ),
    "a name with a quote and a semicolon": (multipart("mixed", PDF + b'"a\\"b;c.pdf"\r\n\r\n' + CONTENT), {"names": ['a"b;c.pdf']}),
    "a name whose quote is never closed": (multipart("mixed", PDF + b'"a b.pdf\r\n\r\n' + CONTENT), {"names": ["a b.pdf"]}),
    "a name in single quotes": (multipart("mixed", PDF + b"'a b.pdf'\r\n\r\n" + CONTENT), {"names": ["a b.pdf"]}),
    "a name with brackets and no quotes": (
        multipart("mixed", PDF + b"report (1) [final].pdf\r\n\r\n" + CONTENT),
        {"names": ["report (1) [final].pdf"]},
    ),
    "a name with blanks, then another parameter": (multipart("mixed", PDF + b"my file.pdf; size=10\r\n\r\n" + CONTENT), {"names": ["my file.pdf"]}),
    "a name folded in its middle": (multipart("mixed", PDF + b'"a long\r\n name.pdf"\r\n\r\n' + CONTENT), {"names": ["a long name.pdf"]}),
    "a Windows path": (multipart("mixed", PDF + b'"C:\\Users\\ann\\a.pdf"\r\n\r\n' + CONTENT), {"names": ["a.pdf"]}),
    "a name of dots": (multipart("mixed", PDF + b'"../.."\r\n\r\n' + CONTENT), {"names": [".."]}),
    "a percent sign that encodes nothing": (multipart("mixed", PDF + b'"100% ok.pdf"\r\n\r\n' + CONTENT), {"names": ["100% ok.pdf"]}),
    "a percent-encoded name with blanks as plus": (
        multipart("mixed", PDF + b'"%E8%A6%8B%E7%A9%8D+1.pdf"\r\n\r\n' + CONTENT),
        {"names": ["見積+1.pdf"]},
    ),
    "a name with a line end in an encoded word": (multipart("mixed", PDF + b'"=?utf-8?Q?a=0Ab.pdf?="\r\n\r\n' + CONTENT), {"names": ["a b.pdf"]}),
    "parameters without a semicolon": (
        multipart("mixed", PDF.replace(b"attachment; filename=", b"attachment filename=") + b'"a.pdf"\r\n\r\n' + CONTENT),
        {"names": ["a.pdf"]},
    ),
    "a blank around the equals sign": (
        multipart("mixed", PDF.replace(b"filename=", b"filename = ") + b'"a.pdf"\r\n\r\n' + CONTENT),
        {"names": ["a.pdf"]},
    ),
}

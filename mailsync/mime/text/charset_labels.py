"""The names of charsets: what senders write, the codec that is meant by it, and the one a person has chosen."""

import codecs
import re
from functools import lru_cache

REPAIRS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb-2312-80": "gb18030", "gb-2312": "gb18030", "cp936": "gb18030",
    "x-gb2312": "gb18030", "euc-cn": "gb18030", "chinesesimp": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "x-big5": "big5hkscs", "cp950": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs",
    "ks-c-5601-1987": "cp949", "ks-c-5601-1989": "cp949", "ks-c-5601": "cp949", "ksc5601": "cp949", "ksc-5601": "cp949", "euc-kr": "cp949",
    "ks-c5601": "cp949", "korean": "cp949", "windows-949": "cp949", "iso-2022-kr": "iso2022_kr",
    "shift-jis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms-kanji": "cp932", "windows-31j": "cp932",
    "cswindows31j": "cp932", "ms932": "cp932", "windows-932": "cp932", "x-ms-cp932": "cp932", "x-mac-japanese": "cp932", "cp943": "cp932",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252", "iso-latin-1": "cp1252", "8859-1": "cp1252",
    "iso88591": "cp1252", "l1": "cp1252", "ansi": "cp1252", "windows1252": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8",
    "iso-8859-6-i": "iso8859_6", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "x-macroman": "mac_roman", "mac": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-ce": "mac_latin2", "utf8": "utf-8", "utf-8-mac": "utf-8", "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "x-utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7", "unicode": "utf-16", "ucs-2": "utf-16", "koi": "koi8-r",
    "win-1251": "cp1251", "win1251": "cp1251", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
    "csshiftjis": "cp932", "ibm-943": "cp932", "ibm943": "cp932", "cp943c": "cp932", "ibm-943c": "cp932", "x-ibm943": "cp932", "x-ibm943c": "cp932",
    "x-unicode-2-0-utf-7": "utf-7", "unicode-2-0-utf-8": "utf-8", "x-unicode-2-0-utf-8": "utf-8",
    "koi8-ru": "koi8-u", "cp65001": "utf-8", "65001": "utf-8", "utf": "utf-8", "unicode-utf-8": "utf-8", "iso-10646-ucs-2": "utf-16",
    "iso-10646-utf-8": "utf-8", "ucs2": "utf-16", "x-unicode": "utf-16", "shift-jis-2004": "cp932", "shift-jisx0213": "cp932", "x-shift-jis": "cp932",
    "cp949": "cp949", "uhc": "cp949", "x-windows-949": "cp949", "x-windows-950": "big5hkscs", "windows-950": "big5hkscs",
}  # fmt: skip
SAYS_NOTHING = {
    "", "us-ascii", "ascii", "ansi-x3.4-1968", "iso646-us", "646", "7bit", "8bit", "binary", "unknown", "unknown-8bit", "x-unknown", "default",
    "default-charset", "none", "null", "us", "x-user-defined", "autodetect", "auto", "utf-8lias",
}  # fmt: skip
EUCJP = {
    "euc-jp", "eucjp", "x-euc-jp", "ujis", "x-euc", "euc", "eucjp-ms", "cp51932", "eucjp-win", "x-eucjp", "eucjp-open",
    "extended-unix-code-packed-format-for-japanese", "cseucpkdfmtjapanese",
}  # fmt: skip
ISO2022JP = re.compile(r"(?:cs)?(?:x-)?iso-?2022-?jp.*|cp5022[012]|jis|jis7|jis-encoding|iso-2022$")

_LABEL = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,60}")
_NUMBERED = re.compile(r"(?:x-)?(?:windows|win|cp|ms|ibm|ansi|dos)-?(\d{3,4})")
_TEXT_CODECS = re.compile(
    r"utf-(?:7|8|8-sig|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|mac-.*|koi8-.*|big5.*|gb.*|hz|johab|euc.*|iso2022.*|shift.*|ptcp154|tis-620|kz1048|hp-roman8"
)


class Chosen(str):
    """A charset that a person chose: it is believed whatever the bytes look like and whatever the message declares."""

    __slots__ = ()


def chosen_charset(label: str) -> Chosen | None:
    """The charset of a label as a person's choice; None where there is no such charset, or the label says nothing."""
    name = normalised(label)
    known = name not in SAYS_NOTHING and (name in EUCJP or ISO2022JP.fullmatch(name) or codec_of(name))
    return Chosen(name) if known else None


@lru_cache(maxsize=256)
def normalised(label: str) -> str:
    """A charset label as our tables know it: lower case, no quotes, no underscores, no `charset=` left over."""
    label = label.strip().strip("\"'<>()[]").lower().replace(" ", "-").removeprefix("charset=").strip().strip("\"'").replace("_", "-")
    found = _LABEL.match(label.lstrip("-").partition(":")[0])
    return found[0].rstrip(".:+-") if found else ""


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """The Python codec of a normalised label; None where there is none, or where it is no charset (`base64`, `idna`, `unicode_escape`)."""
    numbered = _NUMBERED.fullmatch(label)
    for name in (REPAIRS.get(label, label), f"cp{numbered[1]}" if numbered else label, label.removeprefix("x-"), label.removeprefix("cs")):
        try:
            canonical = codecs.lookup(name).name.replace("_", "-")
        except (LookupError, ValueError):
            continue
        if _TEXT_CODECS.fullmatch(canonical):
            return canonical
    return None

"""Bytes to text by a ladder: the declared charset with its usual repairs, then UTF-8, then a guess. Never raises, says what it guessed."""

import codecs
import re
from functools import lru_cache

from mailsync.mime.iso2022 import decode_eucjp, decode_iso2022jp

GUESS_BYTES = 16_384
"""How much of a text chardet is shown: more changes nothing and costs time."""

_REPAIRS = {
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
}  # fmt: skip
_SAYS_NOTHING = {
    "", "us-ascii", "ascii", "ansi-x3.4-1968", "iso646-us", "646", "7bit", "8bit", "binary", "unknown", "unknown-8bit", "x-unknown", "default",
    "default-charset", "none", "null", "us", "x-user-defined", "autodetect", "auto", "utf-8lias",
}  # fmt: skip
_EUCJP = {"euc-jp", "eucjp", "x-euc-jp", "ujis", "x-euc", "euc", "eucjp-ms", "cp51932", "eucjp-win", "x-eucjp"}
_ISO2022JP = re.compile(r"(?:cs)?(?:x-)?iso-?2022-?jp.*|cp5022[012]|jis|jis7|jis-encoding|iso-2022$")
_SJIS_PAIRS = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\xfc]|[\xa1-\xdf]")
_EUC_PAIRS = re.compile(rb"[\xa1-\xfe][\xa1-\xfe]")
_SHIFTING = {"utf-7", "utf-16", "hz", "iso2022_kr"}
_LABEL = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,60}")
_TEXT_CODECS = re.compile(
    r"utf-(?:7|8|8-sig|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|mac-.*|koi8-.*|big5.*|gb.*|hz|johab|euc.*|iso2022.*|shift.*|ptcp154|tis-620|kz1048|hp-roman8"
)
_WESTERN = {"cp1252", "cp1254", "iso8859-15", "mac-roman", "cp1250", "cp850", "cp437"}
_CAN_YIELD_SURROGATES = re.compile(r"utf-(?:7|16|32)")


@lru_cache(maxsize=256)
def normalised(label: str) -> str:
    """A charset label as our tables know it: lower case, no quotes, no underscores, no `charset=` left over."""
    label = label.strip().strip("\"'<>()[]").lower().removeprefix("charset=").strip().strip("\"'").replace("_", "-")
    found = _LABEL.match(label.lstrip("-"))
    return found[0].rstrip(".:+-") if found else ""


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    """The Python codec of a normalised label; None where there is none, or where it is no charset (`base64`, `idna`, `unicode_escape`)."""
    for name in (_REPAIRS.get(label, label), label.replace("windows-", "cp"), label.removeprefix("x-"), label.removeprefix("cs")):
        try:
            canonical = codecs.lookup(name).name.replace("_", "-")
        except (LookupError, ValueError):
            continue
        if _TEXT_CODECS.fullmatch(canonical):
            return canonical
    return None


def decode_text(raw: bytes, declared: str = "") -> tuple[str, str | None]:
    """The text of `raw`, and a sentence when the declared charset was not believed."""
    text, warning = _decode(raw, declared)
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.removeprefix("\ufeff"), warning


def _decode(raw: bytes, declared: str) -> tuple[str, str | None]:
    label = normalised(declared)
    stateless = _REPAIRS.get(label, label) not in _SHIFTING
    if stateless and raw.isascii() and b"\x1b" not in raw and (label in _SAYS_NOTHING or label in _REPAIRS or label == "utf-8"):
        return raw.decode("ascii"), None
    if _ISO2022JP.fullmatch(label) or (label in _SAYS_NOTHING and b"\x1b$" in raw):
        if raw.isascii() or b"\x1b" in raw:
            return decode_iso2022jp(raw), None
    elif label in _EUCJP:
        if (text := decode_eucjp(raw)) is not None:
            return text, None
    elif label not in _SAYS_NOTHING and (codec := _codec(label)) is not None:
        return _declared(raw, label, codec)
    return _guess(raw, label)


def _declared(raw: bytes, label: str, codec: str) -> tuple[str, str | None]:
    if codec in _WESTERN and not raw.isascii() and (text := _strict(raw, "utf-8")) is not None:
        # Bytes that are whole UTF-8 are never meant as `Ã©`: the label is a default nobody changed.
        return text, f"The text is UTF-8, though it is declared as {label}."
    text = _strict(raw, codec)
    if text is not None:
        if _CAN_YIELD_SURROGATES.match(codec):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text, None
    if codec == "cp1252":
        # Five bytes are undefined there; latin-1 has them as control characters, which the gate shows.
        return raw.decode("latin-1"), None
    lenient = raw.decode(codec, "replace")
    if lenient.count("\ufffd") * 50 <= len(lenient):
        return lenient, f"Some characters could not be read as {label}."
    return _guess(raw, label)


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _guess(raw: bytes, label: str) -> tuple[str, str | None]:
    """Without a label that helps: ISO-2022-JP by its escapes, UTF-8 by its form, else what chardet makes of it."""
    said = f"declared as {label}" if label else "declared without a charset"
    if b"\x1b$" in raw:
        return decode_iso2022jp(raw), f"The text was {said}; it was read as iso-2022-jp."
    if (text := _strict(raw, "utf-8")) is not None:
        return text, None if raw.isascii() or not label else f"The text was {said}; it was read as utf-8."
    guess = _chardet(raw)
    if guess in _EUCJP and (text := decode_eucjp(raw)) is not None:
        return text, f"The text was {said}; it was read as euc-jp."
    codec = _codec(guess) if guess else None
    if codec is not None and (text := _strict(raw, codec)) is not None:
        return text, f"The text was {said}; it was read as {guess}."
    lenient = raw.decode("utf-8", "replace")
    if lenient.count("\ufffd") * 20 > len(lenient):
        lenient = raw.decode("cp1252", "replace")
    return lenient, f"The text was {said}; some characters could not be read."


def _chardet(raw: bytes) -> str:
    sample = raw[:GUESS_BYTES]
    if (japanese := _japanese(sample)) is not None:
        return japanese
    # Imported when the first unlabelled 8-bit text comes: its models cost start-up time that most sessions never need.
    import chardet

    found = chardet.detect(sample)["encoding"]
    return normalised(found) if isinstance(found, str) else ""


def _japanese(sample: bytes) -> str | None:
    """Short Japanese texts are our daily bread, and too short for statistics: the lead bytes of kana and common kanji are proof enough."""
    pairs = _SJIS_PAIRS.findall(sample)
    common = sum(pair[0] <= 0x98 for pair in pairs)
    if pairs and common * 3 >= len(pairs) * 2 and _strict(sample[: len(sample) - (len(sample) == GUESS_BYTES)], "cp932") is not None:
        return "shift-jis"
    pairs = _EUC_PAIRS.findall(sample)
    kana = sum(pair[0] in (0xA4, 0xA5) for pair in pairs)
    return "euc-jp" if pairs and kana * 4 >= len(pairs) and decode_eucjp(sample) is not None else None

"""Bytes to text by a ladder: the declared charset with its usual repairs, then UTF-8, then a guess. Never raises, says what it guessed."""

import re

from mailsync.mime.charset_labels import EUCJP, ISO2022JP, REPAIRS, SAYS_NOTHING, Chosen, codec_of, normalised
from mailsync.mime.iso2022 import decode_eucjp, decode_iso2022jp

GUESS_BYTES = 16_384
"""How much of a text chardet is shown: more changes nothing and costs time."""

CHARSETS_TO_OFFER = (
    ("iso-2022-jp", "Japanese (JIS, ISO-2022-JP)"),
    ("shift_jis", "Japanese (Shift_JIS)"),
    ("euc-jp", "Japanese (EUC-JP)"),
    ("utf-8", "Unicode (UTF-8)"),
    ("utf-16", "Unicode (UTF-16)"),
    ("utf-7", "Unicode (UTF-7)"),
    ("gb18030", "Chinese, simplified (GB18030)"),
    ("big5", "Chinese, traditional (Big5)"),
    ("euc-kr", "Korean (EUC-KR)"),
    ("windows-1252", "Western European (Windows-1252)"),
    ("windows-1250", "Central European (Windows-1250)"),
    ("windows-1251", "Cyrillic (Windows-1251)"),
    ("koi8-r", "Cyrillic (KOI8-R)"),
    ("windows-1253", "Greek (Windows-1253)"),
    ("windows-1254", "Turkish (Windows-1254)"),
    ("windows-1255", "Hebrew (Windows-1255)"),
    ("windows-1256", "Arabic (Windows-1256)"),
    ("windows-1257", "Baltic (Windows-1257)"),
    ("windows-1258", "Vietnamese (Windows-1258)"),
    ("windows-874", "Thai (Windows-874)"),
)
"""What a person is offered when a message came out wrong: a label for `parse_message(raw, charset=label)`, and English words for it."""


_SJIS_PAIRS = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\xfc]|[\xa1-\xdf]")
_EUC_PAIRS = re.compile(rb"[\xa1-\xfe][\xa1-\xfe]")
_SHIFTING = {"utf-7", "utf-16", "hz", "iso2022_kr"}
_WESTERN = {"cp1252", "cp1254", "iso8859-15", "mac-roman", "cp1250", "cp850", "cp437"}
_CAN_YIELD_SURROGATES = re.compile(r"utf-(?:7|16|32)")


def decode_text(raw: bytes, declared: str = "") -> tuple[str, str | None]:
    """The text of `raw`, and a sentence when the declared charset was not believed. A `Chosen` one always is."""
    text, warning = _as_chosen(raw, declared) if isinstance(declared, Chosen) else _decode(raw, declared)
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.removeprefix("\ufeff"), warning


def _decode(raw: bytes, declared: str) -> tuple[str, str | None]:
    label = normalised(declared)
    stateless = REPAIRS.get(label, label) not in _SHIFTING
    if stateless and raw.isascii() and b"\x1b" not in raw and (label in SAYS_NOTHING or label in REPAIRS or label == "utf-8"):
        return raw.decode("ascii"), None
    if ISO2022JP.fullmatch(label) or (label in SAYS_NOTHING and b"\x1b$" in raw):
        if raw.isascii() or b"\x1b" in raw:
            return decode_iso2022jp(raw), None
    elif label in EUCJP:
        if (text := decode_eucjp(raw)) is not None:
            return text, None
    elif label not in SAYS_NOTHING and (codec := codec_of(label)) is not None:
        return _declared(raw, label, codec)
    return _guess(raw, label)


def _as_chosen(raw: bytes, label: Chosen) -> tuple[str, str | None]:
    """Read it so and no other way; what does not fit becomes U+FFFD."""
    if ISO2022JP.fullmatch(label):
        text = decode_iso2022jp(raw)
    elif label in EUCJP:
        text = decode_eucjp(raw) or raw.decode("euc_jp", "replace")
    else:
        text = _paired(raw.decode(codec_of(label) or "utf-8", "replace"))
    return text, f"Some characters could not be read as {label}." if "\ufffd" in text else None


def _paired(text: str) -> str:
    """The text with its surrogates joined; a lone one, which nothing can store, becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _declared(raw: bytes, label: str, codec: str) -> tuple[str, str | None]:
    if codec in _WESTERN and not raw.isascii() and (text := _strict(raw, "utf-8")) is not None:
        # Bytes that are whole UTF-8 are never meant as `Ã©`: the label is a default nobody changed.
        return text, f"The text is UTF-8, though it is declared as {label}."
    text = _strict(raw, codec)
    if text is not None:
        return _paired(text) if _CAN_YIELD_SURROGATES.match(codec) else text, None
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
    if guess in EUCJP and (text := decode_eucjp(raw)) is not None:
        return text, f"The text was {said}; it was read as euc-jp."
    codec = codec_of(guess) if guess else None
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

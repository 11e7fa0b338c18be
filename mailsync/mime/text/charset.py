"""Bytes to text by a ladder: the declared charset with its usual repairs, then UTF-8, then a guess. Never raises, says what it guessed."""

import codecs
import re

from mailsync.mime.text.charset_labels import EUCJP, ISO2022JP, REPAIRS, SAYS_NOTHING, Chosen, codec_of, normalised
from mailsync.mime.text.damaged import LOST, charset_in_spite, fits_in_spite, leniently
from mailsync.mime.text.gaiji import shown
from mailsync.mime.text.guessing import GUESS_BYTES, by_escapes, guess_charset, surely_east_asian, utf16
from mailsync.mime.text.iso2022 import decode_eucjp, decode_iso2022jp
from mailsync.mime.text.mixed import MIXED, apart, by_lines, evidence
from mailsync.mime.text.shift_jis import decode_shift_jis

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


_SHIFTING = {"utf-7", "utf-16", "hz", "iso2022_kr"}
_WESTERN = {"cp1252", "cp1254", "iso8859-15", "mac-roman", "cp1250", "cp850", "cp437"}
_TWO_BYTES = {"cp932", "gb18030", "big5hkscs", "cp949"}
_KIN = {"big5hkscs": ("cp950",), "cp949": ("johab",), "cp874": ("tis-620",)}
"""What else a label may have meant, where the first does not fit."""
THREE_BYTES = re.compile(rb"[\xe2-\xef][\x80-\xbf][\x80-\xbf]")
_JIS_SHIFT = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOQP]|\(I)[\x21-\x7e]")
_HALF_WIDTH = bytes(range(0xA1, 0xE0))
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
    if stateless and raw.isascii() and b"\x1b" not in raw and (label in REPAIRS or label == "utf-8" or (label in SAYS_NOTHING and b"~{" not in raw)):
        return raw.decode("ascii"), None
    if ISO2022JP.fullmatch(label) or (label in SAYS_NOTHING and by_escapes(raw) == "iso-2022-jp"):
        if raw.isascii() or b"\x1b" in raw:
            return _jis(raw, label if label not in SAYS_NOTHING else "iso-2022-jp")
    elif b"\x1b" in raw and raw.isascii() and "2022" not in label and by_escapes(raw) == "iso-2022-jp":
        return decode_iso2022jp(raw), _read_as(label, "iso-2022-jp")
    elif label in EUCJP:
        return _eucjp(raw, label)
    elif label not in SAYS_NOTHING and (codec := codec_of(label)) is not None:
        return _declared(raw, label, codec)
    return _guess(raw, label)


def _eucjp(raw: bytes, label: str) -> tuple[str, str | None]:
    if (text := decode_eucjp(raw)) is not None:
        return text, None
    lenient = leniently(raw, "euc-jp")
    if _strict(raw, "utf-8") is None and fits_in_spite(lenient, "euc-jp"):
        return _mixture(raw, "utf-8") or (lenient, _lost(label))
    return _guess(raw, label)


def _as_chosen(raw: bytes, label: Chosen) -> tuple[str, str | None]:
    """Read it so and no other way; what does not fit becomes U+FFFD."""
    codec = codec_of(label) or "utf-8"
    if ISO2022JP.fullmatch(label):
        text = decode_iso2022jp(raw)
    elif label in EUCJP:
        text = decode_eucjp(raw) or raw.decode("euc_jp", "replace")
    elif codec == "cp932":
        text = decode_shift_jis(raw)[0]
    else:
        text = _paired(raw.decode(_byte_order(raw) if codec == "utf-16" else codec, "replace"))
    return text, _lost(label) if LOST in text else None


def _paired(text: str) -> str:
    """The text with its surrogates joined; a lone one, which nothing can store, becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _byte_order(raw: bytes) -> str:
    """UTF-16 without a mark is big-endian (RFC 2781 4.3); what looks like the other was sent by Windows."""
    return utf16(raw) or "utf-16-be"


def _declared(raw: bytes, label: str, codec: str) -> tuple[str, str | None]:
    if b"\x1b" in raw and not codec.startswith(("utf-16", "utf-32", "iso2022")) and _JIS_SHIFT.search(raw):
        # Lines that a program put in; a text that shifts as a whole was recognised before.
        return apart(raw, _is_jis, decode_iso2022jp, lambda rest: _unshifted(rest, label, codec)[0]), MIXED
    return _unshifted(raw, label, codec)


def _unshifted(raw: bytes, label: str, codec: str) -> tuple[str, str | None]:
    if (instead := _belied(raw, label, codec)) is not None:
        return instead
    if (text := _fitting(raw, codec)) is not None:
        return _paired(text) if _CAN_YIELD_SURROGATES.match(codec) else text, None
    if not codec.startswith(("utf-16", "utf-32")) and (mixture := _mixture(raw, codec)) is not None:
        return mixture
    if codec == "cp932":
        lenient, lost = decode_shift_jis(raw)
        if lost == 0:
            return lenient, None
    elif codec == "utf-8" and (begun := _cut_off(raw)) is not None:
        lenient, lost = begun, 0
    else:
        lenient = _paired(raw.decode(codec, "replace"))
        lost = lenient.count("\ufffd") if not lenient.replace("\ufffd", "").isascii() else len(lenient)
    believed = lost * 50 <= len(lenient) or codec.startswith(("utf-16", "utf-32")) or fits_in_spite(lenient, codec)
    return (lenient, _lost(label)) if believed else _guess(raw, label)


def _is_jis(line: bytes) -> bool:
    return line.isascii() and _JIS_SHIFT.search(line) is not None


def _cut_off(raw: bytes) -> str | None:
    """UTF-8 that ends inside a character and is whole before; None: it is not that."""
    try:
        text, used = codecs.utf_8_decode(raw, "strict", False)
    except UnicodeDecodeError:
        return None
    return text + "\ufffd" if used < len(raw) and not text.isascii() else None


def _fitting(raw: bytes, codec: str) -> str | None:
    """The text where every byte of it fits the codec, or one that its label is also used for."""
    if codec == "cp932":
        text = shown(fitting) if (fitting := _strict(raw, codec)) is not None else None
        return text if text is None or "\ufffd" not in text else None
    if codec == "iso2022-kr" and b"\x1b" not in raw:
        raw = b"\x1b$)C" + raw  # the announcement that some senders leave out
    for name in (_byte_order(raw) if codec == "utf-16" else codec, *_KIN.get(codec, ())):
        if (fitting := _strict(raw, name)) is not None:
            return fitting
    # Five bytes are undefined in cp1252; latin-1 has them as control characters, which the gate shows.
    return raw.decode("latin-1") if codec == "cp1252" else None


def _belied(raw: bytes, label: str, codec: str) -> tuple[str, str | None] | None:
    """The text by what its bytes prove against its label; None where they prove nothing."""
    wide = codec.startswith(("utf-16", "utf-32"))
    if raw.isascii():
        # A page that calls itself `unicode` and is plain ASCII.
        return (raw.decode("ascii"), None) if wide and b"\x00" not in raw else None
    if codec == "utf-8" or wide:
        return None
    # Bytes that are whole UTF-8 are never meant as `Ã©` or `縺ゅ`: the label is a default nobody changed.
    if (codec in _WESTERN or THREE_BYTES.search(raw)) and (text := _strict(raw, "utf-8")) is not None:
        return text, f"The text is UTF-8, though it is declared as {label}."
    if (codec in _WESTERN or codec in _TWO_BYTES) and evidence(raw) and (mixture := _mixture(raw, codec)) is not None:
        return mixture
    start = raw[:GUESS_BYTES]
    kana = codec == "cp932" and len(start.translate(None, _HALF_WIDTH)) * 2 < len(start)
    found = surely_east_asian(raw) if codec in _WESTERN or kana else ""
    return _guess(raw, label) if found and (not kana or found == "euc-jp") else None


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _lost(label: str) -> str:
    return f"Some characters could not be read as {label}."


def _guess(raw: bytes, label: str) -> tuple[str, str | None]:
    """Without a label that helps: UTF-8 by its form, else the likeliest."""
    shifted = by_escapes(raw)
    if not shifted and (text := _strict(raw, "utf-8")) is not None and b"\x00" not in raw:
        return text, None if raw.isascii() or not label else _read_as(label, "utf-8")
    if not shifted and (mixture := _mixture(raw, "utf-8")) is not None:
        return mixture
    if not shifted and (guess := charset_in_spite(raw)) and LOST in (text := leniently(raw, guess)):
        return text, _lost(guess)
    guess = shifted or guess_charset(raw)
    codec = codec_of(normalised(guess)) if guess else None
    if (text := _as_guessed(raw, guess, codec)) is not None:
        return text, _read_as(label, guess)
    lenient = raw.decode("utf-8", "replace")
    if lenient.count("\ufffd") * 20 > len(lenient):
        lenient = raw.decode(codec or "cp1252", "replace")
    return lenient, "The charset of the text is not known; some characters could not be read."


def _as_guessed(raw: bytes, guess: str, codec: str | None) -> str | None:
    if guess == "iso-2022-jp":
        return decode_iso2022jp(raw)
    if guess == "shift_jis":
        return decode_shift_jis(raw)[0]
    text = decode_eucjp(raw) if guess == "euc-jp" else _strict(raw, codec) if codec else None
    return _paired(text) if text is not None and _CAN_YIELD_SURROGATES.match(codec or "") else text


def _mixture(raw: bytes, codec: str) -> tuple[str, str | None] | None:
    """A text that is UTF-8 in some lines, and in the others what was declared, or else what those look like; None where it is none."""

    def others(rest: bytes) -> str | None:
        declared = _fitting(rest, codec) if codec != "utf-8" else None
        return declared if declared is not None else _guess(rest, "")[0]

    text = by_lines(raw, others)
    return (text, MIXED) if text is not None else None


def _jis(raw: bytes, label: str) -> tuple[str, str | None]:
    """ISO-2022-JP, seven bits; lines of eight bits without an escape were put in by something that took no care."""
    if raw.isascii():
        text, warning = decode_iso2022jp(raw), None
    else:
        text, warning = apart(raw, lambda line: not line.isascii() and b"\x1b" not in line, _foreign, decode_iso2022jp), MIXED
    return text, _lost(label) if LOST in text else warning


def _foreign(block: bytes) -> str:
    """Lines of eight bits in a Japanese text."""
    if (text := _strict(block, "utf-8")) is not None:
        return text
    if (text := by_lines(block, lambda rest: decode_shift_jis(rest)[0])) is not None:
        return text
    text = decode_eucjp(block) if guess_charset(block) == "euc-jp" else None
    if text is None:
        text, lost = decode_shift_jis(block)
        text = _guess(block, "")[0] if lost else text
    return text


def _read_as(label: str, guess: str) -> str:
    return f"The text is declared as {label}; it was read as {guess}." if label else f"The text has no charset; it was read as {guess}."

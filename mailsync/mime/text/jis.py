"""Japanese text in ISO-2022-JP (RFC 1468): ASCII and JIS X 0208 only, seven bits, each line beginning and ending in ASCII. Pure.

Half-width kana become full-width ones, and the look-alikes that Windows types where JIS has another code point become that one: on paper
nothing changes. What JIS X 0208 does not have (`①`, `髙`, emoji) cannot be written, and is told by line and column.
"""

import re
import unicodedata

import msgspec

_TO_KANJI, _TO_ASCII = b"\x1b$B", b"\x1b(B"

_LOOK_ALIKES = str.maketrans({
    "\uff5e": "\u301c",  # FULLWIDTH TILDE: WAVE DASH
    "\uff0d": "\u2212",  # FULLWIDTH HYPHEN-MINUS: MINUS SIGN
    "\u2225": "\u2016",  # PARALLEL TO: DOUBLE VERTICAL LINE
    "\u2014": "\u2015",  # EM DASH: HORIZONTAL BAR
    "\uffe0": "\u00a2", "\uffe1": "\u00a3", "\uffe2": "\u00ac",
    "\u00a5": "\uffe5",  # the yen sign of JIS X 0201, which RFC 1468 would need a third escape for
    "\u203e": "\uffe3",
    "\u00a0": " ",
})  # fmt: skip
"""What different tables call the same place of JIS X 0208."""

_HALF_KANA = re.compile("[\uff61-\uff9f]+")


class NotHeld(msgspec.Struct, frozen=True):
    """A character that ISO-2022-JP cannot hold, and where it stands, from 1."""

    character: str
    line: int
    column: int


def holdable(text: str) -> str:
    """The text with half-width kana made wide and look-alikes replaced: the same to read, and more of it can be held."""
    if text.isascii():
        return text
    wide = _HALF_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_LOOK_ALIKES))
    # A mark that stands alone has no wide form of its own in JIS X 0208 but these.
    return wide.replace("\u3099", "\u309b").replace("\u309a", "\u309c")


def not_held(text: str) -> tuple[NotHeld, ...]:
    """Every character that cannot be held, in order; `line` and `column` in the text as it was given."""
    return tuple(
        NotHeld(character, line, column)
        for line, row in enumerate(text.split("\n"), 1)
        for column, character in enumerate(row, 1)
        if not character.isascii() and not can_hold(character)
    )


def can_hold(text: str) -> bool:
    """Whether all of it can be written."""
    return text.isascii() or all(character.isascii() or _code(character) is not None for character in holdable(text))


def _code(character: str) -> bytes | None:
    """Its two bytes in JIS X 0208; None: it has none there."""
    try:
        # EUC-JP has JIS X 0208 in two bytes with the high bit set; half-width kana begin with 8E, JIS X 0212 takes three.
        raw = character.encode("euc_jp")
    except UnicodeEncodeError:
        return None
    return bytes(byte & 0x7F for byte in raw) if len(raw) == 2 and raw[0] >= 0xA1 else None


def encode_jis(text: str) -> bytes:
    """The text, lines ended by LF, in bytes.

    Raises:
        ValueError: It holds what cannot be written (`not_held`).
    """
    return b"\n".join(map(_line, holdable(text).split("\n")))


def _line(text: str) -> bytes:
    out = bytearray()
    in_kanji = False
    for character in text:
        code = None if character.isascii() else _code(character)
        if code is None and not character.isascii():
            raise ValueError(f"{character!r} is not in JIS X 0208")
        if (code is not None) is not in_kanji:
            in_kanji = code is not None
            out += _TO_KANJI if in_kanji else _TO_ASCII
        out += code if code is not None else character.encode("ascii")
    return bytes(out + _TO_ASCII if in_kanji else out)

"""Words of one character set apart by the bytes of their text, instead of an object a character: most of a Japanese mail comes this way."""

import re
from functools import cache

LONG_RUN = 50
"""Characters from which it pays to spread a run by its bytes."""
_BETWEEN = "、。「」『』※・"
"""What of the usual stands between words and is not ASCII."""
_SPACE, _NOTHING = 0x20, 0x00
_BESIDE = bytes(_SPACE if high == 0x30 or 0x4E <= high <= 0x9F or 0xAC <= high <= 0xD7 else _NOTHING for high in range(256))
"""By the high byte of a usual character: what stands on both sides of it."""


@cache
def _unusual() -> re.Pattern[str]:
    """Compiled when it is first needed, as in `normalise`."""
    return re.compile("[^\x01-\x7fぁ-ゖァ-ヺー一-\u9fff가-\ud7a3、。「」『』々※・]")


def spread(folded_text: str) -> str | None:
    """Folded text with each kana, ideograph and Hangul syllable apart; None where it holds anything unusual."""
    if _unusual().search(folded_text):
        return None
    for mark in _BETWEEN:
        folded_text = folded_text.replace(mark, " ")
    units = folded_text.encode("utf-16-le")
    high = units[1::2]
    # Before each character what stands beside it or beside the one before: of two neighbours one space is enough.
    beside = int.from_bytes(high.translate(_BESIDE), "little")
    spaced = bytearray(2 * len(units))
    spaced[0::4] = (beside | beside << 8).to_bytes(len(high) + 1, "little")[:-1]
    spaced[2::4], spaced[3::4] = units[0::2], high
    return spaced.decode("utf-16-le").replace("\0", "")


def apart(found: re.Match[str]) -> str:
    """A run with a space before and behind each of its characters."""
    run = found[0]
    if len(run) >= LONG_RUN and len(units := run.encode("utf-16-le")) == 2 * len(run):
        spaced = bytearray(b" \0") * (len(units) + 1)
        spaced[2::4], spaced[3::4] = units[::2], units[1::2]
        return spaced.decode("utf-16-le")
    return f" {' '.join(run)} "

"""A text with a few broken bytes: cut off inside a character, or one of them lost. All the others still say which charset it is in. Pure."""

import re
from collections import Counter

from mailsync.mime.text.guessing import SCORED_BYTES, SCORES, says_accents, worth
from mailsync.mime.text.iso2022 import decode_eucjp
from mailsync.mime.text.shift_jis import decode_shift_jis

LOOKED_AT_BYTES = 256
"""From the first that is no ASCII, which is where a character begins in all of them; each is read and weighed five times."""
LOST = "\ufffd"
DECLARED_WORTH = 0.9
"""A mean worth of what could be read from which a declared charset is believed: most of it are characters that people write."""
FOUND_WORTH = 1.5
"""The same where none is declared."""
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_LABELS = {"cp932": "shift_jis", "big5hkscs": "big5"}
"""Codecs that have another name where texts are scored."""


def fits_in_spite(text: str, codec: str) -> bool:
    """Whether a text of a declared charset, U+FFFD in it for what could not be read, is that: twice as much could be, and is a text."""
    if codec == "utf-8":
        return _is_utf8(text)
    label, lost = _LABELS.get(codec, codec), text.count(LOST)
    beyond = sum(not each.isascii() for each in text) - lost
    return label in SCORES and beyond >= 2 * lost and _is_wide(text) and worth(text[:SCORED_BYTES].replace(LOST, ""), label) >= DECLARED_WORTH


def charset_in_spite(raw: bytes) -> str:
    """The charset of bytes without a label of which a few are broken; "" where none fits."""
    beyond = _BEYOND_ASCII.search(raw)
    begins = max(0, beyond.start() - 1) if beyond else 0
    sample = raw[begins : begins + LOOKED_AT_BYTES]
    if _is_utf8(sample.decode("utf-8", "replace"), times=2):
        return "utf-8"
    if says_accents(sample):
        return ""
    texts = {each: leniently(sample, each) for each in SCORES}
    label, best = max(((each, worth(text, each)) for each, text in texts.items()), key=lambda found: found[1])
    return label if best >= FOUND_WORTH and _is_wide(texts[label]) else ""


def _is_utf8(text: str, *, times: int = 1) -> bool:
    """Whether what could be read outweighs what could not: letters of three bytes are no chance, of two there are some in any bytes."""
    high = [each for each in text if not each.isascii() and each != LOST]
    of_two = Counter(ord(each) >> 7 for each in high if each <= "\u07ff")
    wide = len(high) - of_two.total()
    return wide + max(of_two.values(), default=0) // 2 >= times * text.count(LOST)


def _is_wide(text: str) -> bool:
    """Whether it is not mostly half-width kana, which any bytes may look like."""
    return sum("\uff61" <= each <= "\uff9f" for each in text) * 2 < sum(not each.isascii() for each in text)


def leniently(raw: bytes, label: str) -> str:
    """Read it so, with U+FFFD for what does not fit."""
    if label == "shift_jis":
        return decode_shift_jis(raw)[0]
    if label == "euc-jp":
        return decode_eucjp(raw, lenient=True) or ""
    return raw.decode({"big5": "big5hkscs"}.get(label, label), "replace")

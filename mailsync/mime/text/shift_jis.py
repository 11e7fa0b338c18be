"""Shift_JIS as it is really sent: cp932, with the pictures of old mobile phones, and what JIS X 0213 added."""

import codecs

from mailsync.mime.text.gaiji import UNKNOWN, shown

MENDED_BYTES = 2_000_000
"""In longer texts damage is only marked: mending may be asked for at every second byte."""


def decode_shift_jis(raw: bytes) -> tuple[str, int]:
    """The text, and how many characters could not be read."""
    text = shown(raw.decode("cp932", "mado.shift_jis" if len(raw) <= MENDED_BYTES else "replace"))
    return text, text.count("\ufffd")


def _outside(error: UnicodeError) -> tuple[str, int]:
    """A character cp932 does not know: one of JIS X 0213, a phone's picture, or none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and pair[0] >= 0x81 and 0x40 <= pair[1] <= 0xFC and pair[1] != 0x7F:
        try:
            return pair.decode("shift_jisx0213"), error.start + 2
        except UnicodeDecodeError:
            if pair[0] >= 0xEB:
                return UNKNOWN, error.start + 2
    return "\ufffd", error.start + 1


codecs.register_error("mado.shift_jis", _outside)

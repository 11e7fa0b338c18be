"""Shift_JIS as it is really sent: cp932, with the pictures of old mobile phones, and what JIS X 0213 added."""

from mailsync.mime.gaiji import UNKNOWN, shown

MENDED_PLACES = 2_000


def decode_shift_jis(raw: bytes) -> tuple[str, int]:
    """The text, and how many characters could not be read."""
    try:
        text = shown(raw.decode("cp932"))
        return text, text.count("\ufffd")
    except UnicodeDecodeError as error:
        first = error.start
    pieces = [raw[:first].decode("cp932")]
    at, lost = first, 0
    for _ in range(MENDED_PLACES):
        character, size = _outside(raw[at : at + 2])
        lost += character == "\ufffd"
        pieces.append(character)
        at += size
        try:
            pieces.append(raw[at:].decode("cp932"))
        except UnicodeDecodeError as error:
            pieces.append(raw[at : at + error.start].decode("cp932"))
            at += error.start
        else:
            return shown("".join(pieces)), lost
    rest = raw[at:].decode("cp932", "replace")
    return shown("".join(pieces) + rest), lost + rest.count("\ufffd")


def _outside(pair: bytes) -> tuple[str, int]:
    """A character cp932 does not know, and its bytes: one of JIS X 0213, a phone's picture, or none."""
    if len(pair) == 2:
        try:
            return pair.decode("shift_jisx0213"), 2
        except UnicodeDecodeError:
            pass
        if (0xEB <= pair[0] <= 0xEF or 0xF0 <= pair[0] <= 0xFC) and 0x40 <= pair[1] <= 0xFC and pair[1] != 0x7F:
            return UNKNOWN, 2
    return "\ufffd", 1

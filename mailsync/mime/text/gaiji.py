"""Characters that only one carrier or one company had, as Shift_JIS and JIS carry them: the pictures of phones as emoji, all others as 〓."""

import re
from functools import cache

from mailsync.mime.text.carrier_pictures import AU, AU_LATER, DOCOMO, SOFTBANK, SOFTBANK_LATER

UNKNOWN = "〓"
"""What Japanese print has always set for a character it has no type for."""

_PRIVATE = re.compile("[\ue000-\ue757\uf8f0-\uf8f3]")
"""Where cp932 keeps the user-defined rows F040 to F9FC, and four bytes that are no characters."""
_AU_ALONE = re.compile("[\ue234-\ue2eb\ue2f0-\ue33a\ue468-\ue523]")
"""F340 to F48D and F640 to F6FC: no other carrier had pictures there."""
_SOFTBANK_IF_NOT_AU = re.compile("[\ue525-\ue5d0]")
"""F741 to F7F3."""
_AU_FIRST_JIS_ROW = 0x75
_AU_JIS_ROWS = range(_AU_FIRST_JIS_ROW, _AU_FIRST_JIS_ROW + 4)
_IN_A_ROW = 94


@cache
def _pictures(carrier: str) -> dict[int, str]:
    """Private characters and their pictures: this carrier's, and those of the others at codes it did not use."""
    rows = {"docomo": (DOCOMO,), "au": (AU, AU_LATER), "softbank": (SOFTBANK, SOFTBANK_LATER)}
    told: dict[int, str] = {}
    for each in (carrier, *rows):
        for start, row in rows[each]:
            for number, emoji in enumerate(row.split(" ")):
                if emoji != UNKNOWN:
                    told.setdefault(start + number, emoji)
    return told


def shown(text: str) -> str:
    """Text out of Shift_JIS with what was private in it made readable.

    The carriers used some codes for different pictures. Whose they are the other pictures of the same text tell; where none does, docomo's.
    """
    if not _PRIVATE.search(text):
        return text
    carrier = "au" if _AU_ALONE.search(text) else "softbank" if _SOFTBANK_IF_NOT_AU.search(text) else "docomo"
    table = _pictures(carrier)
    return _PRIVATE.sub(lambda found: table.get(ord(found[0]), UNKNOWN if found[0] < "\uf8f0" else "\ufffd"), text)


def private_pair(high: int, low: int) -> str:
    """A JIS pair (7 bits) of the rows that everybody used as they liked: au's phones put their pictures into the first four of them."""
    return _pictures("au").get(AU[0] + (high - _AU_FIRST_JIS_ROW) * _IN_A_ROW + low - 0x21, UNKNOWN) if high in _AU_JIS_ROWS else UNKNOWN

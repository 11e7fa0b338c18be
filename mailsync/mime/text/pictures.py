"""Pictures in a plain text: Outlook writes where one stood as `[cid:image001.png@01DA3B5C.8F2D1E00]` (RFC 2392), which says its name and noise."""

import re

_PLACE = re.compile(r"\[cid:([^\s\[\]@]{1,100})(?:@[^\s\[\]]{1,100})?\]")


def with_names_of_pictures(text: str) -> str:
    """The text with the names alone: `[image001.png]`, as the file is called in the list below."""
    return _PLACE.sub(r"[\1]", text) if "[cid:" in text else text

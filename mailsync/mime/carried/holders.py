"""Parts that hold files of their own: winmail.dat, a signed envelope, a text with uuencoded blocks; and how a file in them is found again."""

from enum import Enum, auto

MAX_INSIDE = 1_000
"""Files of one part that are listed."""

_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef", "application/x-ms-tnef"})
_CMS_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ANY = frozenset({"application/octet-stream", "application/x-octet-stream", "application/binary", ""})


class Holder(Enum):
    """What kind of wrapping it is."""

    TNEF = auto()
    CMS = auto()
    TEXT = auto()


def holder_of(content_type: str, name: str) -> Holder | None:
    """By its type, and by its name where the type says nothing; None for an ordinary part."""
    if content_type in _TNEF_TYPES:
        return Holder.TNEF
    if content_type in _CMS_TYPES:
        return Holder.CMS
    if content_type.startswith("text/"):
        return Holder.TEXT
    if content_type in _ANY and name:
        lower = name.lower()
        return Holder.TNEF if lower == "winmail.dat" else Holder.CMS if lower == "smime.p7m" else None
    return None

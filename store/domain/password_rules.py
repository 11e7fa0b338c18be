"""Which passwords are refused: short ones, those everybody tries first, and those made of one's own name. Pure."""

import unicodedata
from collections.abc import Iterable

from store.domain.common_passwords import COMMON

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
"""Letters; a longer one costs time before it can be wrong."""
LEFT_WITHOUT_NAME = 8
"""How much of a password must be left when the own name is taken out of it."""
FEWEST_LETTERS = 5
"""Different ones."""
SHORTEST_NAME = 3

_ALIKE = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "5": "s", "$": "s", "7": "t"})
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn")


def prepared(password: str) -> str:
    """The password as it is hashed: the same on every keyboard (RFC 8265 4.2.1, OpaqueString: blanks of all kinds alike, NFC)."""
    return unicodedata.normalize("NFC", "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in password))


def bad_password(password: str, names: Iterable[str]) -> str | None:
    """Why a password is refused, as a sentence that does not repeat it; None: it is not. `names`: the member's, and the house's addresses."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return f"A password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters."
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in password):
        return "A password must not hold control characters."
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(set(plain)) < FEWEST_LETTERS or _is_common(plain) or _is_a_row(plain):
        return "This password is one of those that are tried first; choose another, for example four words."
    left = plain
    for name in sorted(_pieces(names), key=len, reverse=True):
        left = left.replace(name, "")
    if left != plain and len(left) < LEFT_WITHOUT_NAME:
        return "This password is mostly your own name or address; choose another, for example four words."
    return None


def _is_common(plain: str) -> bool:
    """Also when dressed up: `P@ssw0rd2026!` is `password`."""
    bare = "".join(letter for letter in plain if letter.isalnum())
    trimmed = plain.strip("0123456789!?.,_-#*+ ")
    return not {plain, bare, bare.strip("0123456789"), bare.translate(_ALIKE), trimmed.translate(_ALIKE)}.isdisjoint(COMMON)


def _is_a_row(plain: str) -> bool:
    """Whether it is pieces of the keyboard's rows, or one piece again and again."""
    if any(plain == plain[:size] * (len(plain) // size) for size in range(1, 5) if len(plain) % size == 0):
        return True
    at = 0
    while at < len(plain):
        run = next((size for size in range(len(plain) - at, 3, -1) if _in_a_row(plain[at : at + size])), 0)
        if not run:
            return False
        at += run
    return True


def _in_a_row(piece: str) -> bool:
    return any(piece in row + row or piece in (row + row)[::-1] for row in _ROWS)


def _pieces(names: Iterable[str]) -> set[str]:
    """The words of names and addresses that are long enough to count."""
    plain = (unicodedata.normalize("NFKC", name).casefold() for name in names)
    words = {word for name in plain for word in "".join(letter if letter.isalnum() else " " for letter in name).split()}
    return {word for word in words if len(word) >= SHORTEST_NAME}

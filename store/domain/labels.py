"""How tags and folders are spelled: one spelling a thing, and nothing in them that a list, a query or a terminal would choke on."""

from collections.abc import Iterable
from unicodedata import category, normalize

LONGEST = 60
"""Characters of a tag, and of one level of a folder."""
DEEPEST = 8
MOST_TAGS = 50
NEVER = frozenset(",，、\"'()")
"""They mean something in a query."""


def tag_of(typed: str) -> str | None:
    """The tag meant: NFKC, without spaces around it or a `#` before it; None: this cannot be one."""
    word = normalize("NFKC", typed).strip().removeprefix("#").strip()
    return word if _fits(word) and not any(letter.isspace() for letter in word) else None


def folder_of(typed: str) -> str | None:
    """The folder meant, its levels parted by one `/`; "" for none; None: this cannot be one."""
    levels = [level.strip() for level in normalize("NFKC", typed).strip().strip("/").split("/")]
    if levels == [""]:
        return ""
    return "/".join(levels) if len(levels) <= DEEPEST and all(_fits(level) for level in levels) else None


def tags_of(typed: Iterable[str]) -> tuple[str, ...] | None:
    """Each tag once, in order; None where one of them cannot be a tag."""
    read = [tag_of(one) for one in typed]
    return None if None in read else tuple(dict.fromkeys(tag for tag in read if tag is not None))


def _fits(word: str) -> bool:
    if not word or len(word) > LONGEST or word.startswith("-"):
        return False
    return not any(letter in NEVER or category(letter).startswith("C") for letter in word)

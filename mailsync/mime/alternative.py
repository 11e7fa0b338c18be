"""When the plain text of a mail only says that there is something else: `please view this mail as HTML`, or a dot."""

from collections.abc import Sequence

LITTLE_LETTERS = 120
LITTLE_CHARACTERS = 500
"""A longer plain text is believed to say what the HTML says."""
TIMES_AS_MUCH = 3
SAID_LITTLE = "The plain text of the mail says much less than its HTML; the HTML is shown."


def says_little(plain: Sequence[str]) -> bool:
    """Whether it is so short that the HTML beside it must be looked at."""
    return sum(map(len, plain)) <= LITTLE_CHARACTERS and _letters(plain) <= LITTLE_LETTERS


def says_much_more(texts: Sequence[str], plain: Sequence[str]) -> bool:
    """Whether these texts say what the plain one, which says little, leaves out."""
    return not plain or _letters(texts) > TIMES_AS_MUCH * _letters(plain)


def _letters(texts: Sequence[str]) -> int:
    return sum(sum(map(str.isalnum, text)) for text in texts)

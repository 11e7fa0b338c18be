"""What is said of a query: how many it finds, and what is wrong with it."""

from store.domain.query import QueryError
from tui.view.gate import clean
from tui.view.overheard import in_own_words
from tui.words import _, ngettext

MANY = 1_000
"""From so many on it is "or more": to count them all would take longer than to read the first page."""


def number_words(count: int) -> str:
    """`12`, `1,000+`."""
    return f"{MANY:,}+" if count > MANY else f"{count:,}"


def count_words(count: int) -> str:
    """`12 found`."""
    return ngettext("{n} found", "{n} found", count).format(n=number_words(count)) if count else _("nothing found")


def query_error_words(error: QueryError) -> str:
    """What is wrong, without the place, which is pointed at; and what may have been meant."""
    words = clean(in_own_words(error.problem))
    is_said = not error.hint or f"`{error.hint}:`" in words
    return words if is_said else words + " " + _("(did you mean {words}?)").format(words=clean(error.hint))

"""The conversations among which the next one is found: a few lines from each index, however many there are."""

from store.domain.query import Query, parse_query
from store.local.lists import Lists
from store.local.rows import ConversationRow

ALL_OF_THESE: tuple[tuple[str, int], ...] = (
    ("is:mine category:open", 200),
    ("is:woken", 50),
    ("has:comment is:mentioned", 50),
    ("urgency:very_urgent is:unowned", 50),
    ("urgency:urgent is:unowned", 50),
    ("is:unowned category:open", 100),
)
"""A query and how many of its lines are read; each begins with what has an index of its own. The oldest of each: they have waited longest."""


def candidates(lists: Lists) -> tuple[ConversationRow, ...]:
    """Every one once, in no order; for whose home this is."""
    found: dict[str, ConversationRow] = {}
    for text, most in ALL_OF_THESE:
        query: Query = parse_query(text)
        found |= {row.id: row for row in lists.page(query, limit=most, after=None, before=None, from_end=True).rows}
    return tuple(found.values())

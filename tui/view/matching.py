"""Where what is looked for stands in a text that a person reads: what a query found, and words looked for on one page."""

import re

from store.domain.query import Query
from store.local.matches import matches_in, pattern_of, places
from store.local.spellings import spellings
from tui.view.highlight import Matcher

EVERYWHERE = ("text", "subject", "from", "to", "cc", "file", "comment")
"""A page shows all of a mail."""


def query_matcher(query: Query, *fields: str) -> Matcher | None:
    """Finds what a query asks for in texts that are these `fields`; none: any. None: it asks for no words there."""
    wanted = fields or EVERYWHERE
    if pattern_of(query, frozenset(wanted)) is None:
        return None
    return lambda text: matches_in(text, query, wanted)


def words_matcher(words: str) -> Matcher:
    """Finds the words as they were typed, inside of others too: what the search takes for the same is the same, blanks are of any length."""
    forms = dict.fromkeys(r"\s+".join(map(re.escape, form.split())) for form in spellings(words) if form.strip())
    pattern = re.compile("|".join(sorted(forms, key=len, reverse=True))) if forms else None
    return lambda text: () if pattern is None else tuple(places(text, pattern))

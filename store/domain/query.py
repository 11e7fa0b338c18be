"""What is asked of the mail: the tree that lists, searches, views and the CLI share, and the grammar it is written in.

    query   := all ( "OR" all )*
    all     := one+                     every one of them
    one     := "-" one | "NOT" one | "(" query ")" | field ":" value | word
    value   := letters, "with spaces", a prefix* or "with spaces"*; of a field in `query_fields.LISTED` several with commas between them
    word    := letters, "a phrase", a prefix* or "a phrase"*; `#12` is number:12

Full-width colons, spaces, parentheses and quotes mean the same, and fields have Japanese names too.
"""

from collections.abc import Mapping
from unicodedata import category

from store.domain.ids import MemberKey
from store.domain.query_tree import All, And, Field, Not, Or, Query, QueryError, Word

__all__ = ["TRAY", "VIEWS", "All", "And", "Field", "Not", "Or", "Query", "QueryError", "Word", "moves_with_time", "parse_query", "typing_query"]

VIEWS = {"tray": "is:tray", "mine": "is:mine", "all": ""}
"""The three lists of the first screen."""
TRAY: Query = Field("is", "tray")
"""The first of them: what stands on the screen at the start is asked for before there is a parser."""


def parse_query(text: str, *, me: MemberKey | None = None, own_statuses: Mapping[str, str] | None = None) -> Query:
    """The tree of a query; `All()` of an empty one. `me` stands in for `owner:me`.

    `own_statuses`: the team's own by everything they are called (`store.domain.team_facts.names_of_statuses`), for `status:`.

    Raises:
        QueryError: It cannot be understood; says where, and why.
    """
    # Start-up cost: the first list is asked for by its tree.
    from store.domain.query_parser import Parser

    try:
        return Parser(text, me, own_statuses or {}).whole()
    except QueryError as error:
        error.text = text
        raise


def typing_query(text: str, *, me: MemberKey | None = None, own_statuses: Mapping[str, str] | None = None) -> Query:
    """As `parse_query`, while it is still typed: the word at the end may go on, once it has more than one letter.

    Raises:
        QueryError: It cannot be understood (yet).
    """
    query = parse_query(text, me=me, own_statuses=own_statuses)
    # A vowel sign or an accent of its own is part of a word too: L, N and M are letters, digits and marks.
    return _going_on(query) if text and category(text[-1])[0] in "LNM" else query


def moves_with_time(query: Query) -> bool:
    """Whether the list may be another one a minute later though nothing happened."""
    match query:
        case And(parts=parts) | Or(parts=parts):
            return any(moves_with_time(part) for part in parts)
        case Not(part=part):
            return moves_with_time(part)
    return isinstance(query, Field) and query.name in _OF_TIME


_OF_TIME = frozenset({"due", "date", "before", "after", "older", "newer"})


def _going_on(query: Query) -> Query:
    from store.domain.query_fields import IN_TEXT  # start-up cost, as above

    match query:
        case Word(text=word, phrase=False) if len(word) > 1:
            return Word(word, prefix=True)
        case Field(name=name, value=value) if name in IN_TEXT and len(value) > 1:
            return Field(name, value, prefix=True)
        case And(parts=(*first, last)):
            return And((*first, _going_on(last)))
        case Or(parts=(*first, last)):
            return Or((*first, _going_on(last)))
        case Not():
            # What is not wanted is only taken away once it is whole: `-a` would empty the list on the way to `-apple`.
            return query
    return query

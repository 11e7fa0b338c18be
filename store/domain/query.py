"""What is asked of the mail: the tree that lists, searches, views and the CLI share, and the grammar it is written in.

    query   := all ( "OR" all )*
    all     := one+                     every one of them
    one     := "-" one | "NOT" one | "(" query ")" | field ":" value | word
    word    := letters, "a phrase", or a prefix*; `#12` is number:12

Full-width colons, spaces, parentheses and quotes mean the same, and fields have Japanese names too.
"""

from store.domain.ids import MemberKey
from store.domain.query_parser import Parser
from store.domain.query_tree import All, And, Field, Not, Or, Query, QueryError, Word

__all__ = ["VIEWS", "All", "And", "Field", "Not", "Or", "Query", "QueryError", "Word", "parse_query"]

VIEWS = {"tray": "is:tray", "mine": "is:mine", "all": ""}
"""The three lists of the first screen."""


def parse_query(text: str, *, me: MemberKey | None = None) -> Query:
    """The tree of a query; `All()` of an empty one. `me` stands in for `owner:me`.

    Raises:
        QueryError: It cannot be understood; says where, and why.
    """
    return Parser(text, me).whole()

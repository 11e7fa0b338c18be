"""One question to a home answered in lines: what `mado search` says, without the library that reads command lines."""

import msgspec

from store.domain.query import Query, QueryError, parse_query
from store.local.finder import Finder
from store.local.search import Order
from tui.cli.hit_shapes import hit_shape
from tui.cli.output import Output
from tui.words import _

HITS = 50
COUNTED = 1_000
"""Hits are counted up to here: nobody reads more, and the first ones are not kept waiting."""


class Asked(msgspec.Struct, frozen=True):
    """A question; also a line of `search --stdin`."""

    query: str
    limit: int = HITS
    by: Order = Order.NEWEST


def answer_and_count(output: Output, finder: Finder, asked: Asked) -> None:
    """The hits; for people also how many there are, when there may be more."""
    if answer(output, finder, asked) == asked.limit and not output.json:
        _say_how_many(output, finder, asked)


def answer(output: Output, finder: Finder, asked: Asked) -> int:
    """The hits; returns how many.

    Raises:
        QueryError: The query is none.
    """
    hits = finder.search(_understood(finder, asked.query), limit=asked.limit, order=asked.by)
    for hit in hits:
        who = hit.from_.name or hit.from_.address
        output.row(hit_shape(hit), [f"{hit.date:%Y-%m-%d}  {who}  {hit.subject}", f"    {hit.snippet}"])
    return len(hits)


def _understood(finder: Finder, text: str) -> Query:
    try:
        return parse_query(text, me=finder.me())
    except QueryError:
        # It may name a status of the team's own: only then is the team asked for.
        return parse_query(text, me=finder.me(), own_statuses=finder.status_names())


def _say_how_many(output: Output, finder: Finder, asked: Asked) -> None:
    count = finder.search_count(_understood(finder, asked.query), most=COUNTED)
    if count > asked.limit:
        total = f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"
        output.message(_("{shown} of {total} hits; --limit shows more").format(shown=asked.limit, total=total))

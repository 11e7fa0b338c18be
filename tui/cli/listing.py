"""`mado list`: the conversations a query or a view finds, newest first or in the order one asks for."""

import click

from store.clock import SystemClock
from store.domain.query import parse_query
from store.domain.saved_view import Arrangement, Grouping, SavedView, Sort
from store.domain.team_facts import TeamFacts, names_of_statuses
from store.local.rows import ConversationRow
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.shapes import conversation_shape
from tui.cli.views_here import known_view
from tui.view.ages import age_label
from tui.view.labels import COMES_BACK, UNREAD
from tui.view.width import fit

NEWEST = 50
"""Shown when no query asks for more."""
PAGE = 500
"""Rows a page: the whole list is never in memory at once."""


@click.command("list", cls=Verb)
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many (default: 50 without QUERY, else all).")
@click.option("--view", "name", metavar="NAME", help="Those of this view (`mado view list`), QUERY among them, in its order.")
@click.option("--sort", type=click.Choice([str(one) for one in Sort]), help="What stands at the top.")
@click.option("--group", type=click.Choice([str(one) for one in Grouping]), help="What belongs together stands together.")
@click.pass_obj
def list_conversations(
    invocation: Invocation, query: tuple[str, ...], limit: int | None, name: str | None, sort: str | None, group: str | None
) -> None:
    """List conversations: those QUERY finds, or the newest of all but junk."""
    text = " ".join(query)
    store = LocalStore.open(invocation.home)
    try:
        parse_query(text, me=store.me(), own_statuses=names_of_statuses(store.team()))  # a wrong one is said before anybody waits for a server
        catch_up_briefly(invocation.home, store, invocation.output)
        view = SavedView("", "") if name is None else known_view(invocation.home, store, name).view
        arrangement = Arrangement(Sort(sort or view.sort), Grouping(group or view.group))
        text = f"({view.query}) ({text})" if view.query and text else view.query or text
        _list(invocation, store, text, arrangement, limit if limit is not None else (None if text else NEWEST))
    finally:
        store.close()


def _list(invocation: Invocation, store: LocalStore, text: str, arrangement: Arrangement, limit: int | None) -> None:
    query = parse_query(text, me=store.me(), own_statuses=names_of_statuses(store.team()))  # again: `me` may only be known now
    team = store.team()
    now = SystemClock().now()
    after = None
    left = limit
    while left is None or left > 0:
        page = store.page(query, limit=PAGE if left is None else min(PAGE, left), after=after, arrangement=arrangement)
        for row in page.rows:
            age = "" if row.last_at is None else age_label(now - row.last_at)
            invocation.output.row(conversation_shape(row), line_of(row, age, team))
        if not page.rows or not page.more_after:
            return
        after = page.rows[-1].key
        left = None if left is None else left - len(page.rows)


def line_of(row: ConversationRow, age: str, team: TeamFacts) -> str:
    """One conversation for people: whether one has read it, number or id, status letter, owner, customer, subject, age."""
    name = f"#{row.number}" if row.number is not None else row.id
    status = team.status(row.status)
    letter = status.letter if status else "?"
    writing = f" ✎{row.lease_by}" if row.lease_by else ""
    mark = COMES_BACK if row.woken else UNREAD if row.unread else " "
    customer = row.customer_name or row.customer_address
    return f"{mark} {name:<8} {letter} {'!' * row.urgency:<2} {row.owner or '-':<10} {fit(customer, 20)}  {row.subject}{writing}  {age}"

"""`mado search`: full-text hits from the local store; no server, no aiohttp, no Textual, so that it answers at once."""

import sys

import click
import msgspec

from store.errors import BadInput
from store.local.finder import Finder, open_finder
from store.local.search import Order
from tui.cli.answering import HITS, Asked, answer, answer_and_count
from tui.cli.invocation import Invocation, Verb
from tui.words import _


class QuestionUnreadable(BadInput):
    """A line of `search --stdin` that is no question."""

    def __init__(self, problem: str) -> None:
        super().__init__(f'a line on stdin is no object with "query" and "limit": {problem}', problem=problem)


@click.command("search", cls=Verb)
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), default=HITS, show_default=True)
@click.option("--by", type=click.Choice([str(order) for order in Order]), default=str(Order.NEWEST), show_default=True)
@click.option("--stdin", "stay", is_flag=True, help="Stay: a line {query, limit} in, its hits and an empty line out.")
@click.pass_obj
def search(invocation: Invocation, query: tuple[str, ...], limit: int, by: str, *, stay: bool) -> None:
    """Search messages and comments, newest first."""
    if stay == bool(query):
        raise click.UsageError(_("give either a QUERY or --stdin"))
    finder = open_finder(invocation.home)
    try:
        if stay:
            _answer_lines(invocation, finder)
        else:
            answer_and_count(invocation.output, finder, Asked(" ".join(query), limit, Order(by)))
    finally:
        finder.close()


def _answer_lines(invocation: Invocation, finder: Finder) -> None:
    """Until stdin ends. A question that cannot be read is answered by nothing but its empty line and a message: the next may be better."""
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            answer(invocation.output, finder, _question(line))
        except BadInput as error:
            invocation.output.trouble(error)
        invocation.output.blank()


def _question(line: bytes) -> Asked:
    try:
        return msgspec.json.decode(line, type=Asked)
    except msgspec.MsgspecError as error:
        raise QuestionUnreadable(str(error)) from error

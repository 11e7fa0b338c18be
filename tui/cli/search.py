"""`mado search`: full-text hits from the local store; no server, no aiohttp, no Textual, so that it answers at once."""

import sys

import click
import msgspec

from store.domain.query import parse_query
from store.errors import BadInput
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.shapes import hit_shape
from tui.view.trouble import problem_words
from tui.words import _

HITS = 50


class Asked(msgspec.Struct, frozen=True):
    """A line of `search --stdin`."""

    query: str
    limit: int = HITS


class QuestionUnreadable(BadInput):
    """A line of `search --stdin` that is no question."""

    def __init__(self, problem: str) -> None:
        super().__init__(f'a line on stdin is no object with "query" and "limit": {problem}', problem=problem)


@click.command("search", cls=Verb)
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), default=HITS, show_default=True)
@click.option("--stdin", "stay", is_flag=True, help="Stay: a line {query, limit} in, its hits and an empty line out.")
@click.pass_obj
def search(invocation: Invocation, query: tuple[str, ...], limit: int, *, stay: bool) -> None:
    """Search messages and comments, newest first."""
    if stay == bool(query):
        raise click.UsageError(_("give either a QUERY or --stdin"))
    store = LocalStore.open(invocation.home)
    try:
        if stay:
            _answer_lines(invocation, store)
        else:
            _answer(invocation, store, Asked(" ".join(query), limit))
    finally:
        store.close()


def _answer_lines(invocation: Invocation, store: LocalStore) -> None:
    """Until stdin ends. A question that cannot be read is answered by nothing but its empty line and a message: the next may be better."""
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            _answer(invocation, store, _question(line))
        except BadInput as error:
            invocation.output.message(_("mado: {problem}").format(problem=problem_words(error)))
        invocation.output.blank()


def _question(line: bytes) -> Asked:
    try:
        return msgspec.json.decode(line, type=Asked)
    except msgspec.MsgspecError as error:
        raise QuestionUnreadable(str(error)) from error


def _answer(invocation: Invocation, store: LocalStore, asked: Asked) -> None:
    for hit in store.search(parse_query(asked.query, me=store.me()), limit=asked.limit):
        who = hit.from_.name or hit.from_.address
        invocation.output.row(hit_shape(hit), [f"{hit.date:%Y-%m-%d}  {who}  {hit.subject}", f"    {hit.snippet}"])

"""`mado explain`: why a conversation is where it is, looks as it does, and is whose it is."""

from datetime import datetime

import click

from store.clock import local_now
from store.domain.query import VIEWS, parse_query
from store.domain.refusals import UnknownConversation
from store.domain.team_facts import names_of_statuses
from store.local.store import LocalStore
from store.settings.settings import load_settings
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.shapes import utc
from tui.explained import known_of, place_of
from tui.view.explaining import explained
from tui.view.known import Known
from tui.view.steps import due_step, waiting_step


@click.command("explain", cls=Verb)
@click.argument("conversation", metavar="ID")
@click.option("--query", metavar="QUERY", default=VIEWS["tray"], help="The list it is explained in (default: the work tray).")
@click.pass_obj
def explain(invocation: Invocation, conversation: str, *, query: str) -> int:
    """Say why a conversation is here, in this colour, and whose; what it waits for, and why each mail is in it."""
    settings = load_settings(invocation.home)
    store = LocalStore.open(invocation.home)
    try:
        catch_up_briefly(invocation.home, store, invocation.output)
        conversation_id, me = store.resolve(conversation), store.me()
        asked = parse_query(query, me=me, own_statuses=names_of_statuses(store.team()))
        place = place_of(store, conversation_id, asked, query) if conversation_id is not None else None
        known = known_of(store, settings, conversation_id, place, me, local_now()) if conversation_id is not None else None
        if known is None:
            return invocation.output.refused(UnknownConversation(conversation_id=conversation))
        _print(invocation, known)
        return 0
    finally:
        store.close()


def _print(invocation: Invocation, known: Known) -> None:
    answers = explained(known)
    wait = known.wait
    due_at: datetime | None = known.row.due_at
    shape = {
        "id": known.row.id,
        "number": known.row.number,
        "parts": [{"query": part.text, "holds": part.holds} for part in known.place.parts] if known.place else [],
        "above": known.place.above if known.place else None,
        "waiting_since": utc(known.row.waiting_since),
        "waiting_step": None if wait is None else waiting_step(wait, known.waits) + 1,
        "due_at": utc(due_at),
        "due_step": None if due_at is None else due_step(due_at, known.now) + 1,
        "answers": [{"topic": answer.topic, "sentences": list(answer.sentences)} for answer in answers],
    }
    lines = [line for answer in answers for line in (answer.question, *(f"  {each}" for each in answer.sentences), "")]
    invocation.output.row(shape, lines[:-1])

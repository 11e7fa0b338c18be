"""`mado next`: what should be done now, and why."""

import asyncio
from collections.abc import Sequence

import click

from mailsync.link.protocol import Done
from store.clock import SystemClock
from store.domain.commands import AssignConversation
from store.domain.ids import MemberKey
from store.domain.next_best import placed, ranked
from store.local.rows import ConversationRow
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.listing import line_of
from tui.cli.shapes import conversation_shape
from tui.cli.team import open_team, opened_store
from tui.view.next_words import why_words
from tui.words import _


@click.command("next", cls=Verb)
@click.option("--take", is_flag=True, help="Become its owner; where a colleague was quicker, of the one after it.")
@click.option("--limit", type=click.IntRange(min=1), default=1, help="How many to list, the best first (default: 1).")
@click.pass_obj
def next_best(invocation: Invocation, limit: int, *, take: bool) -> int:
    """Say which conversation to do now: own ones first, then who calls or is back from hold, urgency, what is due, who waits longest."""
    with opened_store(invocation.home) as store:
        if take:
            return asyncio.run(_take(invocation, store))
        me = store.me()
        if me is None:
            me = asyncio.run(_who_sits_here(invocation, store))
        else:
            catch_up_briefly(invocation.home, store, invocation.output)
        found = ranked(store.candidates(), me)[:limit]
        for row in found:
            _print(invocation, store, row, row, me)
        return _nothing(invocation, found)


async def _who_sits_here(invocation: Invocation, store: LocalStore) -> MemberKey:
    async with open_team(invocation.home, store, invocation.output) as team:
        return team.me.key


async def _take(invocation: Invocation, store: LocalStore) -> int:
    async with open_team(invocation.home, store, invocation.output) as team:
        found = ranked(store.candidates(), team.me.key)
        for row in found:
            # Only what nobody has, or we: a colleague who was quicker owns it, and the server says so.
            await team.mirror.catch_up()
            now = store.row(row.id)
            if now is None or now.owner not in {None, team.me.key} or now.lease_by not in {None, team.me.key}:
                continue
            command = AssignConversation(conversation_id=row.id, owner=team.me.key)
            answer = await team.ask(command)
            if isinstance(answer, Done) and (taken := store.row(row.id)) is not None:
                _print(invocation, store, row, taken, team.me.key)
                return 0
        return _nothing(invocation, ())


def _nothing(invocation: Invocation, found: Sequence[ConversationRow]) -> int:
    if not found:
        invocation.output.message(_("Nothing waits for you: the rest is colleagues', on hold, or being written."))
    return 0


def _print(invocation: Invocation, store: LocalStore, was: ConversationRow, row: ConversationRow, me: MemberKey) -> None:
    now = SystemClock().now()
    shape = {**conversation_shape(row), "why": [str(why) for why in placed(was, me).why]}
    invocation.output.row(shape, f"{line_of(row, '', store.team())}  ({why_words(was, me, now)})")

"""What one has read oneself, for scripts: read, unread."""

import asyncio
from collections.abc import Callable, Sequence

import click

from mailsync.link.marks import exchange
from store.domain.ids import ConversationId, Revision
from store.domain.read_marks import before_the_last
from store.domain.refusals import UnknownConversation
from tui.cli.invocation import Invocation, Verb
from tui.cli.listing import line_of
from tui.cli.shapes import conversation_shape
from tui.cli.team import Team, open_team, opened_store

Setting = Callable[[Team, ConversationId, Revision], object]


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.pass_obj
def read(invocation: Invocation, conversations: tuple[str, ...]) -> int:
    """Mark as read, for yourself alone."""
    return _mark(invocation, conversations, lambda team, id_, revision: team.store.marks.read_to(id_, revision, team.clock.now()))


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.pass_obj
def unread(invocation: Invocation, conversations: tuple[str, ...]) -> int:
    """Mark as unread again by its last news, for yourself alone."""
    return _mark(invocation, conversations, _set_back)


def _set_back(team: Team, id_: ConversationId, _revision: Revision) -> None:
    state = team.store.conversation(id_)
    last_news = before_the_last(state, team.me.key) if state is not None else None
    if last_news is not None:
        team.store.marks.set_back(id_, last_news, team.clock.now())


def _mark(invocation: Invocation, names: Sequence[str], setting: Setting) -> int:
    """Mark each; print each as `mado list` does. 1 if any is not there."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                # First what is known elsewhere: the newest word counts, and it is ours.
                await exchange(team.client, store)
                code = max([await _mark_one(invocation, team, name, setting) for name in names])
                await exchange(team.client, store)
        return code

    return asyncio.run(work())


async def _mark_one(invocation: Invocation, team: Team, name: str, setting: Setting) -> int:
    id_ = team.store.resolve(name)
    row = team.store.row(id_) if id_ is not None and await team.known(id_) else None
    if row is None:
        return invocation.output.refused(UnknownConversation(conversation_id=name), id=name)
    setting(team, row.id, row.revision)
    marked = team.store.row(row.id) or row
    invocation.output.row(conversation_shape(marked), line_of(marked, "", team.store.team()))
    return 0

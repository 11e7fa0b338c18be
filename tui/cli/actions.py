"""What the keys do to conversations, for scripts: take, assign, status, urgency, undo."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import click

from mailsync.link.keys import new_key
from mailsync.link.protocol import Refused
from store.domain.commands import AgentCommand, AssignConversation, SetStatus, SetUrgency, Undo
from store.domain.ids import CommentId, ConversationId, MemberKey, StatusKey
from store.domain.refusals import UnknownConversation
from store.domain.status import Urgency
from tui.cli.invocation import Invocation, Verb
from tui.cli.listing import line_of
from tui.cli.shapes import conversation_shape
from tui.cli.team import Team, open_team, opened_store
from tui.words import _

Making = Callable[[ConversationId, Team], AgentCommand]


def act_on(invocation: Invocation, names: Sequence[str], make: Making) -> int:
    """Give one command for each conversation, in order; print each as `mado list` does, or why not. 1 if any was refused."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                return max([await _act(invocation, team, name, make) for name in names])

    return asyncio.run(work())


async def _act(invocation: Invocation, team: Team, name: str, make: Making) -> int:
    conversation_id = team.store.resolve(name)
    if conversation_id is None or not await team.known(conversation_id):
        return invocation.output.refused(UnknownConversation(conversation_id=name), id=name)
    answer = await team.ask(make(conversation_id, team))
    if isinstance(answer, Refused):
        return invocation.output.refused(answer.refusal, id=conversation_id)
    row = team.store.row(conversation_id)
    if row is not None:
        invocation.output.row(conversation_shape(row), line_of(row, "", team.store.team()))
    return 0


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.option("--reason", default="", help="Why, where it belongs to a colleague.")
@click.pass_obj
def take(invocation: Invocation, conversations: tuple[str, ...], reason: str) -> int:
    """Become the owner: "I do it"."""
    return act_on(invocation, conversations, lambda id_, team: AssignConversation(conversation_id=id_, owner=team.me.key, reason=reason))


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.option("--to", "owner", metavar="MEMBER", required=True, help="The member's short name; '' for nobody.")
@click.option("--reason", default="", help="Why, where it belongs to a colleague.")
@click.option("--note", default="", help="What the new owner should know: a comment that names them.")
@click.pass_obj
def assign(invocation: Invocation, conversations: tuple[str, ...], owner: str, reason: str, note: str) -> int:
    """Set the owner; who is away is stood in for."""
    key = MemberKey(owner.removeprefix("@").lower()) if owner else None
    return act_on(invocation, conversations, lambda id_, team: _handing_over(id_, team, key, reason, note))


def _handing_over(id_: ConversationId, team: Team, owner: MemberKey | None, reason: str, note: str) -> AssignConversation:
    return AssignConversation(conversation_id=id_, owner=owner, reason=reason, note=note, note_id=CommentId(new_key(team.clock)))


class Moment(click.ParamType[datetime]):
    """A date and time: RFC 3339, or without an offset in this machine's zone."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware time."""
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(_("{value} is no time such as 2026-11-24T09:00:00+09:00").format(value=repr(value)), param, ctx)
        return at.astimezone()


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.argument("key", metavar="KEY")
@click.option("--reason", default="", help="Required on hold, and for done without a reply.")
@click.option("--until", type=Moment(), help="When a conversation on hold comes back.")
@click.pass_obj
def status(invocation: Invocation, conversations: tuple[str, ...], key: str, reason: str, until: datetime | None) -> int:
    """Set the status: new, in_progress, hold, done, no_reply, junk."""
    return act_on(invocation, conversations, lambda id_, _team: SetStatus(conversation_id=id_, status=StatusKey(key), reason=reason, until=until))


URGENCIES = {word: urgency for urgency in Urgency for word in (urgency.name.lower(), str(int(urgency)))}
"""What `mado urgency` takes: `normal urgent very_urgent`, or 0, 1, 2."""


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.argument("value", metavar="V", type=click.Choice(list(URGENCIES)))
@click.pass_obj
def urgency(invocation: Invocation, conversations: tuple[str, ...], value: str) -> int:
    """Set the urgency."""
    return act_on(invocation, conversations, lambda id_, _team: SetUrgency(conversation_id=id_, urgency=URGENCIES[value]))


@click.command(cls=Verb)
@click.argument("conversation", metavar="ID")
@click.option("--event", "seq", type=int, help="The seq of the event to take back, as in the timeline.")
@click.pass_obj
def undo(invocation: Invocation, conversation: str, seq: int | None) -> int:
    """Take back one's own last undoable action there, or the one of --event."""
    return act_on(invocation, [conversation], lambda id_, _team: Undo(conversation_id=id_, event_seq=seq))

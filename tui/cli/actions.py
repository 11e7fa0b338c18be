"""What the keys do to conversations, for scripts: take, assign, status, urgency, undo."""

from datetime import datetime

import click

from mailsync.link.keys import new_key
from store.domain.commands import AssignConversation, SetStatus, SetUrgency, Undo
from store.domain.ids import CommentId, ConversationId, MemberKey, StatusKey
from store.domain.status import Urgency
from tui.cli.invocation import Invocation, Verb
from tui.cli.many import Which, act_on, of_many
from tui.cli.team import Team
from tui.words import _


@click.command(cls=Verb)
@of_many
@click.option("--reason", default="", help="Why, where it belongs to a colleague.")
@click.pass_obj
def take(invocation: Invocation, which: Which, reason: str) -> int:
    """Become the owner: "I do it"."""
    return act_on(invocation, which, lambda id_, team: AssignConversation(conversation_id=id_, owner=team.me.key, reason=reason))


@click.command(cls=Verb)
@of_many
@click.option("--to", "owner", metavar="MEMBER", required=True, help="The member's short name; '' for nobody.")
@click.option("--reason", default="", help="Why, where it belongs to a colleague.")
@click.option("--note", default="", help="What the new owner should know: a comment that names them.")
@click.pass_obj
def assign(invocation: Invocation, which: Which, owner: str, reason: str, note: str) -> int:
    """Set the owner; who is away is stood in for."""
    key = MemberKey(owner.removeprefix("@").lower()) if owner else None
    return act_on(invocation, which, lambda id_, team: _handing_over(id_, team, key, reason, note))


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
@of_many
@click.argument("key", metavar="KEY")
@click.option("--reason", default="", help="Required on hold, and for done without a reply.")
@click.option("--until", type=Moment(), help="When a conversation on hold comes back.")
@click.pass_obj
def status(invocation: Invocation, which: Which, key: str, reason: str, until: datetime | None) -> int:
    """Set the status: new, in_progress, hold, done, no_reply, junk."""
    return act_on(invocation, which, lambda id_, _team: SetStatus(conversation_id=id_, status=StatusKey(key), reason=reason, until=until))


URGENCIES = {word: urgency for urgency in Urgency for word in (urgency.name.lower(), str(int(urgency)))}
"""What `mado urgency` takes: `normal urgent very_urgent`, or 0, 1, 2."""


@click.command(cls=Verb)
@of_many
@click.argument("value", metavar="V", type=click.Choice(list(URGENCIES)))
@click.pass_obj
def urgency(invocation: Invocation, which: Which, value: str) -> int:
    """Set the urgency."""
    return act_on(invocation, which, lambda id_, _team: SetUrgency(conversation_id=id_, urgency=URGENCIES[value]))


@click.command(cls=Verb)
@click.argument("conversation", metavar="ID")
@click.option("--event", "seq", type=int, help="The seq of the event to take back, as in the timeline.")
@click.pass_obj
def undo(invocation: Invocation, conversation: str, seq: int | None) -> int:
    """Take back one's own last undoable action there, or the one of --event."""
    return act_on(invocation, [conversation], lambda id_, _team: Undo(conversation_id=id_, event_seq=seq))

"""Where a conversation belongs, when it comes back, and who is with it, for scripts: tag, folder, due, snooze, follow."""

from datetime import datetime

import click

from store.clock import SystemClock
from store.domain.commands import ChangeTags, Follow, MoveToFolder, SetDue, SetStatus, Unfollow
from store.domain.ids import MemberKey
from store.domain.status import HOLD
from tui.cli.actions import Moment
from tui.cli.invocation import Invocation, Verb
from tui.cli.many import Which, act_on, of_many
from tui.view.due_times import NO_TIME, no_due_time_words, parse_due


@click.command(cls=Verb)
@of_many
@click.argument("value", metavar="TAG")
@click.option("--off", is_flag=True, help="Take it off.")
@click.pass_obj
def tag(invocation: Invocation, which: Which, value: str, *, off: bool) -> int:
    """Put a tag on, or several with commas between them."""
    tags = tuple(one for one in value.replace("，", ",").replace("、", ",").split(",") if one.strip())
    add, remove = ((), tags) if off else (tags, ())
    return act_on(invocation, which, lambda id_, _team: ChangeTags(conversation_id=id_, add=add, remove=remove))


@click.command(cls=Verb)
@of_many
@click.argument("value", metavar="FOLDER")
@click.pass_obj
def folder(invocation: Invocation, which: Which, value: str) -> int:
    """Put it into a folder such as complaints/2026; '' takes it out."""
    return act_on(invocation, which, lambda id_, _team: MoveToFolder(conversation_id=id_, folder=value))


@click.command(cls=Verb)
@of_many
@click.argument("value", metavar="TIME")
@click.pass_obj
def due(invocation: Invocation, which: Which, value: str) -> int:
    """Say by when it is to be answered: 2026-11-24T09:00, 17:30, tomorrow 9; none for no time."""
    due_at = None if value.strip().lower() in NO_TIME else parse_due(value, SystemClock().now())
    if due_at is None and value.strip().lower() not in NO_TIME:
        raise click.BadParameter(no_due_time_words(value))
    return act_on(invocation, which, lambda id_, _team: SetDue(conversation_id=id_, due_at=due_at))


@click.command(cls=Verb)
@of_many
@click.argument("until", metavar="TIME", type=Moment())
@click.option("--reason", default="", help="Why it waits; required.")
@click.option("--notify", metavar="MEMBER", help="Who is told when it comes back (default: its owner).")
@click.pass_obj
def snooze(invocation: Invocation, which: Which, until: datetime, reason: str, notify: str | None) -> int:
    """Put it on hold until a time; a customer who writes wakes it at once."""
    told = _member(notify)
    return act_on(invocation, which, lambda id_, _team: SetStatus(conversation_id=id_, status=HOLD, reason=reason, until=until, notify=told))


@click.command(cls=Verb)
@of_many
@click.option("--member", metavar="MEMBER", help="Invite a colleague (default: oneself).")
@click.option("--off", is_flag=True, help="Follow it no more.")
@click.pass_obj
def follow(invocation: Invocation, which: Which, member: str | None, *, off: bool) -> int:
    """Follow a conversation without owning it."""
    who = _member(member)
    if off:
        return act_on(invocation, which, lambda id_, _team: Unfollow(conversation_id=id_, member=who))
    return act_on(invocation, which, lambda id_, _team: Follow(conversation_id=id_, member=who))


def _member(typed: str | None) -> MemberKey | None:
    return MemberKey(typed.removeprefix("@").lower()) if typed else None

"""What the team agreed on beside its conversations, for scripts: its own statuses, its groups, who is away."""

import asyncio
from datetime import datetime

import click

from mailsync.link.keys import new_key
from mailsync.link.protocol import CommandRequest, Refused
from store.domain.commands import RetireGroup, RetireStatus, SaveGroup, SaveStatus, SetAbsence, TeamCommand
from store.domain.groups import Absence, Group
from store.domain.ids import CommandKey, GroupKey, MemberKey, StatusKey
from store.domain.status import COLOURS, Category, Status
from tui.cli.actions import Moment
from tui.cli.hit_shapes import Shape
from tui.cli.invocation import Invocation, Verb, VerbGroup
from tui.cli.level import catch_up_briefly
from tui.cli.shapes import utc
from tui.cli.team import open_team, opened_store
from tui.view.gate import clean
from tui.words import _


def status_shape(status: Status) -> Shape:
    """A line of `mado statuses`."""
    return {
        "key": status.key,
        "category": status.category,
        "name": {"ja": status.name_ja, "en": status.name_en},
        "letter": status.letter,
        "order": status.order,
        "colour": status.colour or None,
        "hot_key": status.hot_key or None,
    }


def group_shape(group: Group) -> Shape:
    """A line of `mado group`."""
    return {"key": group.key, "name": group.name, "members": list(group.members)}


def absence_shape(absence: Absence) -> Shape:
    """A line of `mado away`."""
    return {"member": absence.member, "until": utc(absence.until), "stand_in": absence.stand_in}


def give(invocation: Invocation, command: TeamCommand, name: str) -> int:
    """Ask the server for it; 1 when a rule says no."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                answer = await team.client.command(CommandRequest(CommandKey(new_key(team.clock)), command, team.mirror.epoch))
                if isinstance(answer, Refused):
                    return invocation.output.refused(answer.refusal, key=name)
                await team.mirror.apply_answers([answer])
        return 0

    return asyncio.run(work())


@click.group(cls=VerbGroup)
@click.pass_context
def statuses(context: click.Context) -> None:
    """List the statuses, built-in and the team's own, in their order."""
    if context.invoked_subcommand is not None:
        return
    invocation: Invocation = context.obj
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for one in store.team().statuses():
            said = f"{one.letter} {one.key:<20} {one.category:<8} {clean(one.name_ja)} · {clean(one.name_en)}"
            invocation.output.row(status_shape(one), said)


@statuses.command("save", cls=Verb)
@click.argument("key")
@click.option("--category", type=click.Choice([str(one) for one in Category]), required=True, help="What it does; it never changes.")
@click.option("--ja", required=True, help="Its name in Japanese.")
@click.option("--en", required=True, help="Its name in English.")
@click.option("--letter", required=True, help="One letter: colour is never the only sign.")
@click.option("--order", type=int, default=500, help="Where it stands among the others; the built-in ones have 10 to 80.")
@click.option("--colour", type=click.Choice(COLOURS), default=None)
@click.option("--hot-key", default="", help="The key that chooses it.")
@click.pass_obj
def save_status(invocation: Invocation, key: str, category: str, ja: str, en: str, letter: str, order: int, colour: str | None, hot_key: str) -> int:
    """Make a status of the team's own, or change one."""
    status = Status(StatusKey(key), Category(category), ja, en, letter, order, colour or "", hot_key)
    return give(invocation, SaveStatus(status), key)


@statuses.command("retire", cls=Verb)
@click.argument("key")
@click.pass_obj
def retire_status(invocation: Invocation, key: str) -> int:
    """Let nobody choose it any more; conversations that bear it keep it."""
    return give(invocation, RetireStatus(StatusKey(key)), key)


@click.group(cls=VerbGroup)
@click.pass_context
def group(context: click.Context) -> None:
    """List the groups that a comment can name."""
    if context.invoked_subcommand is not None:
        return
    invocation: Invocation = context.obj
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for one in store.team().living_groups():
            invocation.output.row(group_shape(one), f"@{one.key}  {clean(one.name)}  {' '.join(one.members)}")


@group.command("save", cls=Verb)
@click.argument("key")
@click.argument("members", metavar="MEMBER…", nargs=-1)
@click.option("--name", default="", help="What it is called (default: its key).")
@click.pass_obj
def save_group(invocation: Invocation, key: str, members: tuple[str, ...], name: str) -> int:
    """Make a group of these members, or change one."""
    named = tuple(MemberKey(one.removeprefix("@").lower()) for one in members)
    return give(invocation, SaveGroup(Group(GroupKey(key), name or key, named)), key)


@group.command("retire", cls=Verb)
@click.argument("key")
@click.pass_obj
def retire_group(invocation: Invocation, key: str) -> int:
    """Let nobody name it any more."""
    return give(invocation, RetireGroup(GroupKey(key)), key)


@click.command(cls=Verb)
@click.argument("member", required=False)
@click.option("--until", type=Moment(), help="Away until then.")
@click.option("--stand-in", metavar="MEMBER", help="Who gets what is assigned meanwhile.")
@click.option("--back", is_flag=True, help="Here again.")
@click.pass_obj
def away(invocation: Invocation, member: str | None, until: datetime | None, stand_in: str | None, *, back: bool) -> int | None:
    """Say that a member is away, or list who is."""
    if member is None:
        with opened_store(invocation.home) as store:
            catch_up_briefly(invocation.home, store, invocation.output)
            for one in store.team().absences.values():
                if one.until is not None:
                    invocation.output.row(absence_shape(one), f"{one.member}  → {one.until.astimezone():%Y-%m-%d %H:%M}  {one.stand_in or '-'}")
        return None
    if (until is None) == (not back):
        raise click.UsageError(_("say --until TIME, or --back"))
    key = MemberKey(member.removeprefix("@").lower())
    instead = MemberKey(stand_in.removeprefix("@").lower()) if stand_in else None
    return give(invocation, SetAbsence(key, until, instead), member)

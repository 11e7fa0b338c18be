"""`mado member …`: who belongs to the team, what they may do where, and their end."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from mailsync.link import people_protocol as p
from mailsync.link.client import TeamClient
from mailsync.link.protocol import AddMemberRequest, MemberAdded
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import InboxRole, Member, Role
from store.domain.refusals import UnknownMember
from tui.cli.actions import Moment
from tui.cli.calling import call_server, member_key
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.member_words import details_lines, left_lines, left_shape, member_line, member_shape
from tui.cli.team import opened_store
from tui.words import _, ngettext

NEVER = "never"
NO_END = datetime(9999, 12, 31, tzinfo=UTC)


class InboxWithRole(click.ParamType[tuple[InboxKey, Role | None]]):
    """`support`, or `support:guest` where the role is another one there."""

    name = "key"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[InboxKey, Role | None]:
        """Key and role."""
        key, colon, role = str(value).partition(":")
        if not colon:
            return InboxKey(key), None
        if role not in set(Role):
            self.fail(_("{role} is no role; there are: {roles}").format(role=repr(role), roles=", ".join(Role)), param, ctx)
        return InboxKey(key), Role(role)


class EndDate(Moment):
    """A time, or `never`."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware time; `NO_END` for never."""
        return NO_END if value == NEVER else super().convert(value, param, ctx)


def _roles(inboxes: tuple[tuple[InboxKey, Role | None], ...]) -> tuple[InboxRole, ...]:
    return tuple(InboxRole(key, role) for key, role in inboxes if role is not None)


@click.group()
def member() -> None:
    """Who belongs to the team."""


@member.command(cls=Verb)
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value, show_default=True)
@click.option(
    "--inbox", "inboxes", type=InboxWithRole(), multiple=True, metavar="KEY[:ROLE]", help="Only this inbox; may be repeated. Default: every inbox."
)
@click.option("--key", help="The short name, as in @tanaka; default: made from NAME.")
@click.option("--until", type=Moment(), help="When they are a member no longer; guests: in 90 days where nothing is said.")
@click.option("--unix-user", metavar="USER", help="A Unix account that needs no password on the server's socket.")
@click.pass_obj
def add(
    invocation: Invocation,
    name: str,
    *,
    role: str,
    inboxes: tuple[tuple[InboxKey, Role | None], ...],
    key: str | None,
    until: datetime | None,
    unix_user: str | None,
) -> None:
    """Invite a member; prints the line to hand over."""
    request = AddMemberRequest(
        name, MemberKey(key) if key else None, Role(role), tuple(inbox for inbox, _role in inboxes), unix_user, until, _roles(inboxes)
    )
    _say_invited(invocation, call_server(invocation, lambda client: client.add_member(request)))


def _say_invited(invocation: Invocation, added: MemberAdded) -> None:
    who = added.member
    shape = {**member_shape(who), "invitation": added.invitation, "expires_at": added.expires_at}
    words = _("@{key} is a member now. The invitation, for one use until {until:%Y-%m-%d %H:%M} UTC:")
    invocation.output.row(shape, [words.format(key=who.key, until=added.expires_at), added.invitation])


@member.command("list", cls=Verb)
@click.pass_obj
def list_members(invocation: Invocation) -> None:
    """List who belongs to the team, those who left included."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for who in store.members():
            invocation.output.row(member_shape(who), member_line(who))


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.pass_obj
def show(invocation: Invocation, key: str) -> int:
    """A member, and what lets them in: password, second factor, networks, certificates, sessions."""
    return _on(invocation, key, lambda client, who: client.member_details(who.key))


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.option("--name", help="Another name.")
@click.option("--role", type=click.Choice([role.value for role in Role]))
@click.option("--inbox", "inboxes", type=InboxWithRole(), multiple=True, metavar="KEY[:ROLE]", help="Only these inboxes; may be repeated.")
@click.option("--every-inbox", is_flag=True, help="Every inbox, in the member's own role.")
@click.option("--until", type=EndDate(), help="When they are a member no longer; `never` for no end.")
@click.pass_obj
def change(
    invocation: Invocation,
    key: str,
    *,
    name: str | None,
    role: str | None,
    inboxes: tuple[tuple[InboxKey, Role | None], ...],
    every_inbox: bool,
    until: datetime | None,
) -> int:
    """Change name, role, inboxes or end date; it counts from the next call on."""
    ends = None if until == NO_END else until

    async def work(client: TeamClient, who: Member) -> p.MemberDetails:
        wanted = p.MemberChange(
            name or who.name,
            Role(role) if role else who.role,
            tuple(inbox for inbox, _role in inboxes) if inboxes or every_inbox else who.inboxes,
            _roles(inboxes) if inboxes or every_inbox else who.roles,
            ends if until is not None else who.ends_at,
        )
        return await client.change_member(who.key, wanted)

    return _on(invocation, key, work)


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.option("--reset", is_flag=True, help="Their password, second factor and sessions end now: the phone, or the laptop, is lost.")
@click.option("--back", is_flag=True, help="Somebody who left returns.")
@click.pass_obj
def invite(invocation: Invocation, key: str, *, reset: bool, back: bool) -> None:
    """Invite a member again; earlier invitations open nothing any more."""
    asked = p.InviteAgain(reset=reset, back=back)
    added = call_server(invocation, lambda client: client.invite_again(member_key(key), asked))
    _say_invited(invocation, added)


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.pass_obj
def uninvite(invocation: Invocation, key: str) -> None:
    """Take a member's open invitation back."""
    ended = call_server(invocation, lambda client: client.uninvite(member_key(key)))
    words = ngettext("{n} invitation was taken back", "{n} invitations were taken back", ended.count).format(n=ended.count)
    invocation.output.row({"member": member_key(key), "count": ended.count}, words)


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.argument("networks", nargs=-1, metavar="[NETWORK]…")
@click.pass_obj
def allow(invocation: Invocation, key: str, networks: tuple[str, ...]) -> int:
    """Let a member call from these networks only; none: from wherever the house allows."""

    async def work(client: TeamClient, who: Member) -> p.MemberDetails:
        await client.allow_networks(who.key, p.Networks(networks))
        return await client.member_details(who.key)

    return _on(invocation, key, work)


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The certificate itself (PEM).")
@click.pass_obj
def certificate(invocation: Invocation, key: str, names: tuple[str, ...], files: tuple[Path, ...]) -> int:
    """Bind client certificates to a member, by SHA-256 fingerprint or `subject:CN=…`; none: take them away."""
    from mailsync.link.trust import fingerprint_of_file  # start-up cost

    wanted = (*names, *(fingerprint_of_file(file) for file in files))

    async def work(client: TeamClient, who: Member) -> p.MemberDetails:
        await client.bind_certificates(who.key, p.CertificateNames(wanted))
        return await client.member_details(who.key)

    return _on(invocation, key, work)


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.pass_obj
def deactivate(invocation: Invocation, key: str) -> int:
    """End a member: sessions are cut at once and leases freed; what they did stays. Lists what was theirs."""
    who = _known(invocation, key)
    if who is None:
        return invocation.output.refused(UnknownMember(key))
    left = call_server(invocation, lambda client: client.deactivate(who.key))
    invocation.output.row(left_shape(left), [member_line(left.member), *left_lines(left)])
    return 0


@member.command(cls=Verb)
@click.pass_obj
def passwords(invocation: Invocation) -> None:
    """List shared mailbox passwords that people who left still know: change them at the mail server, then in the settings."""
    for row in call_server(invocation, lambda client: client.mailbox_passwords()):
        names = ", ".join(f"@{key}" for key in row.members)
        invocation.output.row(msgspec.to_builtins(row), _("{inbox}: {members} still know its password").format(inbox=row.inbox, members=names))


def _known(invocation: Invocation, key: str) -> Member | None:
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        return next((one for one in store.members() if one.key == member_key(key)), None)


def _on(invocation: Invocation, key: str, work: Callable[[TeamClient, Member], Awaitable[p.MemberDetails]]) -> int:
    """Do something about a member and show how they are afterwards."""
    who = _known(invocation, key)
    if who is None:
        return invocation.output.refused(UnknownMember(key))
    details = call_server(invocation, lambda client: work(client, who))
    shape = {**member_shape(details.member), **{name: value for name, value in msgspec.to_builtins(details).items() if name != "member"}}
    invocation.output.row(shape, [member_line(details.member), *details_lines(details)])
    return 0

"""`mado server run` and `mado member …`: the team's server, and who may use it."""

import asyncio
from pathlib import Path

import click
import msgspec

from mailsync.link.home import client_of
from mailsync.link.local_server import reach_server
from mailsync.link.protocol import AddMemberRequest, MemberAdded
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Member, Role
from store.domain.refusals import UnknownMember
from store.settings.settings import load_settings
from tui.cli import keeping
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.output import Output, json_line
from tui.cli.team import open_team, opened_store
from tui.words import _

LINGER_SECONDS = 60.0
"""How long a terminal's own server outlives its last client."""


@click.group()
def server() -> None:
    """The team's server."""


for verb in keeping.VERBS:
    server.add_command(verb)


@server.command(cls=Verb)
@click.option("--listen", metavar="HOST:PORT", help="Take calls on a TCP port too; other machines only with a certificate.")
@click.option("--socket", type=click.Path(dir_okay=False, path_type=Path), help="Take calls on a Unix socket too, for its group (0660).")
@click.option("--database", metavar="URL", help="postgresql://… that several servers may share; default: a file in the home.")
@click.option("--own", is_flag=True, hidden=True, help="As a terminal's own server: ends 60 s after its last client.")
@click.pass_obj
def run(invocation: Invocation, *, listen: str | None, socket: Path | None, database: str | None, own: bool) -> None:
    """Be the server of this home until told to stop; prints one JSON line when it takes calls."""
    import uvloop  # start-up cost: `member add` needs neither

    from mailsync.server.run import serve  # start-up cost: the same

    home = invocation.home
    settings = load_settings(home)

    def ready(url: str) -> None:
        click.echo(json_line({"ready": True, "url": url}))

    linger = LINGER_SECONDS if own else None
    uvloop.run(serve(settings, home, listen=listen, socket=socket, database=database, on_ready=ready, linger_seconds=linger))


@server.command(cls=Verb)
@click.pass_obj
def openapi(_invocation: Invocation) -> None:
    """Print the OpenAPI document of the server's calls; needs no server."""
    from mailsync.server.endpoints import ENDPOINTS  # start-up cost: `member add` needs no server's code
    from mailsync.server.openapi import openapi as made  # start-up cost: the same

    click.echo(json_line(made(ENDPOINTS)))


@click.group()
def member() -> None:
    """Who belongs to the team."""


@member.command(cls=Verb)
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value, show_default=True)
@click.option("--inbox", "inboxes", multiple=True, metavar="KEY", help="Only this inbox; may be repeated. Default: every inbox.")
@click.option("--key", help="The short name, as in @tanaka; default: made from NAME.")
@click.option("--unix-user", metavar="USER", help="A Unix account that needs no password on the server's socket.")
@click.pass_obj
def add(invocation: Invocation, name: str, *, role: str, inboxes: tuple[str, ...], key: str | None, unix_user: str | None) -> None:
    """Invite a member; prints the line to hand over."""
    request = AddMemberRequest(name, MemberKey(key) if key else None, Role(role), tuple(InboxKey(inbox) for inbox in inboxes), unix_user)
    added = asyncio.run(_add(invocation.home, request))
    who = added.member
    shape: dict[str, object] = {
        "member": who.key,
        "name": who.name,
        "role": who.role,
        "invitation": added.invitation,
        "expires_at": added.expires_at,
    }
    invocation.output.row(
        shape,
        [
            _("@{key} is a member now. The invitation, for one use until {until:%Y-%m-%d %H:%M} UTC:").format(key=who.key, until=added.expires_at),
            added.invitation,
        ],
    )


@member.command("list", cls=Verb)
@click.pass_obj
def list_members(invocation: Invocation) -> None:
    """List who belongs to the team, those who left included."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for who in store.members():
            _print(invocation.output, who)


@member.command(cls=Verb)
@click.argument("key", metavar="MEMBER")
@click.pass_obj
def deactivate(invocation: Invocation, key: str) -> int:
    """End a member: sessions are cut at once and leases freed; what they did stays."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                wanted = MemberKey(key.removeprefix("@").lower())
                known = next((one for one in store.members() if one.key == wanted), None)
                if known is None:
                    return invocation.output.refused(UnknownMember(key))
                await team.client.deactivate(wanted)
                _print(invocation.output, msgspec.structs.replace(known, active=False))
                return 0

    return asyncio.run(work())


def _print(output: Output, who: Member) -> None:
    shape: dict[str, object] = {"member": who.key, "name": who.name, "role": who.role, "inboxes": list(who.inboxes), "active": who.active}
    output.row(shape, f"{' ' if who.active else '×'} @{who.key}  {who.name}  {who.role}  {', '.join(who.inboxes) or '*'}")


async def _add(home: Path, request: AddMemberRequest) -> MemberAdded:
    settings = load_settings(home)
    async with client_of(home, settings, reach_server(home, settings)) as client:
        return await client.add_member(request)

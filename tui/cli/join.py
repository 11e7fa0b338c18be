"""`mado join` and `mado login`: become a member of a team with one line, or come back with a password."""

import asyncio
import socket
import sys
from pathlib import Path

import click

from mailsync.link.home import client_of, server_of
from mailsync.link.join import Welcome
from mailsync.link.join import join as join_team
from mailsync.link.join import login as log_in
from mailsync.link.mirror import Mirror
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.secrets import Secret, Secrets
from store.settings.settings import load_settings
from tui.cli.invocation import Invocation, Verb
from tui.cli.output import Output
from tui.view.trouble import problem_words
from tui.words import _


@click.command(cls=Verb)
@click.argument("invitation")
@click.option("--password-stdin", is_flag=True, help="Read a password of your own from stdin, to log in again later.")
@click.pass_obj
def join(invocation: Invocation, invitation: str, *, password_stdin: bool) -> int:
    """Join a team: session, settings and inboxes are made ready in one step."""
    password = _first_line() if password_stdin else None
    welcome = asyncio.run(join_team(invocation.home, invitation, password, terminal=terminal_name()))
    _first_look(invocation.home, invocation.output)
    _say(invocation, welcome)
    return 0


def _say(invocation: Invocation, welcome: Welcome) -> None:
    where = Secrets(invocation.home).where()
    facts = {
        "member": welcome.member.key,
        "name": welcome.member.name,
        "role": welcome.member.role,
        "server": str(welcome.server),
        "inboxes": [inbox.key for inbox in welcome.inboxes],
        "without_password": list(welcome.without_password),
        "secrets": where,
    }
    names = ", ".join(inbox.key for inbox in welcome.inboxes) or "-"
    invocation.output.row(facts, _("welcome, {name}: {inboxes} at {server}").format(name=welcome.member.name, inboxes=names, server=welcome.server))
    if where == "file":
        invocation.output.message(_("there is no keyring here: secrets are kept in a file of the home that only you can read"))
    for key in welcome.without_password:
        words = _("{inbox}: its password is not shared; store yours with `mado login --inbox {inbox}`, or set `password_command`")
        invocation.output.message(words.format(inbox=key))


def _first_look(home: Path, output: Output) -> None:
    """Load the team's state once, so that what is done next is done with knowledge of it; joining itself is already done."""

    async def look() -> None:
        settings = load_settings(home)
        address = server_of(home, settings)
        if address is None:
            return
        store = LocalStore.open(home)
        try:
            async with client_of(home, settings, address) as client:
                await Mirror(client, store).catch_up()
        finally:
            store.close()

    try:
        asyncio.run(look())
    except MadoError as error:
        output.message(_("mado: {problem}").format(problem=problem_words(error)))


@click.command(cls=Verb)
@click.option("--member", help="Your short name at the server (default: as you joined).")
@click.option("--inbox", metavar="KEY", help="Store the password of this inbox's mailbox instead.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@click.pass_obj
def login(invocation: Invocation, member: str | None, inbox: str | None, *, password_stdin: bool) -> int:
    """Get a new session from the server, or store the password of a mailbox."""
    if inbox is not None and inbox not in {known.key for known in load_settings(invocation.home).inboxes}:
        raise click.BadParameter(_("there is no inbox {inbox} in the settings").format(inbox=inbox), param_hint="--inbox")
    password = _first_line() if password_stdin else click.prompt(_("Password"), hide_input=True, err=True)
    if inbox is not None:
        secrets = Secrets(invocation.home)
        secrets.put(f"imap:{inbox}", Secret(password))
        invocation.output.row({"inbox": inbox, "secrets": secrets.where()}, _("the password of {inbox} is stored").format(inbox=inbox))
        return 0
    who = asyncio.run(log_in(invocation.home, member, password, terminal=terminal_name()))
    invocation.output.row({"member": who.key, "name": who.name, "role": who.role}, _("logged in as {name}").format(name=who.name))
    return 0


def terminal_name() -> str:
    """What a session is called in the list of one's sessions."""
    return f"mado on {socket.gethostname()}"


def _first_line() -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise click.UsageError(_("no password on stdin"))
    return line

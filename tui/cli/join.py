"""`mado join` and `mado login`: become a member of a team with one line, or come back with a password."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from mailsync.link.errors import CodeNeeded
from mailsync.link.home import client_of, server_of
from mailsync.link.join import Welcome
from mailsync.link.join import join as join_team
from mailsync.link.join import login as log_in
from mailsync.link.mirror import Mirror
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.secrets import Secret, Secrets
from store.settings.settings import load_settings
from tui.cli.asking import code_at_prompt, first_line, secret
from tui.cli.calling import member_key
from tui.cli.invocation import Invocation, Verb
from tui.cli.output import Output
from tui.view.trouble import problem_words
from tui.words import _


@click.command(cls=Verb)
@click.argument("invitation")
@click.option("--password-stdin", is_flag=True, help="Read a password of your own from stdin, to log in again later.")
@click.option("--code", help="A code of the authenticator app, where you have one already.")
@click.pass_obj
def join(invocation: Invocation, invitation: str, *, password_stdin: bool, code: str | None) -> int:
    """Join a team: session, settings and inboxes are made ready in one step. `-` reads the invitation from stdin."""
    invitation = first_line() if invitation == "-" else invitation
    password = first_line() if password_stdin else None
    welcome = asyncio.run(join_team(invocation.home, invitation, password, terminal=terminal_name(), code=code))
    if not welcome.unfinished:
        _first_look(invocation.home, invocation.output)
    words = _("welcome, {name}: {inboxes} at {server}")
    _say(invocation, welcome, words.format(name=welcome.member.name, inboxes=_names(welcome), server=welcome.server))
    return 0


def _names(welcome: Welcome) -> str:
    return ", ".join(inbox.key for inbox in welcome.inboxes) or "-"


def _say(invocation: Invocation, welcome: Welcome, sentence: str) -> None:
    where = Secrets(invocation.home).where()
    facts = {
        "member": welcome.member.key,
        "name": welcome.member.name,
        "role": welcome.member.role,
        "server": str(welcome.server),
        "inboxes": [inbox.key for inbox in welcome.inboxes],
        "without_password": list(welcome.without_password),
        "secrets": where,
        "unfinished": welcome.unfinished,
    }
    invocation.output.row(facts, sentence)
    if where == "file":
        invocation.output.message(_("there is no keyring here: secrets are kept in a file of the home that only you can read"))
    if welcome.unfinished:
        invocation.output.message(_("your role needs a second factor: `mado session totp on`, then `mado login`"))
        return
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
@click.option("--server", metavar="URL", help="On a machine that has not joined: where the team's server is.")
@click.option("--fingerprint", metavar="SHA256", help="With --server: the fingerprint of its certificate, as the server's log or an admin says.")
@click.option("--inbox", metavar="KEY", help="Store the password of this inbox's mailbox instead.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; on a second line a code, if one is needed.")
@click.option("--code", help="A code of the authenticator app, or a recovery code.")
@click.pass_obj
def login(
    invocation: Invocation,
    member: str | None,
    server: str | None,
    fingerprint: str | None,
    inbox: str | None,
    *,
    password_stdin: bool,
    code: str | None,
) -> int:
    """Get a new session from the server, or store the password of a mailbox."""
    if inbox is not None and inbox not in {known.key for known in load_settings(invocation.home).inboxes}:
        raise click.BadParameter(_("there is no inbox {inbox} in the settings").format(inbox=inbox), param_hint="--inbox")
    password = secret(_("Password"), from_stdin=password_stdin)
    if inbox is not None:
        secrets = Secrets(invocation.home)
        secrets.put(f"imap:{inbox}", Secret(password))
        invocation.output.row({"inbox": inbox, "secrets": secrets.where()}, _("the password of {inbox} is stored").format(inbox=inbox))
        return 0

    def attempt(shown: str | None) -> Awaitable[Welcome]:
        return log_in(
            invocation.home,
            member_key(member) if member else None,
            password,
            terminal=terminal_name(),
            code=shown,
            server=server,
            fingerprint=fingerprint,
        )

    welcome = asyncio.run(with_code(attempt, code, from_stdin=password_stdin))
    _say(invocation, welcome, _("logged in as {name}").format(name=welcome.member.name))
    return 0


async def with_code(attempt: Callable[[str | None], Awaitable[Welcome]], code: str | None, *, from_stdin: bool) -> Welcome:
    """Try, and once more with a code where one is wanted and none was given."""
    try:
        return await attempt(code)
    except CodeNeeded:
        if code is not None:
            raise
        asked = await asyncio.to_thread(code_at_prompt, from_stdin=from_stdin)
        if asked is None:
            raise
        return await attempt(asked)


def terminal_name() -> str:
    """What a session is called in the list of one's sessions."""
    return f"mado on {socket.gethostname()}"

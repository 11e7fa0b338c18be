"""`mado session …`: where one is logged in, one's password, and the second factor."""

import sys

import click
import msgspec

from mailsync.link import people_protocol as p
from mailsync.link.client import TeamClient
from tui.cli.asking import code_at_prompt, secret
from tui.cli.calling import call_server, member_key
from tui.cli.invocation import Invocation, Verb
from tui.words import _, ngettext

ID_LETTERS = 12


@click.group()
def session() -> None:
    """Where you are logged in, your password, your second factor."""


@session.command("list", cls=Verb)
@click.option("--member", help="A colleague's; leaders and admins only.")
@click.pass_obj
def list_sessions(invocation: Invocation, member: str | None) -> None:
    """List open sessions, the latest used first."""

    async def work(client: TeamClient) -> list[p.SessionInfo]:
        return await (client.sessions_of(member_key(member)) if member else client.own_sessions())

    for row in call_server(invocation, work):
        line = _("{mark} {id}  {terminal}  from {place}, used {used:%Y-%m-%d %H:%M}, ends {ends:%Y-%m-%d}").format(
            mark="*" if row.current else " ",
            id=row.session_id[:ID_LETTERS],
            terminal=row.terminal,
            place=row.place or "-",
            used=row.last_used_at.astimezone(),
            ends=row.ends_at.astimezone(),
        )
        invocation.output.row(msgspec.to_builtins(row), line)


@session.command(cls=Verb)
@click.argument("session_id", metavar="[ID]", required=False)
@click.option("--others", is_flag=True, help="All but this one.")
@click.option("--member", help="A colleague's: the one of ID, or all of them.")
@click.pass_obj
def end(invocation: Invocation, session_id: str | None, *, others: bool, member: str | None) -> None:
    """End a session, by the beginning of its ID; it opens nothing from then on."""
    if bool(session_id) == others and not (member and not session_id and not others):
        raise click.UsageError(_("name the session to end, or --others"))

    async def work(client: TeamClient) -> p.Ended:
        if member and session_id:
            return await client.end_session_of(member_key(member), session_id)
        if member:
            return await client.end_sessions_of(member_key(member))
        return await (client.end_own_session(session_id) if session_id else client.end_other_sessions())

    _say_ended(invocation, call_server(invocation, work))


def _say_ended(invocation: Invocation, ended: p.Ended) -> None:
    words = ngettext("{n} session was ended", "{n} sessions were ended", ended.count).format(n=ended.count)
    invocation.output.row({"ended": ended.count}, words)


@session.command(cls=Verb)
@click.option("--first", is_flag=True, help="You have none yet: only just after joining, or at the server's own socket.")
@click.option("--password-stdin", is_flag=True, help="Read the old and the new one from two lines of stdin; with --first only the new one.")
@click.pass_obj
def password(invocation: Invocation, *, first: bool, password_stdin: bool) -> None:
    """Change your password; all your other sessions end."""
    old = None if first else secret(_("Password"), from_stdin=password_stdin)
    new = secret(_("New password"), from_stdin=password_stdin, twice=True)
    _say_ended(invocation, call_server(invocation, lambda client: client.change_password(p.NewPassword(new, old))))


@session.group()
def totp() -> None:
    """The second factor: codes of an authenticator app."""


@totp.command(cls=Verb)
@click.pass_obj
def status(invocation: Invocation) -> None:
    """Say whether it is on, whether your role needs it, and how many recovery codes are left."""
    state = call_server(invocation, lambda client: client.second_factor())
    words = _("on, {n} recovery codes left").format(n=state.codes_left) if state.on else _("off")
    if state.required and not state.on:
        words = _("off, and your role needs it: `mado session totp on`")
    invocation.output.row(msgspec.to_builtins(state), words)


@totp.command(cls=Verb)
@click.option("--password-stdin", is_flag=True, help="Read your password from stdin.")
@click.pass_obj
def on(invocation: Invocation, *, password_stdin: bool) -> None:
    """Show a secret for your authenticator app; a code of it turns the second factor on."""
    shown = secret(_("Password"), from_stdin=password_stdin)
    begun = call_server(invocation, lambda client: client.begin_second_factor(p.PasswordShown(shown)))
    lines = [_("Type this secret into your authenticator app, or make a QR code of the link:"), begun.secret, begun.uri]
    invocation.output.row(msgspec.to_builtins(begun), lines)
    if not sys.stdin.isatty():
        invocation.output.message(_("it is on after `mado session totp confirm CODE`"))
        return
    code = code_at_prompt(from_stdin=False) or ""
    _say_codes(invocation, call_server(invocation, lambda client: client.confirm_second_factor(p.CodeShown(code))))


@totp.command(cls=Verb)
@click.argument("code")
@click.pass_obj
def confirm(invocation: Invocation, code: str) -> None:
    """Turn it on with a code of the app; prints the recovery codes, once."""
    _say_codes(invocation, call_server(invocation, lambda client: client.confirm_second_factor(p.CodeShown(code))))


@totp.command(cls=Verb)
@click.argument("code")
@click.pass_obj
def codes(invocation: Invocation, code: str) -> None:
    """Make new recovery codes; the old ones open nothing any more."""
    _say_codes(invocation, call_server(invocation, lambda client: client.renew_recovery_codes(p.CodeShown(code))))


@totp.command(cls=Verb)
@click.option("--password-stdin", is_flag=True, help="Read your password from stdin; on a second line a code.")
@click.option("--code", help="A code of the authenticator app, or a recovery code.")
@click.pass_obj
def off(invocation: Invocation, *, password_stdin: bool, code: str | None) -> None:
    """Turn it off."""
    shown = secret(_("Password"), from_stdin=password_stdin)
    given = code or code_at_prompt(from_stdin=password_stdin)
    call_server(invocation, lambda client: client.end_second_factor(p.PasswordShown(shown, given)))
    invocation.output.row({"on": False}, _("off"))


def _say_codes(invocation: Invocation, made: p.RecoveryCodes) -> None:
    words = _("It is on. Keep these recovery codes; each works once when the phone is not at hand:")
    invocation.output.row(msgspec.to_builtins(made), [words, *made.codes])

"""`mado server backup`, `restore`, `check` and `migrate`: the team's data in safe hands."""

import asyncio
from pathlib import Path

import click
import msgspec

from store.clock import SystemClock
from store.settings.settings import load_settings
from tui.cli.invocation import Invocation, Verb
from tui.words import _

FOUND = 1
"""Exit code of a check that found something."""

database_option = click.option("--database", metavar="URL", help="postgresql://…; default: what the settings name, else the file in the home.")


@click.command(cls=Verb)
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@database_option
@click.pass_obj
def backup(invocation: Invocation, target: Path, *, database: str | None) -> None:
    """Write everything the team agreed on into a new file; servers may go on working."""
    from store.team.backup import back_up  # start-up cost: `server run` needs none of it

    made = back_up(_place(invocation, database), target, SystemClock().now())
    shape = {"backup": str(target), **msgspec.to_builtins(made)}
    sentence = _("{path}: everything up to event {seq} ({size:,} bytes). It holds mails and password hashes: keep it as safe as the server.")
    invocation.output.row(shape, sentence.format(path=target, seq=made.seq, size=made.size_bytes))


@click.command(cls=Verb)
@click.argument("source", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@database_option
@click.pass_obj
def restore(invocation: Invocation, source: Path, *, database: str | None) -> None:
    """Bring a backup back into a place where nothing is: a new home, or an empty PostgreSQL."""
    from store.settings.lock import HomeLock  # start-up cost: the same
    from store.team.restoring import restore as bring_back

    with HomeLock(invocation.home, "server"):
        back = asyncio.run(bring_back(source, _place(invocation, database), SystemClock()))
    lines = [_("Restored up to event {seq}; every terminal loads its team anew.").format(seq=back.seq)]
    if back.unknown:
        lines.append(_("{n} replies were on their way: whether they left is unknown. Look at them in the outbox.").format(n=back.unknown))
    ended = _("Every session ({sessions}) and open invitation ({invitations}) was ended: members log in anew, or are invited again.")
    lines.append(ended.format(sessions=back.sessions, invitations=back.invitations))
    lines.append(_("Members deactivated since the backup are back: look at `mado member list` before you start the server."))
    invocation.output.row({"restored": str(source), **msgspec.to_builtins(back)}, lines)


@click.command(cls=Verb)
@database_option
@click.pass_obj
def check(invocation: Invocation, *, database: str | None) -> int:
    """Compare everything that is kept with the journal; servers may go on working. Exit code 1: something does not agree."""
    from store.team.checking import check as look  # start-up cost: the same

    found = look(_place(invocation, database))
    for finding in found.findings:
        invocation.output.row({"where": finding.where, "what": finding.what}, f"{finding.where}: {finding.what}")
    if found.findings:
        invocation.output.message(_("What is kept does not agree with the journal. Stop the server and restore a backup, or ask for help."))
        return FOUND
    shape = {"events": found.events, "conversations": found.conversations, "findings": []}
    invocation.output.row(shape, _("{events:,} events and {n:,} conversations agree.").format(events=found.events, n=found.conversations))
    return 0


@click.command(cls=Verb)
@database_option
@click.pass_obj
def migrate(invocation: Invocation, *, database: str | None) -> None:
    """Bring the tables of an older madoguchi to this one's; every server must be stopped."""
    from store.settings.lock import HomeLock  # start-up cost: the same
    from store.team.migrating import migrate as bring_up

    with HomeLock(invocation.home, "server"):
        moved = bring_up(_place(invocation, database), SystemClock().now())
    if moved.known == moved.now:
        sentence = _("The tables are of version {now} already.").format(now=moved.now)
    else:
        sentence = _("The tables were of version {known}, and are of version {now} now.").format(known=moved.known, now=moved.now)
    invocation.output.row(msgspec.to_builtins(moved), sentence)


def _place(invocation: Invocation, database: str | None) -> Path | str:
    from mailsync.server.place import place_of_data  # start-up cost: the same

    return place_of_data(load_settings(invocation.home), invocation.home, database)


VERBS = (backup, restore, check, migrate)

"""`mado sync --once`: one pass over every mailbox, then the team's news. It never starts a server."""

import asyncio
from pathlib import Path

import click
import msgspec

from mailsync.engine.engine import Engine
from mailsync.engine.reports import PullReport
from mailsync.engine.turn import PulledElsewhere
from mailsync.link.home import client_of, server_of
from mailsync.link.mirror import Mirror
from store.clock import SystemClock
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import Settings, load_settings
from tui.cli.ended import raise_if_over
from tui.cli.invocation import Invocation, Verb
from tui.cli.output import REFUSED, Output
from tui.cli.team import opened_store, send_what_waited
from tui.view.lost import lost_words
from tui.view.overheard import in_own_words
from tui.view.trouble import problem_words
from tui.view.verify_words import flaw_words, verified_words
from tui.words import _


@click.command(cls=Verb)
@click.option("--once", is_flag=True, help="One pass; the terminal syncs by itself while it is open.")
@click.option("--verify", is_flag=True, help="One pass that compares every message with the server and mends what differs.")
@click.pass_obj
def sync(invocation: Invocation, *, once: bool, verify: bool) -> int:
    """Bring the local store up to date: each mailbox a line, then the team's state.

    With --verify the exit code is 1 when a difference could not be mended.
    """
    if not (once or verify):
        raise click.UsageError(_("say --once; the terminal (`mado`) syncs by itself while it is open"))
    settings = load_settings(invocation.home)
    with opened_store(invocation.home) as store:
        return asyncio.run(_sync(invocation.home, settings, store, invocation.output, verify=verify))


async def _sync(home: Path, settings: Settings, store: LocalStore, output: Output, *, verify: bool) -> int:
    engine = Engine(store, settings.inboxes, Secrets(home), SystemClock())
    reports = await engine.pull_once(verify=verify, on_elsewhere=lambda other: output.message(_asking(other)))
    for sentence in (*store.repairs, *(flaw_words(flaw) for report in reports for flaw in report.flaws)):
        output.message(_("mado: {problem}").format(problem=in_own_words(sentence)))
    for report in reports:
        _print(output, report)
    codes = [report.error.exit_code for report in reports if report.error is not None]
    codes += [REFUSED for report in reports if report.verified is not None and not report.verified.is_level]
    try:
        await _level_with_team(home, settings, store, output, reports)
    except MadoError as error:
        raise_if_over(home, settings, store, error)
        # The mail is here; that the team's server is away is worth a word, and its code only when nothing worse happened.
        output.message(_("mado: {problem}").format(problem=problem_words(error)))
        codes.append(error.exit_code)
    return codes[0] if codes else 0


def _asking(other: PulledElsewhere) -> str:
    who = _("process {pid}").format(pid=other.pid) if other.pid else "?"
    return _("mado: another program of this home ({who}) fetches the mail; it is asked to do this, and waited for").format(who=who)


def _print(output: Output, report: PullReport) -> None:
    facts: dict[str, object] = {
        "inbox": report.inbox,
        "mailbox": report.mailbox,
        "new": report.new,
        "changed": report.changed,
        "gone": report.gone,
        "seconds": round(report.seconds, 3),
        "error": None if report.error is None else str(report.error),
    }
    words = _("{inbox} {mailbox}: {new} new, {changed} changed, {gone} gone, {seconds:.1f} s").format(**{**facts, "seconds": report.seconds})
    if report.verified is not None:
        counts = msgspec.structs.asdict(report.verified)
        facts |= counts
        words += "; " + verified_words(**counts)
    output.row(facts, words)
    if report.error is not None:
        output.message(_("mado: {problem}").format(problem=problem_words(report.error)))


async def _level_with_team(home: Path, settings: Settings, store: LocalStore, output: Output, reports: tuple[PullReport, ...]) -> None:
    address = server_of(home, settings)
    if address is None:
        return
    async with client_of(home, settings, address) as client:
        mirror = Mirror(client, store, lambda lost: output.message(lost_words(lost.inboxes, lost.words)))
        await mirror.catch_up()
        await send_what_waited(client, mirror, store, output)
        for inbox in {report.inbox for report in reports if report.new}:
            await client.hint(inbox)

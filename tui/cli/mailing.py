"""`mado mailing`: one text for many people in a table: tried, looked at, handed in, approved, begun, paused, and its results."""

import asyncio
import sys
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path

import click
import msgspec

from mailsync.link.client import TeamClient
from mailsync.link.mailing_protocol import MailingRefused, MailingRequest, MailingTold
from store.clock import SystemClock
from store.domain.ids import MailingId
from store.domain.mailing import OVER, MailingState
from store.domain.mailing_commands import BeginMailing, CancelMailing, MailingCommand, PauseMailing, ResumeMailing
from store.domain.mailing_report import Report
from store.domain.mailing_sheet import SheetUnreadable
from store.errors import BadInput, CannotReach
from store.settings.settings import load_settings
from tui.cli.calling import call_server
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.mailing_table import Table, note_suppressed, open_table, tell_letters, tell_report, try_out
from tui.cli.output import Output
from tui.cli.shapes import utc
from tui.cli.team import opened_store
from tui.cli.template import find_template
from tui.view.gate import clean
from tui.view.mailing_words import check_words, fates_words, mailing_refusal_words, progress_words, sheet_words, state_words
from tui.words import _

NOT_ALL = 1
"""Exit code: some rows cannot be sent."""
BAD_INPUT = 5
LOOK_EVERY_SECONDS = 1.0
SHORT_ID = 8


@click.group()
def mailing() -> None:
    """One text for many people, in a table (CSV)."""


class NoSuchMailing(BadInput):
    """No mailing, or several, are meant by this."""

    def __init__(self, text: str) -> None:
        super().__init__(_("no mailing, or more than one, is meant by `{text}`; `mado mailing list` names them").format(text=text), text=text)


def table_verb(work: Callable[..., int]) -> Callable[..., int]:
    """A verb that reads a table: it says what is wrong with the file as a whole."""

    @wraps(work)
    def said(invocation: Invocation, /, **given: object) -> int:
        try:
            return work(invocation, **given)
        except SheetUnreadable as error:
            words = sheet_words(error)
            if invocation.json:
                shape = {"error": error.code, "row": error.row or None, "column": error.column or None, "fact": error.fact}
                invocation.output.row(shape, words)
            invocation.output.message(_("mado: {problem}").format(problem=f"{given['file']}: {words}"))
            return BAD_INPUT

    return said


TEMPLATE = click.option("--template", "template_name", metavar="T", required=True, help="A template's key or name.")
INBOX = click.option("--inbox", metavar="KEY", help="The inbox it is sent from (default: the only one).")
FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


def table_of(invocation: Invocation, file: Path, template_name: str, inbox: str | None) -> tuple[Table, str]:
    """The table, and the name of whoever writes."""
    settings = load_settings(invocation.home)
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        template = find_template(store, template_name)
        agent = next((member.name for member in store.members() if member.key == settings.member), settings.member or "")
    return open_table(file, template, settings, inbox), agent


@mailing.command(cls=Verb)
@FILE
@TEMPLATE
@INBOX
@click.pass_obj
@table_verb
def check(invocation: Invocation, *, file: Path, template_name: str, inbox: str | None) -> int:
    """Try every row: merge, check and write each mail, and send nothing."""
    table, agent = table_of(invocation, file, template_name, inbox)
    report, addresses = try_out(table, table.trial(agent, SystemClock().now()))
    suppressed = ask_suppressed(invocation, report, addresses)
    tell_report(invocation.output, report, suppressed=suppressed)
    return 0 if report.sendable == report.rows else NOT_ALL


def ask_suppressed(invocation: Invocation, report: Report, addresses: dict[str, int]) -> int | None:
    """How many are on the do-not-mail list; None: the server is away, which is said."""
    try:
        return call_server(invocation, partial(note_suppressed, report=report, addresses=addresses))
    except CannotReach:
        invocation.output.message(_("mado: the server does not answer: the do-not-mail list is looked at again when each row has its turn"))
        return None


@mailing.command(cls=Verb)
@FILE
@TEMPLATE
@INBOX
@click.pass_obj
@table_verb
def preview(invocation: Invocation, *, file: Path, template_name: str, inbox: str | None) -> int:
    """Show three of the mails: the first, the longest, and one in which something stands in for an empty cell."""
    table, agent = table_of(invocation, file, template_name, inbox)
    report, _addresses = try_out(table, table.trial(agent, SystemClock().now()))
    if not report.examples:
        tell_report(invocation.output, report, suppressed=None)
    tell_letters(invocation.output, report.examples)
    return 0 if report.examples else NOT_ALL


def told_shape(told: MailingTold) -> dict[str, object]:
    """A mailing as a JSON object."""
    mailing = told.mailing
    facts = msgspec.to_builtins(mailing)
    times = {name: utc(getattr(mailing, name)) for name in ("started_at", "begun_at", "ended_at")}
    check = told.check
    stages = {"stage": min(check.stage, check.stages), "stages": check.stages, "approved_by": list(check.yes), "why_checked": list(check.why)}
    fates = {str(fate): count for fate, count in told.fates.items()}
    return {**facts, **times, **stages, "there": told.there, "fates": fates, "hash": mailing.subject.frozen_sha256}


def told_lines(told: MailingTold) -> list[str]:
    """A mailing in two lines, and one more each of what became of its rows and of whose yes it has."""
    mailing = told.mailing
    first = f"{mailing.id[:SHORT_ID]}  {clean(mailing.name)}  {state_words(mailing, told.check)}  ({mailing.inbox}, {mailing.by})"
    if mailing.state is MailingState.UPLOADING:
        return [first, "          " + _("{there:,} of {rows:,} rows are at the server").format(there=told.there, rows=mailing.rows)]
    more = (check_words(mailing, told.check, {}), fates_words(told.fates))
    return [first, f"          {progress_words(mailing, told.fates)}", *(f"          {said}" for said in more if said)]


def tell(output: Output, told: MailingTold) -> None:
    """Say how a mailing stands."""
    output.row(told_shape(told), told_lines(told))


async def find(client: TeamClient, text: str) -> MailingTold:
    """The mailing meant by the beginning of its id, or by its name.

    Raises:
        NoSuchMailing: None, or several.
    """
    known = await client.mailings()
    found = [one for one in known if text and one.mailing.id.startswith(text)] or [one for one in known if one.mailing.name == text]
    if len(found) != 1:
        raise NoSuchMailing(text)
    return found[0]


@mailing.command("list", cls=Verb)
@click.pass_obj
def list_mailings(invocation: Invocation) -> None:
    """List the mailings of your inboxes, the newest first."""
    for told in call_server(invocation, lambda client: client.mailings()):
        tell(invocation.output, told)


@mailing.command(cls=Verb)
@click.argument("name", metavar="MAILING")
@click.option("--wait", is_flag=True, help="Go on telling until it is over, or paused.")
@click.pass_obj
def status(invocation: Invocation, name: str, *, wait: bool) -> int:
    """Say how a mailing stands: how far, how fast, how long still."""

    async def work(client: TeamClient) -> int:
        told = await find(client, name)
        tell(invocation.output, told)
        while wait and told.mailing.state in {MailingState.RUNNING, MailingState.UPLOADING, MailingState.WAITING}:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            before, told = told, await find(client, told.mailing.id)
            if told != before:
                tell(invocation.output, told)
        return 0

    return call_server(invocation, work)


def sure(question: str, *, yes: bool) -> bool:
    """Whether it is meant: `--yes` says so, else whoever sits here.

    Raises:
        click.UsageError: Nobody can be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(_("say --yes: nobody can be asked here"))
    return click.confirm(question, err=True)


def give(invocation: Invocation, name: str, command: Callable[[MailingTold], MailingCommand]) -> int:
    """Find the mailing, ask for something, and say how it stands then."""

    async def work(client: TeamClient) -> int:
        return await ask(client, invocation.output, command(await find(client, name)))

    return call_server(invocation, work)


async def ask(client: TeamClient, output: Output, command: MailingCommand) -> int:
    """Give a command; 1 where the rules say no."""
    answer = await client.command_mailing(MailingRequest(command))
    if isinstance(answer, MailingRefused):
        return refused(output, answer, command.mailing_id)
    tell(output, answer)
    return 0


def refused(output: Output, answer: MailingRefused, mailing_id: MailingId) -> int:
    """Say why the rules say no."""
    return output.stopped({**msgspec.to_builtins(answer.refusal), "id": mailing_id}, mailing_refusal_words(answer.refusal))


@mailing.command(cls=Verb)
@click.argument("name", metavar="MAILING")
@click.pass_obj
def begin(invocation: Invocation, name: str) -> int:
    """Let it leave."""
    return give(invocation, name, lambda told: BeginMailing(mailing_id=told.mailing.id))


@mailing.command(cls=Verb)
@click.argument("name", metavar="MAILING")
@click.pass_obj
def pause(invocation: Invocation, name: str) -> int:
    """Stop it; what is in the outbox already still leaves."""
    return give(invocation, name, lambda told: PauseMailing(mailing_id=told.mailing.id))


@mailing.command(cls=Verb)
@click.argument("name", metavar="MAILING")
@click.option("--per-minute", type=click.IntRange(min=1), default=None, help="Another pace from now on.")
@click.pass_obj
def resume(invocation: Invocation, name: str, *, per_minute: int | None) -> int:
    """Go on where it stopped."""
    return give(invocation, name, lambda told: ResumeMailing(mailing_id=told.mailing.id, per_minute=per_minute or 0))


@mailing.command(cls=Verb)
@click.argument("name", metavar="MAILING")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def cancel(invocation: Invocation, name: str, *, yes: bool) -> int:
    """End it for good; what left has left."""
    if not sure(_("End the mailing for good?"), yes=yes):
        return NOT_ALL
    return give(invocation, name, lambda told: CancelMailing(mailing_id=told.mailing.id))


def is_over(told: MailingTold) -> bool:
    """Whether no row will have its turn any more."""
    return told.mailing.state in OVER

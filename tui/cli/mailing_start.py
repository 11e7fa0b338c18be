"""`mado mailing start`: the trial, the upload page by page, and the beginning. Safe to call again after a crash at any moment.

The mailing's id is made of the table, the text and the name, its mails' Date is the server's: the same call makes the same bytes, goes on
behind the last row that is there, and begins nothing twice.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from mailsync.link.client import TeamClient
from mailsync.link.mailing_protocol import MailingRefused, MailingRequest, MailingTold, RowBody, RowsPage
from store.clock import SystemClock
from store.domain.ids import MailingId
from store.domain.mailing import MailingRow, MailingState, digest_of, mailing_id
from store.domain.mailing_commands import BeginMailing, HandInMailing, MailingChanged, StartMailing
from store.domain.unsubscribing import Doors
from tui.cli.calling import call_server
from tui.cli.invocation import Invocation, Verb
from tui.cli.mailing import FILE, INBOX, NOT_ALL, TEMPLATE, ask, mailing, refused, table_of, table_verb, tell
from tui.cli.mailing_table import Table, note_suppressed, tell_letters, tell_report, try_out
from tui.cli.output import Output
from tui.mailing import Making, mails
from tui.view.mailing_words import sent_back_words
from tui.words import _

PAGE_ROWS = 200
PAGE_BYTES = 4_000_000
PER_MINUTE = 60


@dataclass(frozen=True)
class Wish:
    """What the command line asks for, beside the table."""

    name: str
    agent: str
    per_minute: int
    ask_approval: bool
    begin: bool
    again: str


@mailing.command(cls=Verb)
@FILE
@TEMPLATE
@INBOX
@click.option("--name", default="", help="What the mailing is called (default: the file's name).")
@click.option("--per-minute", type=click.IntRange(1, 6000), default=PER_MINUTE, show_default=True, help="How many mails leave in a minute.")
@click.option("--ask-approval", is_flag=True, help="Somebody else must approve it before it begins.")
@click.option("--no-begin", is_flag=True, help="Only hand it in; `mado mailing begin` lets it leave.")
@click.option("--yes", "--resume", "yes", is_flag=True, help="Do not ask; also to go on after the connection, or this program, was cut.")
@click.option("--again", default="", metavar="WORD", help="Send the same to the same people once more: any word makes another mailing of it.")
@click.pass_obj
@table_verb
def start(
    invocation: Invocation,
    *,
    file: Path,
    template_name: str,
    inbox: str | None,
    name: str,
    per_minute: int,
    ask_approval: bool,
    no_begin: bool,
    yes: bool,
    again: str,
) -> int:
    """Check the table, hand its mails in, and let them leave one by one."""
    if not yes and not sys.stdin.isatty():
        raise click.UsageError(_("say --yes: nobody can be asked here"))
    table, agent = table_of(invocation, file, template_name, inbox)
    wish = Wish(name or file.stem, agent, per_minute, ask_approval, not no_begin, again)
    return call_server(invocation, lambda client: _start(client, invocation.output, table, wish, yes=yes))


async def _start(client: TeamClient, output: Output, table: Table, wish: Wish, *, yes: bool) -> int:
    id_ = mailing_id(table.inbox.key, wish.name, table.template.key, table.template.version, table.raw, wish.again)
    known = next((one for one in await client.mailings() if one.mailing.id == id_), None)
    if known is not None and not known.mailing.takes_rows:
        output.message(_("This mailing is at the server already; nothing is sent twice."))
        return await _go_on(client, output, known, wish)
    report, addresses = try_out(table, table.trial(wish.agent, SystemClock().now()))
    tell_report(output, report, suppressed=await note_suppressed(client, report, addresses))
    if not report.sendable:
        return NOT_ALL
    if not yes:
        tell_letters(output, report.examples)
        if not click.confirm(_("Hand in {n:,} mails?").format(n=report.sendable), err=True):
            return NOT_ALL
    answer = await client.command_mailing(MailingRequest(_announcement(id_, table, wish, report.sendable)))
    if isinstance(answer, MailingRefused):
        return refused(output, answer, id_)
    handed_in = await _hand_in(client, output, table, wish, answer)
    return handed_in if isinstance(handed_in, int) else await _go_on(client, output, handed_in, wish)


def _announcement(id_: MailingId, table: Table, wish: Wish, rows: int) -> StartMailing:
    return StartMailing(
        mailing_id=id_,
        inbox=table.inbox.key,
        name=wish.name,
        rows=rows,
        per_minute=wish.per_minute,
        template=table.template.key,
        template_version=table.template.version,
        ask_approval=wish.ask_approval,
    )


async def _hand_in(client: TeamClient, output: Output, table: Table, wish: Wish, told: MailingTold) -> MailingTold | int:
    """Every row, then their hash. What lies there from an earlier time and is not the same by now is handed in anew, once."""
    mailing = told.mailing
    doors = await client.mailing_doors(mailing.id)
    wording = table.wording(wish.agent, mailing.started_at)
    making = Making(mailing.id, table.inbox, wording, Doors(doors.url, doors.mailto), doors.key, mailing.started_at)
    answer: MailingTold | MailingRefused = told
    for behind in dict.fromkeys((told.last_n, 0)):
        digest = await _upload(client, output, table, making, behind, mailing.rows)
        answer = await client.command_mailing(MailingRequest(HandInMailing(mailing_id=mailing.id, sha256=digest)))
        if isinstance(answer, MailingTold):
            return answer
        if not isinstance(answer.refusal, MailingChanged):
            break
    assert isinstance(answer, MailingRefused), "the loop ends with an answer"
    return refused(output, answer, mailing.id)


async def _upload(client: TeamClient, output: Output, table: Table, making: Making, behind: int, rows: int) -> str:
    """Hand in the rows behind `behind`; returns the hash of all, of those that were there before as well."""
    digest, done, last = "", 0, behind
    for page in _pages(body for _found, body in mails(table.sheet, making) if body is not None):
        digest = digest_of((MailingRow(row.n, row.address, row.name, row.subject, row.message_id, row.mime) for row in page), digest)
        done += len(page)
        new = tuple(row for row in page if row.n > behind)
        if new:
            last = (await client.add_mailing_rows(making.mailing, RowsPage(last, new))).last
            output.message(_("{done:,} of {rows:,} mails handed in").format(done=done, rows=rows))
    return digest


def _pages(bodies: Iterator[RowBody]) -> Iterator[list[RowBody]]:
    page: list[RowBody] = []
    size = 0
    for body in bodies:
        page.append(body)
        size += len(body.mime)
        if len(page) >= PAGE_ROWS or size >= PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


async def _go_on(client: TeamClient, output: Output, told: MailingTold, wish: Wish) -> int:
    """It is at the server: begin it, where that was asked for and nobody need approve it first."""
    mailing = told.mailing
    if mailing.state is MailingState.WAITING and wish.begin and not told.check.waits:
        return await ask(client, output, BeginMailing(mailing_id=mailing.id))
    if mailing.state is MailingState.SENT_BACK:
        output.message(sent_back_words())
    tell(output, told)
    return 0

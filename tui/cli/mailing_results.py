"""`mado mailing results`: what became of each row, in the very table it came from."""

from pathlib import Path

import click

from mailsync.link.client import TeamClient
from mailsync.link.mailing_protocol import MailingTold, RowResultLine
from store.domain.mailing_recipients import Recipient, folded, read_recipients
from store.domain.mailing_results import RowResult, with_results
from store.domain.mailing_sheet import read_sheet
from store.errors import BadInput
from store.settings.atomic import replace_file
from tui.cli.calling import call_server
from tui.cli.invocation import Invocation, Verb
from tui.cli.mailing import FILE, find, is_over, mailing, table_verb, told_lines, told_shape
from tui.cli.mailing_table import TableUnreadable
from tui.view.mailing_words import fates_words
from tui.words import _

NOT_OVER = 1


class AnotherTable(BadInput):
    """The file is not the one the mailing was made from."""

    def __init__(self, path: Path, row: int) -> None:
        words = _("{path} is not the table of this mailing: row {row} has another address; nothing was written")
        super().__init__(words.format(path=path, row=row), path=path, row=row)


@mailing.command(cls=Verb)
@FILE
@click.option("--mailing", "name", metavar="MAILING", default="", help="Its id or name (default: the file's name).")
@click.option("--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="Another file to write to (default: FILE itself).")
@click.pass_obj
@table_verb
def results(invocation: Invocation, *, file: Path, name: str, target: Path | None) -> int:
    """Write into the table what became of each row: state, reason, time, Message-ID."""

    async def work(client: TeamClient) -> tuple[MailingTold, dict[int, RowResultLine]]:
        told = await find(client, name or file.stem)
        found: dict[int, RowResultLine] = {}
        while page := await client.mailing_results(told.mailing.id, max(found, default=0)):
            found |= {row.n: row for row in page}
        return told, found

    told, rows = call_server(invocation, work)
    write_results(file, target or file, rows)
    invocation.output.row(told_shape(told), [*told_lines(told)[:1], fates_words(told.fates), _("written to {path}").format(path=target or file)])
    return 0 if is_over(told) else NOT_OVER


def write_results(file: Path, target: Path, rows: dict[int, RowResultLine]) -> None:
    """The table with its results, whole or not at all; blocks.

    Raises:
        TableUnreadable, SheetUnreadable: It cannot be read, or written.
        AnotherTable: A row that was sent has another address here.
    """
    try:
        raw = file.read_bytes()
        mode = file.stat().st_mode & 0o777
    except OSError as error:
        raise TableUnreadable(file, error.strerror or type(error).__name__) from error
    sheet = read_sheet(raw)
    here = {found.n: found.address for found in read_recipients(sheet) if isinstance(found, Recipient)}
    for row in rows.values():
        # Erased meanwhile: no address is known any more, and the row's number says enough.
        if row.address and folded(here.get(row.n, "")) != folded(row.address):
            raise AnotherTable(file, row.n)
    told = {row.n: RowResult(str(row.fate), row.reason, f"{row.at:%Y-%m-%dT%H:%M:%SZ}" if row.at else "", row.message_id) for row in rows.values()}
    try:
        replace_file(target, b"".join(with_results(sheet, told)))
        target.chmod(mode)
    except OSError as error:
        raise TableUnreadable(target, error.strerror or type(error).__name__) from error

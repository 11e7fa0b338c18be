"""What the verbs of a mailing begin with: the table, the template, the inbox, and the trial of every row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailsync.link.client import TeamClient
from mailsync.link.mailing_protocol import Addresses
from store.domain.ids import InboxKey
from store.domain.mailing_letters import Letter, Wording, says_how_to_unsubscribe
from store.domain.mailing_report import Found, Report
from store.domain.mailing_sheet import Sheet, read_sheet
from store.domain.send_check import WARNING
from store.domain.template import Template
from store.errors import BadInput
from store.settings.settings import InboxSettings, Settings
from tui.cli.output import Output
from tui.mailing import Making, mails, trial, wording_of
from tui.view.mailing_words import found_words, rows_words
from tui.words import _

ASKED_AT_ONCE = 2000


class TableUnreadable(BadInput):
    """The file cannot be opened."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(_("{path} cannot be read: {problem}").format(path=path, problem=problem), path=path, problem=problem)


class NoSuchInbox(BadInput):
    """The settings name no such inbox."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        words = _("the settings here know no inbox `{key}`; they know {known}")
        super().__init__(words.format(key=key, known=", ".join(known) or "-"), inbox=key)


class TemplateElsewhere(BadInput):
    """The template is for other inboxes."""

    def __init__(self, template: str, inbox: str) -> None:
        words = _("the template `{template}` is not for the inbox `{inbox}`")
        super().__init__(words.format(template=template, inbox=inbox), template=template, inbox=inbox)


@dataclass(frozen=True)
class Table:
    """A file that was read, and what is to be written to those in it."""

    path: Path
    raw: bytes
    sheet: Sheet
    template: Template
    inbox: InboxSettings
    own_addresses: frozenset[str]

    def wording(self, agent: str, at: datetime) -> Wording:
        """What all letters have in common, as of a moment."""
        return wording_of(self.template, self.inbox, agent, self.own_addresses, at)

    def trial(self, agent: str, at: datetime) -> Making:
        """For letters that do not leave."""
        return trial(self.inbox, self.wording(agent, at), at)


def open_table(path: Path, template: Template, settings: Settings, inbox: str | None) -> Table:
    """Read the file; blocks.

    Raises:
        TableUnreadable, SheetUnreadable, NoSuchInbox, TemplateElsewhere: As they say.
    """
    sends_from = inbox_of(settings, inbox)
    if template.inboxes and sends_from.key not in template.inboxes:
        raise TemplateElsewhere(template.key, sends_from.key)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TableUnreadable(path, error.strerror or type(error).__name__) from error
    own = frozenset(each.address.lower() for each in settings.inboxes)
    return Table(path, raw, read_sheet(raw), template, sends_from, own)


def inbox_of(settings: Settings, key: str | None) -> InboxSettings:
    """The inbox of that key; None: the only one.

    Raises:
        NoSuchInbox: There is none, or several.
    """
    named = [each for each in settings.inboxes if key is None or each.key == InboxKey(key)]
    if len(named) != 1:
        raise NoSuchInbox(key or "", (each.key for each in settings.inboxes))
    return named[0]


def try_out(table: Table, making: Making) -> tuple[Report, dict[str, int]]:
    """Every row written and checked, none kept; returns also the row of each address that could be written to.

    Raises:
        SheetUnreadable: The table is broken from some row on.
    """
    report, addresses = Report(), {}
    for found, body in mails(table.sheet, making):
        report.take(found)
        if body is not None:
            addresses[body.address] = body.n
    if not says_how_to_unsubscribe(table.template):
        report.note(0, "no_unsubscribe", WARNING, 0, "{{unsubscribe}}")
    return report, addresses


async def note_suppressed(client: TeamClient, report: Report, addresses: dict[str, int]) -> int:
    """Note in the report whom nobody writes to; returns how many of the rows that is."""
    found = 0
    asked = list(addresses)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        for address in (await client.suppressed_among(Addresses(tuple(asked[start : start + ASKED_AT_ONCE])))).addresses:
            report.note(addresses[address], "suppressed", WARNING, 0, address)
            found += 1
    return found


def tell_report(output: Output, report: Report, *, suppressed: int | None) -> None:
    """What the trial came to. `suppressed` None: the server could not be asked."""
    for found in report.found:
        output.row(_shape(found), _line(found))
    shape = {"rows": report.rows, "sendable": report.sendable, "excluded": report.rows - report.sendable, "suppressed": suppressed}
    words = _("{rows:,} rows: {sendable:,} can be sent, {excluded:,} cannot").format(
        rows=report.rows, sendable=report.sendable, excluded=report.rows - report.sendable
    )
    if suppressed:
        words += _(", {n:,} will be skipped").format(n=suppressed)
    output.row(shape, words)


def _shape(found: Found) -> dict[str, object]:
    shape = {"code": found.code, "severity": found.severity, "rows": found.rows, "first": [n for n in found.first if n]}
    return shape | {"column": found.column or None, "fact": found.fact}


def _line(found: Found) -> str:
    mark = "✕" if found.severity != WARNING else "!"
    where = "" if not any(found.first) else f"  {rows_words(found)}"
    return f"{mark} {found.rows:>6,}  {found_words(found)}{where}" if where else f"{mark}         {found_words(found)}"


def tell_letters(output: Output, letters: Sequence[Letter]) -> None:
    """Letters as their recipients will read them."""
    for letter in letters:
        recipient = letter.recipient
        shape = {"row": recipient.n, "to": recipient.address, "name": recipient.name, "subject": letter.subject, "body": letter.body}
        head = [
            "─" * 40,
            _("Row {n}").format(n=recipient.n),
            _("To: {to}").format(to=f"{recipient.name} <{recipient.address}>"),
            _("Subject: {subject}").format(subject=letter.subject),
            "",
        ]
        output.row(shape | {"fallback": letter.fallback}, [*head, *letter.body.splitlines()])

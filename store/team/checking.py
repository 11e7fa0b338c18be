"""Whether what is kept agrees with itself: a journal without gaps, and every table as it follows from the journal. Reads, and changes nothing."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import MemberChanged, TemplateSaved
from store.domain.evolve import fold
from store.domain.ids import ConversationId, Seq
from store.sqlite.connection import connect
from store.sqlite.errors import CannotOpen
from store.team import check_statements as c
from store.team import statements as s
from store.team.connection import Connection
from store.team.database import Place, is_url, open_database
from store.team.errors import NoBackup
from store.team.files_check import FilesSeen, note_files, wrong_files
from store.team.migrations import schema_of
from store.team.projection import due_in_row, wakes_in_row
from store.team.reading import all_members, counter, templates, timeline
from store.team.rows import read_conversation, read_recorded, run
from store.team.tables import SCHEMA, aliases, conversations, known_messages, submissions, threads
from store.team.whole_tables import rows_of

EVENTS_AT_ONCE = 2000
MOST_FINDINGS = 100
"""Said one by one; a damaged table would fill the screen."""


class Finding(msgspec.Struct, frozen=True):
    """Something that does not agree."""

    where: str
    what: str


class Checked(msgspec.Struct, frozen=True):
    """What was looked at, and what was found. Nothing found: it agrees."""

    events: int
    conversations: int
    findings: tuple[Finding, ...]


def check(place: Place) -> Checked:
    """Look at everything, as of one moment, beside the servers that work. Blocking.

    Raises:
        StoreError: It cannot be read.
        NoBackup: There is nothing of a team, or of another version.
    """
    if is_url(place):
        database = open_database(place)
        try:
            return database.read_alone(_check)
        finally:
            database.close()
    path = Path(place)
    if not path.exists():
        raise CannotOpen(path, "there is no such file")
    connection = connect(path, readonly=True)
    try:
        with connection.snapshot():
            broken = tuple(Finding("the file", str(row[0])) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok")
            found = _check(connection)
            return msgspec.structs.replace(found, findings=broken + found.findings)
    finally:
        connection.close()


def _check(connection: Connection) -> Checked:
    known = schema_of(connection)
    if known != SCHEMA:
        raise NoBackup(connection.path, "there is nothing of a team" if known is None else f"its tables are of version {known}, not {SCHEMA}")
    seen = _Seen()
    findings: list[Finding] = []
    for finding in _all(connection, seen):
        findings.append(finding)
        if len(findings) == MOST_FINDINGS:
            findings.append(Finding("…", "and perhaps more"))
            break
    return Checked(seen.events, len(seen.ids), tuple(findings))


class _Seen:
    """What the passes have met."""

    def __init__(self) -> None:
        self.events = 0
        self.ids: set[ConversationId] = set()
        self.numbers: set[int] = set()
        self.submissions: set[str] = set()
        self.in_journal: set[str] = set()
        self.files: FilesSeen = {}


def _all(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    yield from _journal(connection, seen)
    yield from _conversations(connection, seen)
    yield from _outbox(connection, seen)
    yield from _registry(connection, seen)
    yield from wrong_files(connection, seen.files, Finding)


def _journal(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    """Every seq once, from 1 to the counter; and who and which templates there are."""
    last = Seq(0)
    members, saved = {}, {}
    while rows := run(connection, s.EVENTS_SINCE, since=last, most=EVENTS_AT_ONCE):
        events = [read_recorded(body) for body, _ in rows]
        for before, part in pairwise((None, *events)):
            expected = (before.seq if before else last) + 1
            if part is not None and part.seq != expected:
                yield Finding("the journal", f"behind {expected - 1} comes {part.seq}")
        for part in events:
            if part.conversation_id is not None:
                seen.in_journal.add(part.conversation_id)
            if isinstance(part.event, MemberChanged):
                members[part.event.member.key] = part.event.member
            elif isinstance(part.event, TemplateSaved):
                saved[part.event.template.key] = part.event.template
        seen.events += len(events)
        last = events[-1].seq
    if last != counter(connection, "seq"):
        yield Finding("the journal", f"ends at {last}, and the counter says {counter(connection, 'seq')}")
    if {member.key: member for member in all_members(connection)} != members:
        yield Finding("the members", "are not what the journal says")
    if {template.key: template for template in templates(connection)} != saved:
        yield Finding("the templates", "are not what the journal says")


def _conversations(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    for id_, number, inbox, leased, wake_at, body in rows_of(connection, conversations):
        state = read_conversation(body)
        where = f"conversation {id_}"
        seen.ids.add(state.id)
        if state != fold(state.id, timeline(connection, conversation_id=state.id)):
            yield Finding(where, "is not what follows from its events")
        if (id_, number, inbox, leased, wake_at) != (state.id, state.number, state.inbox, int(state.lease is not None), wakes_in_row(state)):
            yield Finding(where, "is listed as something else than it is")
        if number in seen.numbers:
            yield Finding(where, f"has the number {number} of another one")
        seen.numbers.add(number)
        seen.submissions.update(reply.id for reply in state.submissions)
        note_files(seen.files, state)
        if state.check is not None and state.check.waits and not state.erasure and not run(connection, c.GET_CHECK, id=state.check.id):
            yield Finding(where, "waits for a checker, and what is to be read is not kept")
        yield from _messages(connection, state, where)
    if max(seen.numbers, default=0) != counter(connection, "number"):
        yield Finding("the numbers", f"end at {max(seen.numbers, default=0)}, and the counter says {counter(connection, 'number')}")
    for lost in sorted(seen.in_journal - seen.ids):
        yield Finding(f"conversation {lost}", "is in the journal only")


def _messages(connection: Connection, state: Conversation, where: str) -> Iterator[Finding]:
    for message in state.messages:
        if not run(connection, s.ID_OF_MESSAGE, inbox=state.inbox, message_id=message.message_id):
            yield Finding(where, f"has the message {message.message_id}, which the registry does not know")


def _outbox(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    there = set()
    for id_, conversation_id, inbox, state_, due_at, _, attempts, filed, mime in rows_of(connection, submissions):
        there.add(id_)
        found = run(connection, s.GET_STATE, id=conversation_id)
        state = read_conversation(found[0][0]) if found else None
        reply = next((one for one in state.submissions if one.id == id_), None) if state is not None else None
        if state is None or reply is None:
            yield Finding(f"reply {id_}", "lies in the outbox of no conversation")
        elif (inbox, state_, due_at, attempts, filed) != (state.inbox, reply.state, due_in_row(reply), reply.attempts, int(reply.filed)):
            yield Finding(f"reply {id_}", "stands otherwise in the outbox than in its conversation")
        elif not mime:
            yield Finding(f"reply {id_}", "has lost its mail")
    for lost in sorted(seen.submissions - there):
        yield Finding(f"reply {lost}", "is not in the outbox")


def _registry(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    for table in (threads, known_messages, aliases):
        place = [column.name for column in table.columns].index("conversation_id")
        for row in rows_of(connection, table):
            if row[place] not in seen.ids:
                yield Finding(f"the registry ({table.name})", f"leads to {row[place]}, which is not there")

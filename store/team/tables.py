"""The server's tables, declared once; SQLite and PostgreSQL get the same from it.

Times are whole microseconds since 1970 UTC (`_at`): they sort alike in both databases. Values that only our own code reads are JSON by msgspec.
"""

from sqlalchemy import Column, Index, LargeBinary, Table, Text, text

from store.domain.audit import ERASED
from store.team import check_tables, file_tables, mailing_tables, people_tables

SCHEMA = 2
"""Of this page; a home written by a newer program is refused, not guessed at."""

Whole, metadata = people_tables.Whole, people_tables.metadata
checks, remarks = check_tables.checks, check_tables.remarks
files_of_comments, file_pieces = file_tables.files_of_comments, file_tables.file_pieces
mailings, mailing_rows, suppressed = mailing_tables.mailings, mailing_tables.mailing_rows, mailing_tables.suppressed
"""`metadata` is of every table: those of `people_tables`, `file_tables`, `mailing_tables` and `check_tables`, and those below."""

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False), sqlite_with_rowid=False)
"""`schema` and `epoch`. The epoch grows when a backup is restored: no token, seq or ticket from before can win."""

counters = Table("counters", metadata, Column("name", Text, primary_key=True), Column("value", Whole, nullable=False), sqlite_with_rowid=False)
"""`seq`, `number` and `people`: rows, not sequences, because a sequence leaves gaps when a transaction is rolled back."""

journal = Table(
    "journal",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("conversation_id", Text),
    Column("inbox", Text),
    Column("body", LargeBinary, nullable=False),
    Index("journal_conversation", "conversation_id", "seq"),
)
"""Every event, for ever: the truth that all other tables but people's secrets and the frozen replies are folded from."""

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Whole, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("leased", Whole, nullable=False),
    Column("wake_at", Whole),
    Column("state", LargeBinary, nullable=False),
    Index("conversations_number", "number", unique=True),
    Index("conversations_leased", "leased"),
    Index("conversations_wake_at", "wake_at"),
)

aliases = Table(
    "aliases", metadata, Column("alias", Text, primary_key=True), Column("conversation_id", Text, nullable=False), sqlite_with_rowid=False
)
"""Ids that once named a conversation of their own; kept for ever."""

threads = Table(
    "threads",
    metadata,
    Column("inbox", Text, primary_key=True),
    Column("thread_key", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The registry's first half: where the mails of a thread go."""

known_messages = Table(
    "known_messages",
    metadata,
    Column("inbox", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The registry's second half: where one message is, whatever its thread says."""

results = Table(
    "results",
    metadata,
    Column("member", Text, primary_key=True),
    Column("command_key", Text, primary_key=True),
    Column("at", Whole, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What each command was answered, refusals too. By member as well: nobody reads another's answer by guessing a key."""

submissions = Table(
    "submissions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Whole),
    Column("queued_at", Whole, nullable=False),
    Column("attempts", Whole, nullable=False),
    Column("filed", Whole, nullable=False),
    Column("mime", LargeBinary, nullable=False),
    Index("submissions_due_at", "due_at"),
    Index("submissions_state", "state"),
)

templates = Table("templates", metadata, Column("key", Text, primary_key=True), Column("body", LargeBinary, nullable=False), sqlite_with_rowid=False)

template_uses = Table(
    "template_uses",
    metadata,
    Column("key", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("n", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""How many replies with a template were handed over in a month."""

team_facts = Table(
    "team_facts", metadata, Column("key", Text, primary_key=True), Column("body", LargeBinary, nullable=False), sqlite_with_rowid=False
)
"""The latest event of each status, group and absence (`store.domain.team_facts.fact_key`): together they fold to what the team agreed on."""

members = Table(
    "members",
    metadata,
    Column("key", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("password_hash", Text),
    Column("unix_uid", Whole),
    Index("members_unix_uid", "unix_uid", unique=True),
)

invitations = Table(
    "invitations",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("expires_at", Whole, nullable=False),
    Column("used_at", Whole),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("terminal", Text, nullable=False),
    Column("created_at", Whole, nullable=False),
    Column("last_used_at", Whole, nullable=False),
    Column("ended_at", Whole),
    Index("sessions_member", "member"),
    Index("sessions_ended_at", "ended_at"),
    sqlite_with_rowid=False,
)

pulses = Table(
    "pulses",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("epoch", Whole, nullable=False),
    Column("n", Whole, nullable=False),
    Column("renewed_at", Whole, nullable=False),
    Column("typed_at", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""The leases' heartbeats, so that a restart does not end them."""

drafts = Table(
    "drafts",
    metadata,
    Column("member", Text, primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("saved_at", Whole, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

read_marks = Table(
    "read_marks",
    metadata,
    Column("member", Text, primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("revision", Whole, nullable=False),
    Column("at", Whole, nullable=False),
    Column("n", Whole, nullable=False),
    Index("read_marks_n", "member", "n"),
    sqlite_with_rowid=False,
)
"""How far each member has read (`store.team.marks`)."""

watch_cursors = Table(
    "watch_cursors",
    metadata,
    Column("inbox", Text, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("uidvalidity", Whole, nullable=False),
    Column("highest_uid", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""How far the watcher has told the journal; moved only in the transaction that records the messages it covers."""

IS_ERASURE = text(f"what = '{ERASED}'")
"""Written out, not bound: else no partial index is used."""

audit = Table(
    "audit",
    metadata,
    Column("n", Whole, primary_key=True, autoincrement=False),
    Column("at", Whole, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("conversation_id", Text),
    Column("seq", Whole),
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("salt", LargeBinary),
    Column("details", LargeBinary),
    Index("audit_at", "at"),
    Index("audit_seq", "seq", unique=True),
    Index("audit_erasures", "n", sqlite_where=IS_ERASURE, postgresql_where=IS_ERASURE),
)
"""The audit log, chained (`store.domain.audit`). One entry for each event of the journal, whose body lies there, and for what is no event.

`salt` and `details` (JSON: from where, and the facts) are None once they are erased.
"""

# What a newcomer is shown first (schema 2)

open_work = Table(
    "open_work",
    metadata,
    Column("number", Whole, primary_key=True, autoincrement=False),
    Column("conversation_id", Text, nullable=False),
    Column("inbox", Text, nullable=False),
)
"""Conversations that are neither done nor junk nor part of another. A row comes and goes when that changes, not with every event."""

duties = Table(
    "duties",
    metadata,
    Column("inbox", Text, primary_key=True),
    Column("token", Whole, nullable=False),
    Column("holder", Text, nullable=False),
    Column("beat", Whole, nullable=False),
    Column("beat_at", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""Which server watches an inbox, sends for it and keeps its times. `token` grows with each change of hands and is checked in every write."""

last_groups = Table(
    "last_groups",
    metadata,
    Column("writer", Text, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("at", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""What each server committed last, where several share a database: when the answer to a COMMIT was lost, this says whether it happened."""

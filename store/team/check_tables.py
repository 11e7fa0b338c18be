"""The table of replies that wait for a checker: their bytes, frozen when the check was asked for."""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from store.team.people_tables import Whole, metadata

checks = Table(
    "checks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("frozen_at", Whole, nullable=False),
    Column("mime", LargeBinary, nullable=False),
    Index("checks_conversation", "conversation_id"),
)
"""Beside the outbox, whose states are for what may leave by itself. A row goes when its reply is queued, taken back or written anew; one that
was sent back stays until the next is decided, for what was changed since is shown.
"""

remarks = Table(
    "remarks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("checker", Text, nullable=False),
    Column("at", Whole, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("number", Whole, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Index("remarks_member", "member", "at"),
    Index("remarks_conversation", "conversation_id"),
    sqlite_with_rowid=False,
)
"""What was said to somebody when a reply of theirs was sent back: their list to learn from. `id`: of that reply."""

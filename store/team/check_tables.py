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

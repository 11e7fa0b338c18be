"""The tables of mailings, their rows, and whom nobody writes to."""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from store.team.people_tables import Whole, metadata

mailings = Table(
    "mailings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Whole, nullable=False),
    Column("last_at", Whole),
    Column("last_n", Whole, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("mailings_state", "state"),
    Index("mailings_started_at", "started_at"),
    sqlite_with_rowid=False,
)
"""`body`: the mailing as its last event says it. `last_at`: when a row of it had its turn last, which its pace counts from.

`last_n`, `digest`: the last row that has come, and the hash of all up to it.
"""

mailing_rows = Table(
    "mailing_rows",
    metadata,
    Column("mailing_id", Text, primary_key=True),
    Column("n", Whole, primary_key=True),
    Column("address", Text, nullable=False),
    Column("address_sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("submission_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Whole),
    Column("mime", LargeBinary, nullable=False),
    Index("mailing_rows_state", "mailing_id", "state", "n"),
    Index("mailing_rows_address", "address_sha256", "mailing_id"),
    Index("mailing_rows_submission", "submission_id", unique=True),
)
"""`state`: `waiting handed_over skipped failed`; what became of a row that was handed over, its submission says. `at`: when it had its turn.
`mime`: its frozen bytes until then; after that they lie with the submission.
"""

suppressed = Table(
    "suppressed",
    metadata,
    Column("address_sha256", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("at", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""Whom no mailing is sent to. `address` is "" once the customer was erased: the hash is enough to go on leaving them alone."""

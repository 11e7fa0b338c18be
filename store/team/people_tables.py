"""The tables of people and trust, beside members, invitations and sessions (`store.team.tables`): what else lets somebody in, or keeps them out."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

Whole = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes `INTEGER PRIMARY KEY`, and nothing else, the row's own number."""

metadata = MetaData()

session_facts = Table(
    "session_facts",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("how", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Where a session was last used, and how it was opened: `invitation password second_factor`."""

devices = Table(
    "devices",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("last_at", Whole, nullable=False),
    Index("devices_member", "member"),
    sqlite_with_rowid=False,
)
"""Homes from which a member once got in: they are not kept waiting because somebody else guesses."""

guesses = Table(
    "guesses",
    metadata,
    Column("name", Text, primary_key=True),
    Column("failures", Whole, nullable=False),
    Column("last_at", Whole, nullable=False),
    Index("guesses_last_at", "last_at"),
    sqlite_with_rowid=False,
)
"""Wrong tries by account, device and address; forgotten an hour after the last."""

second_factors = Table(
    "second_factors",
    metadata,
    Column("member", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("confirmed_at", Whole),
    Column("last_step", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""TOTP secrets, sealed with a key that does not lie in the database; `last_step` is that of the last code that was taken."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("member", Text, primary_key=True),
    Column("code_sha256", Text, primary_key=True),
    Column("used_at", Whole),
    sqlite_with_rowid=False,
)

certificates = Table(
    "certificates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Index("certificates_member", "member"),
    sqlite_with_rowid=False,
)
"""`sha256:HEX` of a client's certificate, or `subject:NAME` as its authority wrote it, and whose it is."""

member_networks = Table(
    "member_networks",
    metadata,
    Column("member", Text, primary_key=True),
    Column("networks", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""From where a member may call; apart from the member, for everybody's mirror holds those."""

endings = Table(
    "endings",
    metadata,
    Column("member", Text, primary_key=True),
    Column("epoch", Whole, nullable=False),
    Column("by_date", Whole, nullable=False),
    Column("at", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""Whose access ended, by an admin's word or by their date, in which epoch, and when: what their homes are told."""

handed_out = Table(
    "handed_out",
    metadata,
    Column("member", Text, primary_key=True),
    Column("inbox", Text, primary_key=True),
    Column("mark", Text, primary_key=True),
    Column("at", Whole, nullable=False),
    sqlite_with_rowid=False,
)
"""Which shared mailbox passwords a member was told, as keyed hashes: one that is still in use when they leave must be changed."""

"""The tables of what was put to comments: a row for each file, and its bytes in pieces.

In the database and not beside it: several servers share it, a backup holds it, and an erasure ends it in the same transaction.
"""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from store.team.people_tables import Whole, metadata

files_of_comments = Table(
    "files_of_comments",
    metadata,
    Column("comment_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("size_bytes", Whole, nullable=False),
    Column("began_at", Whole, nullable=False),
    Column("whole_at", Whole),
    Column("said_at", Whole),
    Index("files_of_comments_conversation", "conversation_id"),
    Index("files_of_comments_said_at", "said_at"),
    sqlite_with_rowid=False,
)
"""`member`: who handed it in; they alone may say the comment it belongs to. `whole_at`: all of it is here; None: it was cut off, or is on
its way. `said_at`: the comment stands in the journal; None: not yet, and perhaps never.
"""

file_pieces = Table(
    "file_pieces",
    metadata,
    Column("comment_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("n", Whole, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""From 0, each of `PIECE_BYTES` but the last."""

"""What can be wrong inside a store, how it is found, and how it is put right: a table. Nothing here runs by itself.

A statement of `mend` puts the store in order with itself. What cannot be made good from the store is dropped from its mailbox, so that
the comparison with the server finds it missing and fetches it again.
"""

from enum import StrEnum

import msgspec


class FlawKind(StrEnum):
    """In the order in which they are mended."""

    FILE = "file"
    """SQLite itself finds the file damaged."""
    PLACES_WITHOUT_MESSAGE = "places_without_message"
    TEXTS_WITHOUT_MESSAGE = "texts_without_message"
    MESSAGES_WITHOUT_TEXT = "messages_without_text"
    MESSAGES_NOT_INDEXED = "messages_not_indexed"
    INDEX_WITHOUT_MESSAGE = "index_without_message"
    COMMENTS_NOT_INDEXED = "comments_not_indexed"
    INDEX_WITHOUT_COMMENT = "index_without_comment"
    PLACES_OUTSIDE_CURSOR = "places_outside_cursor"
    """A place beyond what the cursor says was pulled."""
    MESSAGES_WITHOUT_LINE = "messages_without_line"
    LINES_WITHOUT_MAIL = "lines_without_mail"
    WRONG_COUNTS = "wrong_counts"


class Flaw(msgspec.Struct, frozen=True):
    """How often one thing is wrong."""

    kind: FlawKind
    count: int


class Check(msgspec.Struct, frozen=True):
    """`find` gives a row for each flaw, its first column a row number; `mend` statements need nothing bound."""

    kind: FlawKind
    find: str
    mend: tuple[str, ...] = ()


# Below the cursor a place may stand before its time: of a preview, or of a mail that is here from before a new uidvalidity or from another
# mailbox. The pull that goes down to it takes it in again, or finds it gone.
_OUTSIDE_CURSOR = (
    "NOT EXISTS (SELECT 1 FROM mailbox x WHERE x.n = mailbox AND uid <= highest_uid) AND message NOT IN (SELECT n FROM message WHERE header_only = 2)"
)

CHECKS = (
    Check(
        FlawKind.PLACES_WITHOUT_MESSAGE,
        "SELECT uid FROM location WHERE message NOT IN (SELECT n FROM message) OR mailbox NOT IN (SELECT n FROM mailbox)",
        ("DELETE FROM location WHERE message NOT IN (SELECT n FROM message) OR mailbox NOT IN (SELECT n FROM mailbox)",),
    ),
    Check(
        FlawKind.TEXTS_WITHOUT_MESSAGE,
        "SELECT message FROM body WHERE message NOT IN (SELECT n FROM message)",
        ("DELETE FROM body WHERE message NOT IN (SELECT n FROM message)",),
    ),
    Check(FlawKind.MESSAGES_WITHOUT_TEXT, "SELECT n FROM message WHERE n NOT IN (SELECT message FROM body)"),
    Check(FlawKind.MESSAGES_NOT_INDEXED, "SELECT n FROM message WHERE n NOT IN (SELECT id FROM words_docsize)"),
    Check(
        FlawKind.INDEX_WITHOUT_MESSAGE,
        "SELECT id FROM words_docsize WHERE id NOT IN (SELECT n FROM message)",
        ("DELETE FROM words WHERE rowid IN (SELECT id FROM words_docsize WHERE id NOT IN (SELECT n FROM message))",),
    ),
    Check(FlawKind.COMMENTS_NOT_INDEXED, "SELECT n FROM comment WHERE n NOT IN (SELECT id FROM comment_words_docsize)"),
    Check(
        FlawKind.INDEX_WITHOUT_COMMENT,
        "SELECT id FROM comment_words_docsize WHERE id NOT IN (SELECT n FROM comment)",
        ("DELETE FROM comment_words WHERE rowid IN (SELECT id FROM comment_words_docsize WHERE id NOT IN (SELECT n FROM comment))",),
    ),
    Check(
        FlawKind.PLACES_OUTSIDE_CURSOR,
        f"SELECT uid FROM location WHERE {_OUTSIDE_CURSOR}",
        (f"DELETE FROM location WHERE {_OUTSIDE_CURSOR}",),
    ),
    Check(FlawKind.MESSAGES_WITHOUT_LINE, "SELECT n FROM message WHERE conversation NOT IN (SELECT n FROM conversation)"),
    Check(
        FlawKind.LINES_WITHOUT_MAIL,
        "SELECT n FROM conversation WHERE n NOT IN (SELECT conversation FROM message) AND n NOT IN (SELECT conversation FROM state)",
    ),
    Check(
        FlawKind.WRONG_COUNTS,
        "WITH counted (view, conversations) AS (SELECT 'tray', total(tray) FROM conversation "
        "UNION ALL SELECT 'shown', total(shown = 1) FROM conversation "
        "UNION ALL SELECT 'mine:' || mine, count(*) FROM conversation WHERE mine NOT NULL GROUP BY mine) "
        "SELECT 1 FROM counted FULL JOIN counter USING (view) WHERE coalesce(counted.conversations, 0) <> coalesce(counter.conversations, 0) "
        # A line that shows fewer messages than it has hides one.
        "UNION ALL SELECT n FROM conversation c WHERE messages < (SELECT count(*) FROM message m WHERE m.conversation = c.n)",
        (
            "DELETE FROM counter",
            "INSERT INTO counter SELECT 'tray', CAST(total(tray) AS INTEGER) FROM conversation",
            "INSERT INTO counter SELECT 'shown', CAST(total(shown = 1) AS INTEGER) FROM conversation",
            "INSERT INTO counter SELECT 'mine:' || mine, count(*) FROM conversation WHERE mine NOT NULL GROUP BY mine",
        ),
    ),
)

LINES_TO_WRITE_ANEW = """
SELECT n FROM conversation c WHERE messages < (SELECT count(*) FROM message m WHERE m.conversation = c.n)
    OR (n NOT IN (SELECT conversation FROM message) AND n NOT IN (SELECT conversation FROM state))
"""
"""Conversations whose line does not say what their mail says; one that nothing stands behind goes."""

"""The tables of `kept.db` (drafts, waiting commands, read marks: never lost), as the steps that made them.

A step that was once released is never changed: whoever needs another table or column adds a step at the end. Step n leads from version
n to version n + 1, and an older file is brought up by the steps it lacks, all in one transaction.
"""

from store.local.recognising import APPLICATION_ID

KEPT_STEPS = (
    """
CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE draft (conversation_id TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE pending (n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL, packed BLOB NOT NULL);
CREATE TABLE seen (conversation_id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
""",
    f"PRAGMA application_id = {APPLICATION_ID}",
    """
ALTER TABLE seen ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE seen ADD COLUMN waits INTEGER NOT NULL DEFAULT 1;
CREATE INDEX seen_waiting ON seen (conversation_id) WHERE waits = 1;
CREATE TABLE told (conversation_id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
""",
    "CREATE INDEX pending_of ON pending (conversation_id)",
    # What an older version queued it may have sent as well.
    "ALTER TABLE pending ADD COLUMN asked INTEGER NOT NULL DEFAULT 1",
)
KEPT_VERSION = len(KEPT_STEPS)

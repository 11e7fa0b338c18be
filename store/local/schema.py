"""The tables of the cache (`mail.db`), which can be thrown away: a file of another version is rebuilt."""

CACHE_VERSION = 10

SECOND_BITS = 20
"""A message's rowid is its internaldate in seconds, shifted by this, plus a running number: newest first needs no sort, in FTS5 either."""

LIST_MARK = "\x1f"
"""Between the words of a list in one column; nobody can type it into a tag."""

CACHE_SCHEMA = """
CREATE TABLE fact (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
CREATE TABLE member (key TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE team_fact (key TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE template (key TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE mailbox (
    n INTEGER PRIMARY KEY, inbox TEXT NOT NULL, name TEXT NOT NULL,
    uidvalidity INTEGER, highest_uid INTEGER, lowest_uid INTEGER, modseq INTEGER,
    UNIQUE (inbox, name));
CREATE TABLE pulled (inbox TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

-- What a list shows, both sides joined; `tray`, `shown` and `mine` say which of the three views it is in. `shown` is 0 for junk, and -1
-- until a new line is written for the first time in its own transaction: so it enters the indexes once, with its final values. It stays -1
-- where the conversation is in an inbox that is not ours (`store.local.letting_go`), and is -2 while it is taken out: no list, search or
-- name leads there.
CREATE TABLE conversation (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, inbox TEXT NOT NULL,
    last_at INTEGER NOT NULL DEFAULT 0, number INTEGER, revision INTEGER NOT NULL DEFAULT 0,
    subject TEXT NOT NULL DEFAULT '', customer_name TEXT NOT NULL DEFAULT '', customer_address TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'new', category TEXT NOT NULL DEFAULT 'open', owner TEXT, suggested_owner TEXT,
    urgency INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '',
    folder TEXT NOT NULL DEFAULT '', followers TEXT NOT NULL DEFAULT '', wake_at INTEGER, own_category TEXT, due_at INTEGER,
    lease_by TEXT, lease_since INTEGER,
    messages INTEGER NOT NULL DEFAULT 0, comments INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0,
    waiting_since INTEGER, called INTEGER NOT NULL DEFAULT 0, flags TEXT NOT NULL DEFAULT '', sent INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, woken INTEGER NOT NULL DEFAULT 0,
    tray INTEGER NOT NULL DEFAULT 0, shown INTEGER NOT NULL DEFAULT -1, mine TEXT);
CREATE INDEX conversation_junk ON conversation (last_at, id) WHERE shown = 0;
CREATE INDEX conversation_shown ON conversation (last_at, id) WHERE shown = 1;
CREATE INDEX conversation_tray ON conversation (last_at, id) WHERE tray = 1;
CREATE INDEX conversation_mine ON conversation (mine, last_at, id) WHERE mine IS NOT NULL;
-- What a view may be cut by; like the others they take a line in once, when it is whole.
CREATE INDEX conversation_status ON conversation (status, last_at, id) WHERE shown >= 0;
-- The statuses of a category are known by name, but not those that the team made itself.
CREATE INDEX conversation_own_status ON conversation (own_category, last_at, id) WHERE own_category IS NOT NULL;
CREATE INDEX conversation_inbox ON conversation (inbox, tray, last_at, id) WHERE shown >= 0;
CREATE INDEX conversation_owner ON conversation (owner, last_at, id) WHERE owner IS NOT NULL;
CREATE INDEX conversation_urgent ON conversation (urgency, last_at, id) WHERE urgency > 0;
CREATE INDEX conversation_flagged ON conversation (last_at, id) WHERE flags <> '';
CREATE INDEX conversation_unread ON conversation (last_at, id) WHERE unread = 1;
CREATE INDEX conversation_woken ON conversation (last_at, id) WHERE woken = 1;
CREATE INDEX conversation_called ON conversation (last_at, id) WHERE called = 1;
CREATE INDEX conversation_sent ON conversation (last_at, id) WHERE sent = 1;
CREATE INDEX conversation_foldered ON conversation (folder, last_at, id) WHERE folder <> '';
CREATE INDEX conversation_commented ON conversation (last_at, id) WHERE comments > 0;
CREATE INDEX conversation_unowned ON conversation (last_at, id) WHERE owner IS NULL AND tray = 1;
-- By time, for few; in the order of lists, for many (`store.local.selection`). What is done or junk has no `due_at`.
CREATE INDEX conversation_due ON conversation (due_at, last_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_dated ON conversation (last_at, id, due_at) WHERE due_at IS NOT NULL;
-- By who waits longest (`store.local.by_waiting`).
CREATE INDEX conversation_waiting ON conversation (waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_unowned_waiting ON conversation (waiting_since, id) WHERE owner IS NULL AND tray = 1 AND waiting_since IS NOT NULL;
CREATE INDEX conversation_mine_waiting ON conversation (mine, waiting_since, id) WHERE mine IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversation_pending ON conversation (n) WHERE pending = 1;
CREATE INDEX conversation_number ON conversation (number) WHERE number IS NOT NULL;

CREATE TABLE state (conversation INTEGER PRIMARY KEY REFERENCES conversation ON DELETE CASCADE, loading INTEGER NOT NULL, packed BLOB NOT NULL);
CREATE TABLE event (seq INTEGER PRIMARY KEY, conversation_id TEXT, packed BLOB NOT NULL);
CREATE INDEX event_conversation ON event (conversation_id, seq) WHERE conversation_id IS NOT NULL;

-- The registry: only what differs from "a thread's conversation has the thread's key", and messages claimed before they were pulled.
CREATE TABLE thread (key TEXT PRIMARY KEY, conversation_id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX thread_conversation ON thread (conversation_id);
CREATE TABLE claim (
    inbox TEXT, message_id TEXT, conversation_id TEXT NOT NULL, evidence BLOB, PRIMARY KEY (inbox, message_id)) WITHOUT ROWID;
-- Ids that mail names, by their keys: the key each was found to be one thread with (`store.domain.thread_roots`).
CREATE TABLE named (key TEXT PRIMARY KEY, up TEXT NOT NULL) WITHOUT ROWID;

-- `header_only`: 0 nothing is missing, 1 the attachments are, 2 all but the header is, and comes in the same pull.
CREATE TABLE message (
    n INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation, inbox TEXT NOT NULL, message_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL, thread_key TEXT NOT NULL, claimed INTEGER NOT NULL, outgoing INTEGER NOT NULL,
    header_only INTEGER NOT NULL, size_bytes INTEGER NOT NULL, attachments INTEGER NOT NULL,
    subject TEXT NOT NULL, from_name TEXT NOT NULL, from_address TEXT NOT NULL, to_name TEXT NOT NULL, to_address TEXT NOT NULL,
    evidence BLOB);
CREATE UNIQUE INDEX message_identity ON message (inbox, message_id, content_sha256);
CREATE INDEX message_conversation ON message (conversation, n);
CREATE INDEX message_thread ON message (thread_key);
CREATE INDEX message_preview ON message (n) WHERE header_only = 2;
CREATE TABLE body (message INTEGER PRIMARY KEY REFERENCES message ON DELETE CASCADE, parsed BLOB NOT NULL, raw BLOB);
CREATE TABLE location (
    mailbox INTEGER NOT NULL REFERENCES mailbox, uid INTEGER NOT NULL, message INTEGER NOT NULL REFERENCES message, flags TEXT NOT NULL,
    PRIMARY KEY (mailbox, uid)) WITHOUT ROWID;
CREATE INDEX location_message ON location (message);

CREATE TABLE comment (
    n INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE, id TEXT NOT NULL UNIQUE,
    by TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL, files TEXT NOT NULL DEFAULT '');
CREATE INDEX comment_conversation ON comment (conversation);
CREATE TABLE mention (member TEXT, comment INTEGER REFERENCES comment ON DELETE CASCADE, PRIMARY KEY (member, comment)) WITHOUT ROWID;
CREATE INDEX mention_comment ON mention (comment);

-- `store.local.worded` says what each column holds. Text comes folded and with its words apart, so the simplest tokenizer does.
-- `prefix`: beginnings of two characters have lists of their own, else `ab*` would gather those of all words that begin so, for all mails,
-- before the newest is shown. Measured: a fourth more index for short mails, a sixth for long ones; one of one character doubles it.
CREATE VIRTUAL TABLE words USING fts5 (subject, sender, recipients, copies, text, files, marks,
    content='', contentless_delete=1, detail=full, prefix='2', tokenize='ascii');
-- Half as often merged as by default: of a first pull each word is written out again half as many times, and a search looks in a few pieces more.
INSERT INTO words (words, rank) VALUES ('automerge', 8);
-- The same columns, so that one expression asks both; only `text` and `files` are ever filled here.
CREATE VIRTUAL TABLE comment_words USING fts5 (subject, sender, recipients, copies, text, files, marks,
    content='', contentless_delete=1, detail=full, prefix='2', tokenize='ascii');

CREATE TABLE address (address TEXT PRIMARY KEY, name TEXT NOT NULL, folded_name TEXT NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX address_name ON address (folded_name);

CREATE TABLE counter (view TEXT PRIMARY KEY, conversations INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('tray', 0), ('shown', 0);
-- No upsert in it: that brings back the copying that `conversations._UPDATE` saves.
CREATE TRIGGER conversation_recounted AFTER UPDATE OF tray, shown, mine ON conversation
WHEN old.tray <> new.tray OR old.shown <> new.shown OR old.mine IS NOT new.mine BEGIN
    UPDATE counter SET conversations = conversations + new.tray - old.tray WHERE view = 'tray';
    UPDATE counter SET conversations = conversations + (new.shown = 1) - (old.shown = 1) WHERE view = 'shown';
    UPDATE counter SET conversations = conversations - 1 WHERE view = 'mine:' || old.mine;
    INSERT INTO counter SELECT 'mine:' || new.mine, 0 WHERE new.mine NOT NULL AND NOT EXISTS (SELECT 1 FROM counter WHERE view = 'mine:' || new.mine);
    UPDATE counter SET conversations = conversations + 1 WHERE view = 'mine:' || new.mine;
END;
CREATE TRIGGER conversation_uncounted AFTER DELETE ON conversation BEGIN
    UPDATE counter SET conversations = conversations - old.tray WHERE view = 'tray';
    UPDATE counter SET conversations = conversations - (old.shown = 1) WHERE view = 'shown';
    UPDATE counter SET conversations = conversations - 1 WHERE view = 'mine:' || old.mine;
END;
"""

"""What every filled home and Maildir is made by: mails taken in by batches, as a pull does, and files, as a delivery writes them."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.domain.message import Message
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore

BATCH = 2_000
KEY_CHARACTERS = 16

SETTINGS = """
[server]
url = "http://127.0.0.1:9"

[[inbox]]
key = "support"
address = "support@example.jp"
  [inbox.imap]
  host = "127.0.0.1"
  port = 9
  tls = "none"
  user = "support"
"""
"""A home whose servers are all away: what is measured is the terminal and its store."""


def pulled(number: int, at: datetime, message: Message, source: bytes, *, kept: bool = False, size_bytes: int | None = None) -> NewMail:
    """A mail of a conversation of its own. `source` tells it from all others; it is stored only when `kept`."""
    digest = hashlib.sha256(source).hexdigest()
    return NewMail(
        uid=number,
        internaldate=at,
        flags=(),
        raw=source if kept else None,
        size_bytes=len(source) if size_bytes is None else size_bytes,
        message=message,
        thread_key=ThreadKey(digest[:KEY_CHARACTERS]),
        message_id=message.message_id or MessageId(f"<{digest}@nowhere>"),
        content_sha256=digest,
    )


def fill_home(home: Path, mails: Iterable[NewMail], batch: int = BATCH) -> LocalStore:
    """A new home with all of these in its one mailbox; its store is left open for what the team is to do there. One half filled is thrown away."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "settings.toml").write_text(SETTINGS, "utf-8")
    store = LocalStore.open(home)
    waiting: list[NewMail] = []
    for mail in mails:
        waiting.append(mail)
        if len(waiting) == batch:
            _commit(store, waiting)
    if waiting:
        _commit(store, waiting)
    return store


def _commit(store: LocalStore, waiting: list[NewMail]) -> None:
    store.commit_pull(InboxKey("support"), "INBOX", waiting, Cursor(uidvalidity=1, highest_uid=waiting[-1].uid, lowest_uid=1))
    waiting.clear()


def fill_maildir(folder: Path, mails: Iterable[bytes]) -> None:
    """These mails as files, numbered from 1."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(mails, 1):
        descriptor = os.open(folder / "cur" / f"{number}.bench:2,", os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(descriptor, raw.replace(b"\r\n", b"\n"))
        os.close(descriptor)

"""A home with one inbox whose mailbox lies on a test's server."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from mailsync.engine.engine import Engine
from store.clock import SystemClock
from store.domain.ids import InboxKey
from store.domain.query import parse_query
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import ImapSettings, InboxSettings

SUPPORT = InboxKey("support")


def inbox_at(port: int, user: str, *, key: str = "support", password: str = "pw") -> InboxSettings:
    """An inbox on loopback; the password comes from a command, as `pass` would give it."""
    imap = ImapSettings(host="127.0.0.1", port=port, tls="none", user=user, password_command=f"echo {password}")
    return InboxSettings(key=InboxKey(key), address=f"{key}@example.test", imap=imap)


@contextlib.contextmanager
def opened(home: Path, *inboxes: InboxSettings) -> Iterator[tuple[Engine, LocalStore]]:
    """An engine on the store of a home."""
    store = LocalStore.open(home)
    try:
        yield Engine(store, inboxes, Secrets(home), SystemClock()), store
    finally:
        store.close()


def stored(store: LocalStore) -> dict[int, bytes]:
    """The whole mailbox as the store has it: UID → source."""
    found = {}
    for row in every_row(store):
        for message in store.messages(row):
            if message.mailbox == "INBOX" and message.uid is not None:
                found[message.uid] = store.raw(message.message_id, message.inbox, message.content_sha256) or b""
    return found


def every_row(store: LocalStore) -> list[str]:
    """The ids of all conversations."""
    ids, after = [], None
    while True:
        page = store.page(parse_query(""), limit=200, after=after)
        ids += [row.id for row in page.rows]
        if not page.more_after:
            return ids
        after = page.rows[-1].key

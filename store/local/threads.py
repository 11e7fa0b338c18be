"""What the cache knows of the ids that mail names: the tables behind `store.domain.thread_roots`. Runs inside a transaction."""

from collections.abc import Collection

from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.domain.thread_evidence import NEW
from store.domain.thread_roots import Joined, take_in
from store.domain.threading import Link, Said, key_of, links, root_of
from store.local.codec import unpack_message
from store.local.rows import NewMail
from store.sqlite.connection import Connection

_TOLD = """
SELECT key, up FROM named WHERE key IN (SELECT value FROM json_each(?))
UNION ALL SELECT value, NULL FROM json_each(?) WHERE EXISTS (SELECT 1 FROM message WHERE thread_key = value)
"""
_TOLD_OF_ONE = "SELECT (SELECT up FROM named WHERE key = ?), EXISTS (SELECT 1 FROM message WHERE thread_key = ?)"
_FEW = 5
"""Up to so many keys are looked up one by one: to take a list apart costs as much as all of them."""
_HEARD_OF = "SELECT 1 FROM named WHERE key = ? UNION ALL SELECT 1 FROM message WHERE thread_key = ? LIMIT 1"


class StoredNames:
    """`store.domain.thread_roots.Names`, in the table `named` and the messages' own keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def told(self, keys: Collection[ThreadKey]) -> tuple[dict[ThreadKey, ThreadKey], set[ThreadKey]]:
        """Of those that were found to be one thread with another: with which. And those that stored messages have for their own key."""
        ups: dict[ThreadKey, ThreadKey] = {}
        roots: set[ThreadKey] = set()
        if len(keys) <= _FEW:
            for key in keys:
                (up, is_root), *_ = self._connection.execute(_TOLD_OF_ONE, (key, key))
                if up is not None:
                    ups[key] = ThreadKey(up)
                if is_root:
                    roots.add(key)
            return ups, roots
        # A key is letters and digits: a list of them needs no more to be JSON.
        listed = '["' + '","'.join(keys) + '"]'
        for key, up in self._connection.execute(_TOLD, (listed, listed)):
            if up is None:
                roots.add(ThreadKey(key))
            else:
                ups[ThreadKey(key)] = ThreadKey(up)
        return ups, roots

    def join(self, key: ThreadKey, up: ThreadKey | None) -> None:
        """Say so; None: it stands for itself again."""
        if up is None:
            self._connection.execute("DELETE FROM named WHERE key = ?", (key,))
        else:
            self._connection.execute("INSERT OR REPLACE INTO named VALUES (?, ?)", (key, up))

    def root_id(self, key: ThreadKey) -> MessageId:
        """The id such a message took for the root; read out of it, for it is asked only where two threads turn out to be one."""
        sql = "SELECT m.message_id, b.parsed FROM message m JOIN body b ON b.message = m.n WHERE m.thread_key = ? LIMIT 1"
        row = self._connection.one(sql, (key,))
        if row is None:
            return MessageId(key)
        message = unpack_message(row[1])
        return root_of(*Said.by(MessageId(row[0]), message))


def join_thread(connection: Connection, inbox: InboxKey, mail: NewMail) -> tuple[Joined, tuple[Link, ...]]:
    """Join a mail that is about to be stored with everything it names."""
    said = Said.by(mail.message_id, mail.message)
    chain = links(*said)
    own = mail.thread_key
    if not chain and own == key_of(inbox, mail.message_id) and connection.one(_HEARD_OF, (own, own)) is None:
        # Most mail: it names nobody, and nobody has named it.
        return Joined(own, own, (), NEW), chain
    return take_in(StoredNames(connection), inbox, mail.message_id, chain, root_of(*said), own), chain

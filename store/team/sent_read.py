"""Which inboxes' Sent was read since the team was restored: before that nobody knows which mails left after the backup was made."""

from collections.abc import Collection

from store.domain.ids import InboxKey
from store.team import statements as s
from store.team.connection import Connection
from store.team.rows import run, run_all, value

NEVER_RESTORED = "1"
_READ = "sent_read:{inbox}"


def unread(connection: Connection, *, inboxes: Collection[InboxKey]) -> frozenset[InboxKey]:
    """Those of them whose Sent was not read in this epoch; none of a team that was never restored."""
    epoch = value(connection, s.GET_META, name="epoch")
    if epoch == NEVER_RESTORED:
        return frozenset()
    asked = tuple(inboxes)
    read = run_all(connection, [(s.GET_META, {"name": _READ.format(inbox=inbox)}) for inbox in asked])
    return frozenset(inbox for inbox, rows in zip(asked, read, strict=True) if not rows or rows[0][0] != epoch)


def note_read(connection: Connection, *, inbox: InboxKey) -> None:
    """All that lay in its Sent is in the journal: asked for, and seen, in this epoch."""
    run(connection, s.PUT_META, name=_READ.format(inbox=inbox), value=str(value(connection, s.GET_META, name="epoch")))

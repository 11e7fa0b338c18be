"""Holds that ended while nobody looked: each is told once in a home, at whichever terminal is the first to ask."""

from typing import NamedTuple

from store.domain.ids import ConversationId
from store.local.conversations import load_state
from store.local.files import Files
from store.sqlite.connection import Connection


class Woke(NamedTuple):
    """A conversation that is back; `why`: `wake_time customer_wrote bounced`."""

    conversation_id: ConversationId
    number: int
    subject: str
    customer: str
    why: str


def claim_wakes(files: Files) -> tuple[Woke, ...]:
    """Those not told yet, the oldest first; they count as told from now on."""
    found = files.read(_woken)
    told: dict[str, int] = dict(files.kept(lambda connection: connection.execute("SELECT conversation_id, revision FROM told"))) if found else {}
    if all(told.get(woke.conversation_id) == revision for woke, revision in found):
        # As nearly always: look before taking the durable writer's time.
        return ()
    return tuple(files.keep(lambda connection: [woke for woke, revision in found if _claim(connection, woke, revision)]))


def _woken(connection: Connection) -> list[tuple[Woke, int]]:
    sql = "SELECT n, id, number, subject, customer_name, customer_address FROM conversation WHERE woken = 1 ORDER BY last_at"
    found = []
    for n, id_, number, subject, name, address in connection.execute(sql):
        state = load_state(connection, n)
        if state is not None and state.woken is not None:
            found.append((Woke(ConversationId(id_), number or 0, subject, name or address, state.woken.why), int(state.woken.revision)))
    return found


def _claim(connection: Connection, woke: Woke, revision: int) -> bool:
    # One statement: of two terminals that ask in the same moment one gets it.
    sql = "INSERT INTO told VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision WHERE revision <> excluded.revision RETURNING 1"
    return bool(connection.execute(sql, (woke.conversation_id, revision)))

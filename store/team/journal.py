"""Writing to the journal's end, with an entry for each event in the audit log."""

from collections.abc import Sequence
from datetime import datetime

from store.domain.events import AnyEvent, Recorded
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, Seq
from store.team import statements as s
from store.team.audit import note_events
from store.team.connection import Connection
from store.team.reading import move_counter
from store.team.rows import run, to_json


def append(
    connection: Connection,
    now: datetime,
    by: MemberKey,
    events: Sequence[AnyEvent],
    conversation_id: ConversationId | None = None,
    inbox: InboxKey | None = None,
    key: CommandKey | None = None,
    where: str = "",
) -> tuple[Recorded, ...]:
    """Write events to the journal's end, and an entry for each to the audit log.

    Their seqs follow the last one without a gap, because the counter is rolled back with them.
    """
    if not events:
        return ()
    last = move_counter(connection, "seq", len(events))
    recorded = tuple(Recorded(Seq(last - len(events) + 1 + place), now, by, conversation_id, event, key) for place, event in enumerate(events))
    bodies = [to_json(part) for part in recorded]
    for part, body in zip(recorded, bodies, strict=True):
        run(connection, s.APPEND, seq=part.seq, conversation_id=conversation_id, inbox=inbox, body=body)
    note_events(connection, list(zip(recorded, bodies, strict=True)), where)
    return recorded

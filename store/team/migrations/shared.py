"""What the steps of a migration share."""

from typing import Any

from sqlalchemy.schema import CreateIndex, CreateTable

from store.domain.evolve import fold
from store.domain.ids import ConversationId
from store.team.connection import Connection
from store.team.projection import put_state
from store.team.reading import timeline
from store.team.tables import conversations, metadata
from store.team.whole_tables import rows_of


def as_declared(op: Any, name: str) -> None:
    """Make a table as `tables.py` declares it, with its indexes.

    Good for a step that no release has carried yet. When a later step changes the table, write out here what it was.
    """
    table = metadata.tables[name]
    op.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda index: index.name or ""):
        op.execute(CreateIndex(index))


def fold_anew(connection: Connection) -> None:
    """Make every conversation from its events again: the rules of the fold have learned something since it was written."""
    for id_, *_ in rows_of(connection, conversations):
        conversation_id = ConversationId(id_)
        put_state(connection, fold(conversation_id, timeline(connection, conversation_id=conversation_id)))

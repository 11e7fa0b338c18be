"""What a member leaves behind: the open conversations that are theirs, found page by page, so that others are answered meanwhile."""

import msgspec

from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, InboxKey, MemberKey, StatusKey
from store.domain.unseen import OVER
from store.team import people_statements as p
from store.team.connection import Connection
from store.team.rows import read_conversation, run, to_json
from store.team.writing import Ask

PAGE = 2000


class Belonging(msgspec.Struct, frozen=True):
    """A conversation that needs another owner."""

    conversation_id: ConversationId
    number: int
    inbox: InboxKey
    subject: str
    status: StatusKey
    category: str

    @classmethod
    def of(cls, state: Conversation) -> "Belonging":
        """As the conversation is."""
        return cls(state.id, state.number, state.inbox, state.subject, state.status, state.category.value)


async def owned_by(ask: Ask, key: MemberKey) -> tuple[Belonging, ...]:
    """Their conversations that are not over, by number."""
    found: list[Belonging] = []
    after: str | None = ""
    while after is not None:
        more, after = await ask(lambda connection, at=after: _page(connection, at, key))  # type: ignore[misc]
        found.extend(more)
    return tuple(sorted(found, key=lambda one: one.number))


def _page(connection: Connection, after: str, key: MemberKey) -> tuple[list[Belonging], str | None]:
    rows = run(connection, p.STATES_BY_ID, after=after, most=PAGE)
    # Most are not theirs: only those that name them are read.
    mark = b'"owner":' + to_json(key)
    found = []
    for _conversation_id, body in rows:
        if mark not in bytes(body):
            continue
        state = read_conversation(body)
        if state.owner == key and state.category not in OVER and state.merged_into is None:
            found.append(Belonging.of(state))
    return found, rows[-1][0] if len(rows) == PAGE else None

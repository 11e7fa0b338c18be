"""Which conversation a message belongs to: the registry's word, then the message's own chain of references, then a new one."""

import base64
import hashlib
from datetime import datetime

import msgspec

from store.domain.commands import RecordMessage
from store.domain.conversation import Conversation
from store.domain.decide_mail import starts_follow_up
from store.domain.ids import ConversationId, InboxKey, MessageId, ThreadKey
from store.sqlite.connection import Connection
from store.team import statements as s
from store.team.reading import counter, load_state, of_thread
from store.team.rows import run, value

LONGEST_CHAIN = 50
"""Ids of a References header that are looked up; a hostile one may hold thousands."""


def route(
    connection: Connection, command: RecordMessage, now: datetime, reopen_days: int, own_addresses: frozenset[str]
) -> tuple[Conversation, RecordMessage]:
    """The conversation a message belongs to, empty if it opens one, and the command with that id and number."""
    found = _of_message(connection, command.inbox, command.message_id)
    state = load_state(connection, found) if found else None
    if state is None:
        found = of_thread(connection, command.inbox, command.thread_key) or _of_chain(connection, command)
        state = load_state(connection, found) if found else None
        if state is not None and starts_follow_up(state, command, now, reopen_days, own_addresses):
            follow_up = follow_up_id(command.thread_key, command.message_id)
            return _opening(connection, command, follow_up, state.id)
    if state is None:
        return _opening(connection, command, ConversationId(command.thread_key), None)
    return state, msgspec.structs.replace(command, conversation_id=state.id)


def follow_up_id(thread_key: ThreadKey, message_id: MessageId) -> ConversationId:
    """The id of a conversation that a message starts after its thread's reopen window; pure, so that a replay gives the same."""
    digest = hashlib.sha256(f"{thread_key}\n{message_id}".encode()).digest()
    return ConversationId(base64.b32encode(digest[:10]).decode().lower())


def _opening(
    connection: Connection, command: RecordMessage, conversation_id: ConversationId, follow_up_of: ConversationId | None
) -> tuple[Conversation, RecordMessage]:
    number = counter(connection, "number") + 1
    empty = Conversation(id=conversation_id)
    return empty, msgspec.structs.replace(command, conversation_id=conversation_id, number=number, follow_up_of=follow_up_of)


def _of_message(connection: Connection, inbox: InboxKey, message_id: MessageId) -> ConversationId | None:
    found = value(connection, s.ID_OF_MESSAGE, inbox=inbox, message_id=message_id)
    return ConversationId(found) if isinstance(found, str) else None


def _of_chain(connection: Connection, command: RecordMessage) -> ConversationId | None:
    """A mail program that drops References breaks the thread key; any message of the chain that we know still says where it belongs."""
    for message_id in (*reversed(command.references[-LONGEST_CHAIN:]), *command.in_reply_to[:LONGEST_CHAIN]):
        found = _of_message(connection, command.inbox, message_id)
        if found is not None:
            run(connection, s.PUT_THREAD, inbox=command.inbox, thread_key=command.thread_key, conversation_id=found)
            return found
    return None

"""A conversation that we begin: it opens in progress, with an owner and a lease, right before its first mail is handed over."""

import re

from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_lease import next_token
from store.domain.events import ConversationOpened, ConversationStarted, LeaseTaken, OwnerChanged, StatusChanged
from store.domain.ids import ConversationId, Revision, ThreadKey
from store.domain.refusals import Malformed, NotAllowed, Refusal, UnknownInbox
from store.domain.rights import not_writing
from store.domain.start_commands import StartConversation
from store.domain.table import Happening, status_after
from store.domain.threading import KEY_BYTES, conversation_id_of

LONGEST_LINE = 998
"""What the journal keeps of a subject or a name: a line of RFC 5322."""

FRESH_BYTES = KEY_BYTES
_ID = re.compile(r"[a-z2-7]{16}", re.ASCII)


def fresh_id(random_bytes: bytes) -> ConversationId:
    """The id of a conversation to be started. `random_bytes`: `FRESH_BYTES` that nobody can guess."""
    return conversation_id_of(random_bytes)


def start_conversation(state: Conversation, command: StartConversation, context: Context) -> Decision:
    """Open it. The composer that was left empty later leaves it in progress: a mail may have been taken back, and somebody must look."""
    if (refusal := _not_to_start(state, command, context)) is not None:
        return refusal
    if context.opening is None:
        return Malformed("only the server opens conversations")
    opening = context.opening
    opened = ConversationOpened(opening.number, command.inbox, ThreadKey(command.conversation_id), reply_token=opening.reply_token)
    after = status_after(Happening.MAIL_STARTED, state)
    return (
        opened,
        ConversationStarted(command.subject[:LONGEST_LINE], command.customer_name[:LONGEST_LINE], command.customer_address),
        StatusChanged(state.status, after, reason=Happening.MAIL_STARTED.value),
        OwnerChanged(None, context.me, reason=Happening.MAIL_STARTED.value),
        LeaseTaken(context.me, next_token(state, context), SEEN_AT_START, command.terminal),
    )


SEEN_AT_START = Revision(2)
"""What whoever starts a conversation has seen of it: that it opened. Nothing else can have come before the lease."""


def _not_to_start(state: Conversation, command: StartConversation, context: Context) -> Refusal | None:
    if context.actor.inboxes and command.inbox not in context.actor.inboxes:
        return NotAllowed("inbox")
    if (refusal := not_writing(context)) is not None:
        return refusal
    if not command.inbox or (context.inboxes is not None and command.inbox not in context.inboxes):
        return UnknownInbox(command.inbox)
    return _malformed(state, command)


def _malformed(state: Conversation, command: StartConversation) -> Malformed | None:
    if state.revision:
        return Malformed("this conversation exists already")
    if not _ID.fullmatch(command.conversation_id):
        return Malformed("a new conversation's id is 16 letters of base32")
    if not _is_address(command.customer_address):
        return Malformed("`customer_address` is no mail address")
    return None


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at and local and domain) and len(text) <= LONGEST_LINE and text.isprintable() and " " not in text

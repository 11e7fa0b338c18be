"""A mail that we write first: its draft, and the conversation that begins when it is handed over."""

import secrets

from store.domain.conversation import Conversation
from store.domain.decide_start import FRESH_BYTES, SEEN_AT_START, fresh_id
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId
from store.domain.start_commands import StartConversation
from store.domain.status import IN_PROGRESS
from store.errors import BadInput
from store.local.rows import ConversationRow
from store.settings.settings import InboxSettings
from tui.opened import Opened
from tui.recipients import read_addresses
from tui.reply import body_with
from tui.words import _


class NoRecipient(BadInput):
    """A conversation begins with somebody it is for."""

    def __init__(self) -> None:
        super().__init__(_("The mail has no recipient."))


def new_conversation_id() -> ConversationId:
    """For a mail whose conversation nobody knows yet; its draft is kept under it."""
    return fresh_id(secrets.token_bytes(FRESH_BYTES))


def start_new(
    conversation_id: ConversationId, inbox: InboxSettings, member_name: str, signature: str, *, to: tuple[str, ...] = (), subject: str = ""
) -> Draft:
    """An empty mail with its signature."""
    closing = signature.rstrip("\n") or member_name
    return Draft(conversation_id=conversation_id, to=to, subject=subject, body=body_with(closing), kind=DraftKind.NEW, inbox=inbox.key)


def starting(draft: Draft, terminal: str) -> StartConversation:
    """What opens its conversation, right before the mail is handed over or given to be checked: the answer has lease and number.

    Raises:
        NoRecipient: Nobody stands in To, Cc or Bcc.
    """
    first = next(iter(read_addresses((*draft.to, *draft.cc, *draft.bcc))), None)
    if first is None:
        raise NoRecipient
    return StartConversation(
        conversation_id=draft.conversation_id,
        inbox=draft.inbox,
        subject=draft.subject,
        customer_name=first.name,
        customer_address=first.address,
        terminal=terminal,
    )


def is_to_start(draft: Draft, conversation: Conversation | None) -> bool:
    """Whether its conversation must be started first; False: it was, and the lease is taken as for a reply."""
    return draft.kind is DraftKind.NEW and (conversation is None or not conversation.revision)


def before_it_starts(draft: Draft) -> Conversation:
    """The conversation as it can be assumed while the server is away: its mail is frozen without the server's sign."""
    return Conversation(draft.conversation_id, inbox=draft.inbox, subject=draft.subject, revision=SEEN_AT_START)


def opened_new(draft: Draft) -> Opened:
    """What a screen shows beside a new mail: a conversation with nothing in it."""
    conversation = Conversation(draft.conversation_id, inbox=draft.inbox, subject=draft.subject, status=IN_PROGRESS)
    row = ConversationRow(
        id=draft.conversation_id,
        number=None,
        revision=conversation.revision,
        inbox=draft.inbox,
        subject=draft.subject,
        customer_name="",
        customer_address="",
        status=conversation.status,
        category=conversation.category,
        owner=None,
        suggested_owner=None,
        urgency=conversation.urgency,
        tags=(),
        lease_by=None,
        lease_since=None,
        lease_idle=False,
        present=(),
        messages=0,
        last_at=None,
        pending=False,
        mentions_me=False,
        flags=(),
        has_draft=True,
    )
    return Opened(row, conversation, (), (), draft)

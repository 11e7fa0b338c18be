"""What a member asks for to begin a conversation: the first word is ours."""

from store.domain.command import Command
from store.domain.ids import InboxKey


class StartConversation(Command, frozen=True, kw_only=True, tag=True):
    """Open a conversation for a new mail, right before it is handed over. Its id is the client's (`store.domain.decide_start.fresh_id`).

    Whoever gives it owns the conversation and has the lease; only the hand-over itself says what is sent to whom.
    """

    inbox: InboxKey
    subject: str
    customer_name: str
    customer_address: str
    """Whom the mail is for first."""
    terminal: str

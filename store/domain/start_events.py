"""What happened when one of us began a conversation."""

from store.domain.event import Event


class ConversationStarted(Event, frozen=True, tag=True):
    """It begins with a mail of ours that is not sent yet; what the list shows of it until then."""

    subject: str
    customer_name: str
    customer_address: str

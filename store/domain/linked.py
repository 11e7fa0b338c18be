"""What a command comes to that speaks of more than one conversation."""

from typing import NamedTuple

from store.domain.conversation import Conversation
from store.domain.events import ConversationEvent
from store.domain.ids import InboxKey
from store.domain.refusals import Refusal


class Part(NamedTuple):
    """The events of one conversation; to be journaled in the order of the parts. `inbox`: whose members are told, where that is not its own."""

    state: Conversation
    events: tuple[ConversationEvent, ...]
    inbox: InboxKey | None = None


Linked = tuple[Part, ...] | Refusal

"""What every command about a conversation has in common."""

import msgspec

from store.domain.ids import ConversationId


class Command(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """The common part. `conversation_id` takes an alias."""

    conversation_id: ConversationId

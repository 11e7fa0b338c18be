"""Whether what waits for an answer belongs to somebody who cannot give one. Shares no rule with what it judges."""

from collections.abc import Mapping

from store.domain.conversation import Conversation
from store.domain.ids import MemberKey
from store.domain.people import Member


def hidden_from_owner(state: Conversation, members: Mapping[MemberKey, Member]) -> bool:
    """Once a command is done, no member of the team owns an open conversation in an inbox that is not theirs."""
    owner = members.get(state.owner) if state.owner is not None else None
    is_open = state.merged_into is None and state.category.value not in {"done", "junk"}
    return is_open and owner is not None and owner.active and bool(owner.inboxes) and state.inbox not in owner.inboxes

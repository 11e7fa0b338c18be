"""How a conversation stands beside what it holds: what a merge may change, and what taking the merge back restores."""

from datetime import datetime

import msgspec

from store.domain.facts import Woken
from store.domain.ids import ConversationId, MemberKey, StatusKey
from store.domain.status import Category, Urgency


class Standing(msgspec.Struct, frozen=True):
    """Fields of the same names in `store.domain.conversation.Conversation`."""

    status: StatusKey
    own_category: Category | None = None
    status_reason: str = ""
    wake_at: datetime | None = None
    wake_notify: MemberKey | None = None
    held_by: MemberKey | None = None
    woken: Woken | None = None
    done_at: datetime | None = None
    owner: MemberKey | None = None
    suggested_owner: MemberKey | None = None
    urgency: Urgency = Urgency.NORMAL
    tags: tuple[str, ...] = ()
    folder: str = ""
    due_at: datetime | None = None
    flags: tuple[str, ...] = ()
    follow_up_of: ConversationId | None = None

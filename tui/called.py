"""What calls somebody: the comments that name them, those they have not looked at first. Blocking: ask the store's reader to do it."""

from typing import NamedTuple

from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, MemberKey, Revision
from store.local.rows import Mention
from store.local.store import LocalStore

MOST = 100
"""The newest are looked at; older ones are found by `is:mentioned`."""


class Called(NamedTuple):
    """A comment that names somebody, and whether they have looked at it, or said something there, since."""

    mention: Mention
    number: int
    subject: str
    unread: bool


def mentions_of(store: LocalStore, me: MemberKey) -> tuple[Called, ...]:
    """Unread ones first, each the newest first."""
    states: dict[ConversationId, Conversation | None] = {}
    found: list[Called] = []
    for mention in store.mentions(me, at_most=MOST):
        if mention.conversation_id not in states:
            states[mention.conversation_id] = store.conversation(mention.conversation_id)
        state = states[mention.conversation_id]
        if state is not None:
            found.append(Called(mention, state.number, state.subject, _is_unread(store, state, mention, me)))
    return tuple(sorted(found, key=lambda one: not one.unread))


def _is_unread(store: LocalStore, state: Conversation, mention: Mention, me: MemberKey) -> bool:
    mark = store.marks.of(state.id)
    known = max([mark.revision if mark is not None else Revision(0), *(one.revision for one in state.comments if one.by == me)])
    return any(one.id == mention.comment_id and one.revision > known for one in state.comments)

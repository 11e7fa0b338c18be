"""Who may do what to a conversation, before its state is asked (conversations.md, the lines under the table)."""

from store.domain.context import Context
from store.domain.conversation import Conversation
from store.domain.ids import InboxKey
from store.domain.people import Role
from store.domain.refusals import NotAllowed

MAY_WRITE = frozenset({Role.ADMIN, Role.LEADER, Role.AGENT, Role.CHECKED})
"""May draft, and move conversations. Guests comment only."""


def not_here(state: Conversation, context: Context) -> NotAllowed | None:
    """Members who left do nothing; the others only in their own inboxes."""
    if not context.actor.active:
        return NotAllowed("admin")
    if context.actor.inboxes and state.revision and state.inbox not in context.actor.inboxes:
        return NotAllowed("inbox")
    return None


def not_writing(context: Context) -> NotAllowed | None:
    """Refuse those who may only read and comment."""
    return None if context.actor.role in MAY_WRITE else NotAllowed("reply_right")


def not_sending(context: Context) -> NotAllowed | None:
    """Refuse those whose replies somebody must check first, and those who have none to send."""
    if context.actor.role is Role.CHECKED or context.me in context.cannot_send:
        return NotAllowed("approval")
    return not_writing(context)


def not_moving(state: Conversation, reason: str, context: Context) -> NotAllowed | None:
    """Agents move their own and unowned conversations; another's needs a reason or a leader."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    if state.owner in {None, context.me} or context.leads or reason.strip():
        return None
    return NotAllowed("reason")


def not_freer(context: Context, inbox: InboxKey) -> NotAllowed | None:
    """Whose replies are checked here takes no conversation to an inbox in which nobody checks them: a way around the check."""
    return NotAllowed("leader") if context.actor.role is Role.CHECKED and context.role_at(inbox) not in {Role.CHECKED, Role.GUEST} else None

"""Who may write: taking, breaking, releasing, asking for and lapsing a lease (conversations.md, "Never two replies", rules 2 to 5)."""

from store.domain.commands import AskForLease, LapseLease, ReleaseLease, TakeLease
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.events import ConversationEvent, FollowerAdded, LeaseAsked, LeaseLapsed, LeaseReleased, LeaseTaken, OwnerChanged, StatusChanged
from store.domain.fence import someone_writes, stopped_by_claim, stopped_by_token
from store.domain.ids import MemberKey, Revision
from store.domain.lease import ASK_SECONDS, Token, lease_is_idle
from store.domain.refusals import LeaseHeld, Malformed, ReasonRequired, Refusal
from store.domain.rights import not_writing
from store.domain.table import Happening, status_after


def moved(state: Conversation, what: Happening) -> tuple[StatusChanged, ...]:
    """The change of status that `what` brings by the table; none where it stays."""
    after = status_after(what, state)
    if after == state.status:
        return ()
    back = state.lease_before if state.lease_before is not None and state.lease_before.status == after else None
    return (StatusChanged(state.status, after, reason=what.value, own_category=back.own_category if back else None),)


def next_token(state: Conversation, context: Context) -> Token:
    """The next fencing token of this conversation."""
    return Token(context.epoch, state.last_token_n + 1)


def owner_if_none(state: Conversation, context: Context) -> tuple[OwnerChanged, ...]:
    """Who starts writing owns a conversation that nobody owned."""
    return () if state.owner is not None else (OwnerChanged(None, context.me, reason=Happening.COMPOSER_OPENED.value),)


def helper_if_none(state: Conversation, context: Context) -> tuple[FollowerAdded, ...]:
    """Who helps writes without owning; they follow, so that they learn how it goes on."""
    return () if state.owner == context.me or state.follows(context.me) else (FollowerAdded(context.me, helping=True),)


def make_room(state: Conversation, context: Context) -> tuple[LeaseLapsed, ...]:
    """Before somebody else writes, say that a dead lease has lapsed. Whether it held text is the server's to know: assume so, and keep it."""
    lease = state.lease
    if lease is None or lease.by == context.me or someone_writes(state, context):
        return ()
    return (LeaseLapsed(lease.token, has_text=True),)


def held_by_another(state: Conversation, context: Context) -> LeaseHeld | None:
    """The refusal when a colleague writes now."""
    lease = state.lease
    if lease is None or lease.by == context.me or not someone_writes(state, context):
        return None
    idle = lease_is_idle(lease, context.pulse, context.now)
    return LeaseHeld(lease.by, lease.since, idle=idle, may_take_over=idle or context.leads)


def not_seen_yet(state: Conversation, seen: Revision) -> Malformed | None:
    """Nobody can have seen what has not happened; a revision ahead of the journal would walk around the fence."""
    return None if 0 <= seen <= state.revision else Malformed("`seen_revision` is not one of this conversation's")


def take_lease(state: Conversation, command: TakeLease, context: Context) -> Decision:
    """Open the composer; break a colleague's lease where that is allowed and a reason is given."""
    refusal: Refusal | None = not_writing(context) or not_seen_yet(state, command.seen_revision) or stopped_by_claim(state)
    if refusal is not None:
        return refusal
    broken_from: MemberKey | None = None
    held = held_by_another(state, context)
    if held is not None:
        if command.take_over is None or not held.may_take_over:
            return held
        if not command.take_over.strip():
            return ReasonRequired("take_over")
        broken_from = held.by
    taken = LeaseTaken(
        by=context.me,
        token=next_token(state, context),
        seen_revision=command.seen_revision,
        terminal=command.terminal,
        broken_from=broken_from,
        reason=(command.take_over or "").strip() if broken_from else "",
    )
    events: tuple[ConversationEvent, ...] = (*make_room(state, context), taken)
    company = owner_if_none(state, context) if not command.helping else helper_if_none(state, context)
    return (*events, *moved(state, Happening.COMPOSER_OPENED), *company)


def left_empty(state: Conversation, what: Happening) -> tuple[ConversationEvent, ...]:
    """Back to the status and owner before the composer opened; what somebody else moved meanwhile stays."""
    before = state.lease_before
    if before is None:
        return ()
    status = moved(state, what)
    owner = () if before.owner == state.owner else (OwnerChanged(state.owner, before.owner, reason=what.value),)
    return (*status, *owner)


def release_lease(state: Conversation, command: ReleaseLease, context: Context) -> Decision:
    """Leave the composer."""
    if (lost := stopped_by_token(state, command.token, context)) is not None:
        return lost
    released = LeaseReleased(command.token, has_text=command.has_text)
    return (released,) if command.has_text else (released, *left_empty(state, Happening.COMPOSER_LEFT))


def lapse_lease(state: Conversation, command: LapseLease, context: Context) -> Decision:
    """A timer found the lease dead. Looks again: a pulse may have come meanwhile. A holder who left the team has no lease."""
    lease = state.lease
    if lease is None or lease.token != command.token:
        return ()
    if someone_writes(state, context) and lease.by in context.members:
        return ()
    lapsed = LeaseLapsed(command.token, has_text=command.has_text)
    return (lapsed,) if command.has_text else (lapsed, *left_empty(state, Happening.LEASE_LAPSED))


def ask_for_lease(state: Conversation, command: AskForLease, context: Context) -> Decision:
    """Ask whoever writes to let go; asking again while one's request stands changes nothing."""
    del command
    refusal: Refusal | None = not_writing(context) or stopped_by_claim(state)
    if refusal is not None:
        return refusal
    if held_by_another(state, context) is None:
        return ()
    if state.asked_by == context.me and state.asked_at is not None and context.now - state.asked_at < ASK_SECONDS:
        return ()
    return (LeaseAsked(context.me),)

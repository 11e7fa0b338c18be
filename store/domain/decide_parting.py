"""Taking a merge or a split back: what came leaves, what left returns, and what people did since stays theirs."""

import msgspec
from msgspec.structs import replace

from store.domain.conversation import Conversation, Undoable
from store.domain.decide_merge import standing_together
from store.domain.decide_undo import CHANGED_SINCE
from store.domain.events import ConversationAbsorbed, ConversationMerged, ConversationParted, ConversationRestored
from store.domain.facts import MessageFact
from store.domain.linked import Linked, Part
from store.domain.refusals import NothingToUndo
from store.domain.standing import Standing


def part(state: Conversation, action: Undoable, other: Conversation | None) -> Linked:
    """Take a merge back: both are what they were, but for what has happened since, which stays here."""
    record = next((one for one in state.absorbed if one.seq == action.seq), None)
    if record is None or other is None or other.kept is None or other.merged_into != state.id:
        return NothingToUndo(CHANGED_SINCE)
    came = {(one.message_id, one.content_sha256): one for one in state.messages}
    kept = other.kept
    if any((one.message_id, one.content_sha256) not in came for one in kept.messages):
        # Split off since: it cannot be in two conversations.
        return NothingToUndo(CHANGED_SINCE)
    said = {one.id: one for one in state.comments}
    sent = {one.id: one for one in state.submissions}
    submissions = tuple(replace(sent.get(one.id, one), sent_revision=one.sent_revision) for one in kept.submissions)
    whole = replace(
        kept,
        revision=other.revision + 1,
        last_token_n=max(kept.last_token_n, other.last_token_n),
        messages=tuple(_as_now(one, came[one.message_id, one.content_sha256]) for one in kept.messages),
        comments=tuple(replace(said[one.id], revision=one.revision) for one in kept.comments if one.id in said),
        submissions=submissions,
        legal_hold=kept.legal_hold or state.legal_hold,
        lease=None,
        lease_before=None,
        asked_by=None,
        asked_at=None,
    )
    parted = ConversationParted(other.id, other.number, _standing(state, record.before, kept), undoes=action.seq)
    restored = ConversationRestored(state.id, state.number, msgspec.json.encode(whole), submissions)
    return (Part(state, (parted,)), Part(other, (restored,)))


def _as_now(then: MessageFact, now: MessageFact) -> MessageFact:
    """The message with what became known of it since; an answer stays an answer."""
    return replace(then, answered_by=now.answered_by or then.answered_by, submission_id=now.submission_id)


def _standing(state: Conversation, before: Standing, other: Conversation) -> Standing:
    """As it was before the merge, field by field, wherever that still is as the merge left it."""
    merged = standing_together(before, other.standing())
    now = state.standing()
    names = (name for name in Standing.__struct_fields__ if name not in {"tags", "flags"} and name not in _STATUS)
    fields = {name: getattr(before if getattr(now, name) == getattr(merged, name) else now, name) for name in names}
    status = before if (now.status, now.wake_at) == (merged.status, merged.wake_at) else now
    fields |= {name: getattr(status, name) for name in _STATUS}
    return Standing(**fields, tags=_less(now.tags, before.tags, other.tags), flags=_less(now.flags, before.flags, other.flags))


_STATUS = ("status", "own_category", "status_reason", "wake_at", "wake_notify", "held_by", "woken", "done_at")
"""They move together."""


def _less(now: tuple[str, ...], before: tuple[str, ...], came: tuple[str, ...]) -> tuple[str, ...]:
    """Without what only the other one brought."""
    return tuple(one for one in now if one in before or one not in came)


def rejoin(state: Conversation, action: Undoable, other: Conversation | None) -> Linked:
    """Take a split back: what had left is back where it was, and the other one is part of this from now on."""
    if other is None or other.merged_into is not None or other.split_from != state.id:
        return NothingToUndo(CHANGED_SINCE)
    there = {(one.message_id, one.content_sha256) for one in other.messages}
    left = [one.message for one in state.away if one.to == other.id and one.message is not None]
    if any((one.message_id, one.content_sha256) not in there for one in left):
        # The same: it went on from there.
        return NothingToUndo(CHANGED_SINCE)
    back = ConversationAbsorbed(other.id, other.number, other.messages, other.comments, other.submissions, undoes=action.seq)
    return (Part(other, (ConversationMerged(state.id, state.number),)), Part(state, (back,)))

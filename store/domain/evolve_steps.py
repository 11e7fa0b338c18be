"""What the steps of the fold share: their shape, flags, and the list of what may be undone."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from store.domain.conversation import Comment, Conversation, Prior, Undoable
from store.domain.events import ConversationEvent, Event, Recorded
from store.domain.facts import MessageFact
from store.domain.ids import Seq

Step = Callable[[Conversation, Event, Recorded], Conversation]
"""State, event, and who and when; `seq` and `revision` of the state have already moved."""

E = TypeVar("E", bound=Event)

UNDOABLE_AT_MOST = 20

TO_LOOK_AT = ("refused", "bounced", "answered_outside")
"""Flags that a person's next decision about the conversation answers."""


def on(kind: type[E], step: Callable[[Conversation, E, Recorded], Conversation]) -> tuple[type[Event], Step]:
    """An entry of a table of steps, with the event's type checked where the table forgets it."""

    def typed(state: Conversation, event: Event, recorded: Recorded) -> Conversation:
        if not isinstance(event, kind):
            raise TypeError(f"{type(event).__name__} was given to the step of {kind.__name__}")
        return step(state, event, recorded)

    return kind, typed


def flagged(flags: tuple[str, ...], flag: str) -> tuple[str, ...]:
    """With `flag` at the end, once."""
    return flags if flag in flags else (*flags, flag)


def latest(started_at: datetime | None, messages: Iterable[MessageFact]) -> datetime | None:
    """By what a conversation stands in the list: its newest message, or when one of us began it."""
    return max(filter(None, (started_at, *(message.date for message in messages))), default=None)


def unflagged(flags: tuple[str, ...], gone: Iterable[str]) -> tuple[str, ...]:
    """Without those in `gone`."""
    away = frozenset(gone)
    return tuple(flag for flag in flags if flag not in away)


def prior_of(state: Conversation, comment: Comment | None = None, at: int = 0) -> Prior:
    """What an undo would have to put back."""
    return Prior(
        status_reason=state.status_reason,
        wake_at=state.wake_at,
        done_at=state.done_at,
        suggested_owner=state.suggested_owner,
        flags=state.flags,
        own_category=state.own_category,
        tags=state.tags,
        followers=state.followers,
        wake_notify=state.wake_notify,
        held_by=state.held_by,
        woken=state.woken,
        comment=comment,
        comment_at=at,
        owner=state.owner,
    )


def remembered(
    before: Conversation, after: Conversation, event: ConversationEvent, recorded: Recorded, *, comment: Comment | None = None, at: int = 0
) -> Conversation:
    """`after`, with the event in the list of what its author may take back; the oldest falls out. `comment`: the one it changed, at its place."""
    action = Undoable(recorded.seq, recorded.by, event, prior_of(before, comment, at))
    return replace(after, undoable=(*after.undoable, action)[-UNDOABLE_AT_MOST:])


def taken_back(state: Conversation, seq: Seq) -> tuple[Conversation, Prior | None]:
    """The state without the undone action, and what that had swept away; None when it is no longer listed.

    Predicted actions all bear seq 0: the last of them is meant.
    """
    at = next((i for i in reversed(range(len(state.undoable))) if state.undoable[i].seq == seq), None)
    if at is None:
        return state, None
    return replace(state, undoable=state.undoable[:at] + state.undoable[at + 1 :]), state.undoable[at].prior

"""What takes an action back: for each sort of event that a person may undo, the event that compensates it, and whether it still can."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from store.domain.conversation import Conversation, Undoable
from store.domain.events import (
    CommentAdded,
    CommentEdited,
    CommentReacted,
    CommentRemoved,
    CommentRestored,
    ConversationEvent,
    DueSet,
    Event,
    FolderChanged,
    FollowerAdded,
    FollowerRemoved,
    OwnerChanged,
    StatusChanged,
    TagsChanged,
    UrgencyChanged,
)

E = TypeVar("E", bound=Event)


class Inverse(msgspec.Struct, frozen=True):
    """`back`: the compensating event. `stands`: whether what the action made is still so; what somebody changed since stays theirs.

    `alone`: a later action of the same sort closes it, even one that came to the same.
    """

    back: Callable[[Event, Undoable, Conversation], ConversationEvent | None]
    stands: Callable[[Event, Conversation], bool]
    alone: bool


def inverse(
    kind: type[E],
    back: Callable[[E, Undoable, Conversation], ConversationEvent | None],
    stands: Callable[[E, Conversation], bool],
    *,
    alone: bool = False,
) -> tuple[type[Event], Inverse]:
    """An entry of the table, with the event's type checked where the table forgets it."""

    def typed(event: Event) -> E:
        if not isinstance(event, kind):
            raise TypeError(f"{type(event).__name__} was given to the inverse of {kind.__name__}")
        return event

    return kind, Inverse(lambda event, action, state: back(typed(event), action, state), lambda event, state: stands(typed(event), state), alone)


def _status(event: StatusChanged, action: Undoable, state: Conversation) -> StatusChanged:
    del state
    prior = action.prior
    return StatusChanged(event.after, event.before, prior.status_reason, prior.wake_at, own_category=prior.own_category, undoes=action.seq)


def _follows_again(event: FollowerRemoved, action: Undoable, state: Conversation) -> FollowerAdded:
    del state
    was = next((one for one in action.prior.followers if one.member == event.member), None)
    return FollowerAdded(event.member, helping=was is not None and was.helping, undoes=action.seq)


def _says_again(event: CommentEdited, action: Undoable, state: Conversation) -> CommentEdited | None:
    del state
    before = action.prior.comment
    return None if before is None else CommentEdited(event.comment_id, before.text, before.mentions, before.groups, undoes=action.seq)


def _has_comment(state: Conversation, comment_id: str) -> bool:
    return any(comment.id == comment_id for comment in state.comments)


INVERSES: dict[type[Event], Inverse] = dict(
    (
        inverse(StatusChanged, _status, lambda event, state: (state.status, state.wake_at) == (event.after, event.until), alone=True),
        inverse(
            OwnerChanged,
            lambda event, action, _: OwnerChanged(event.after, event.before, undoes=action.seq),
            lambda event, state: state.owner == event.after,
            alone=True,
        ),
        inverse(
            UrgencyChanged,
            lambda event, action, _: UrgencyChanged(event.after, event.before, undoes=action.seq),
            lambda event, state: state.urgency == event.after,
            alone=True,
        ),
        inverse(
            FolderChanged,
            lambda event, action, _: FolderChanged(event.after, event.before, undoes=action.seq),
            lambda event, state: state.folder == event.after,
            alone=True,
        ),
        inverse(
            DueSet,
            lambda event, action, _: DueSet(event.after, event.before, undoes=action.seq),
            lambda event, state: state.due_at == event.after,
            alone=True,
        ),
        inverse(
            TagsChanged,
            lambda event, action, _: TagsChanged(event.removed, event.added, undoes=action.seq),
            lambda event, state: set(event.added) <= set(state.tags) and not set(event.removed) & set(state.tags),
        ),
        inverse(
            FollowerAdded,
            lambda event, action, _: FollowerRemoved(event.member, undoes=action.seq),
            lambda event, state: state.follows(event.member),
        ),
        inverse(FollowerRemoved, _follows_again, lambda event, state: not state.follows(event.member)),
        inverse(
            CommentAdded,
            lambda event, action, _: CommentRemoved(event.comment_id, undoes=action.seq),
            lambda event, state: _has_comment(state, event.comment_id),
        ),
        inverse(CommentEdited, _says_again, lambda event, state: any((one.id, one.text) == (event.comment_id, event.text) for one in state.comments)),
        inverse(
            CommentRemoved,
            lambda _event, action, _: None if action.prior.comment is None else CommentRestored(action.prior.comment, undoes=action.seq),
            lambda event, state: not _has_comment(state, event.comment_id),
        ),
        inverse(
            CommentReacted,
            lambda event, action, _: CommentReacted(event.comment_id, event.sign, on=not event.on, undoes=action.seq, of=action.by),
            lambda event, state: _has_comment(state, event.comment_id),
        ),
    )
)
"""A test counts them against what `evolve` remembers."""


def changed_since(state: Conversation, action: Undoable) -> bool:
    """Whether the thing has another value now, or went through one by somebody's later action."""
    found = INVERSES.get(type(action.event))
    if found is None or not found.stands(action.event, state):
        return True
    later = state.undoable[state.undoable.index(action) + 1 :]
    return found.alone and any(type(one.event) is type(action.event) for one in later)

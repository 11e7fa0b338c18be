"""The steps of the fold that are about what the team says to each other."""

from msgspec.structs import replace

from store.domain.conversation import Comment, Conversation
from store.domain.events import CommentAdded, CommentEdited, CommentReacted, CommentRemoved, CommentRestored, Event, Recorded
from store.domain.evolve_steps import Step, on, remembered, taken_back
from store.domain.facts import Edit, Reaction
from store.domain.ids import CommentId


def _added(state: Conversation, event: CommentAdded, recorded: Recorded) -> Conversation:
    comment = Comment(
        event.comment_id,
        state.revision,
        recorded.seq,
        recorded.by,
        recorded.at,
        event.text,
        event.mentions,
        event.groups,
        event.message_id,
        event.reply_to,
        files=event.files,
    )
    return remembered(state, replace(state, comments=(*state.comments, comment)), event, recorded)


def place_of(state: Conversation, comment_id: CommentId) -> int | None:
    """Where the comment stands."""
    return next((at for at, comment in enumerate(state.comments) if comment.id == comment_id), None)


def _with(state: Conversation, at: int, comment: Comment) -> Conversation:
    return replace(state, comments=(*state.comments[:at], comment, *state.comments[at + 1 :]))


def _edited(state: Conversation, event: CommentEdited, recorded: Recorded) -> Conversation:
    """It counts as said now. Taken back, it is what it was, reactions that came since excepted."""
    at = place_of(state, event.comment_id)
    if at is None:
        return state
    old = state.comments[at]
    if event.undoes is not None:
        without, prior = taken_back(state, event.undoes)
        before = prior.comment if prior and prior.comment else replace(old, text=event.text, mentions=event.mentions, groups=event.groups)
        return _with(without, at, replace(before, reactions=old.reactions))
    edits = (*old.edits, Edit(recorded.at, old.text))
    new = replace(old, text=event.text, mentions=event.mentions, groups=event.groups, edits=edits, revision=state.revision)
    return remembered(state, _with(state, at, new), event, recorded, comment=old, at=at)


def _removed(state: Conversation, event: CommentRemoved, recorded: Recorded) -> Conversation:
    at = place_of(state, event.comment_id)
    after = state if at is None else replace(state, comments=(*state.comments[:at], *state.comments[at + 1 :]))
    if event.undoes is not None:
        return taken_back(after, event.undoes)[0]
    return after if at is None else remembered(state, after, event, recorded, comment=state.comments[at], at=at)


def _restored(state: Conversation, event: CommentRestored, recorded: Recorded) -> Conversation:
    del recorded
    without, prior = taken_back(state, event.undoes)
    at = prior.comment_at if prior else len(state.comments)
    return replace(without, comments=(*state.comments[:at], event.comment, *state.comments[at:]))


def _reacted(state: Conversation, event: CommentReacted, recorded: Recorded) -> Conversation:
    at = place_of(state, event.comment_id)
    if at is None:
        return state
    by = recorded.by if event.undoes is None or event.of is None else event.of
    others = tuple(one for one in state.comments[at].reactions if (one.by, one.sign) != (by, event.sign))
    after = _with(state, at, replace(state.comments[at], reactions=(*others, Reaction(by, event.sign)) if event.on else others))
    if event.undoes is None:
        return remembered(state, after, event, recorded, comment=state.comments[at], at=at)
    without, prior = taken_back(after, event.undoes)
    place = {one: n for n, one in enumerate(prior.comment.reactions)} if prior and prior.comment else {}
    reactions = sorted(without.comments[at].reactions, key=lambda one: place.get(one, len(place)))
    return _with(without, at, replace(without.comments[at], reactions=tuple(reactions)))


TALK_STEPS: dict[type[Event], Step] = dict(
    (
        on(CommentAdded, _added),
        on(CommentEdited, _edited),
        on(CommentRemoved, _removed),
        on(CommentRestored, _restored),
        on(CommentReacted, _reacted),
    )
)

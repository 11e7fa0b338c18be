"""Replies that were handed over: how long one may take them back, what became of them, and what their sender must decide."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.ids import ConversationId, SubmissionId
from store.domain.outbox import OutboxState, Submission
from store.local.store import LocalStore
from store.settings.kept import Kept

HOLD_SECONDS = 20.0
"""Without a preference of the person's own."""
HOLD_AT_MOST_SECONDS = 600.0
"""As a preference: whoever wants to send tomorrow says so with that reply, not with every one."""
_HOLD = "hold_seconds"

_GONE = frozenset({OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED})
_TELL = frozenset({OutboxState.HELD, OutboxState.REFUSED, OutboxState.UNKNOWN})


def hold_seconds(home: Path) -> float:
    """How long a reply of this person's waits before it leaves; blocking.

    Raises:
        KeptDamaged: What was kept is no more; the next call has the default.
    """
    seconds = seconds_in(Kept(home).preference(_HOLD) or "")
    return HOLD_SECONDS if seconds is None else seconds


def set_hold_seconds(home: Path, seconds: float) -> None:
    """Change it, for this person on this machine; blocking."""
    Kept(home).set_preference(_HOLD, f"{seconds:g}")


def seconds_in(text: str) -> float | None:
    """A hold as it is typed; None when it is no number, or none from 0 to ten minutes."""
    try:
        seconds = float(unicodedata.normalize("NFKC", text).strip().removesuffix("s"))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= HOLD_AT_MOST_SECONDS else None


@dataclass(frozen=True)
class Outgoing:
    """One reply that is not settled, with its conversation."""

    number: int
    conversation_id: ConversationId
    submission: Submission


@dataclass(frozen=True)
class Settled:
    """`left`: conversations whose reply was accepted, so that the draft is needed no more. `asking`: replies that wait for their sender."""

    left: tuple[ConversationId, ...]
    asking: tuple[Outgoing, ...]
    states: Mapping[OutboxState, int] = field(default_factory=dict)
    """How many of one's own stand where, but for those that have left."""


def settle_drafts(store: LocalStore) -> Settled:
    """Look at every draft that was handed over. Drops those that were accepted; blocking."""
    left: list[ConversationId] = []
    asking: list[Outgoing] = []
    states: Counter[OutboxState] = Counter()
    for draft in store.drafts():
        conversation = store.conversation(draft.conversation_id) if draft.submission_id is not None else None
        submission = _submission(conversation, draft)
        if conversation is None or submission is None:
            continue
        if submission.state in _GONE:
            store.drop_draft(draft.conversation_id)
            left.append(draft.conversation_id)
            continue
        states[submission.state] += 1
        if submission.state in _TELL:
            asking.append(Outgoing(conversation.number, conversation.id, submission))
    return Settled(tuple(left), tuple(asking), states)


def _submission(conversation: Conversation | None, draft: Draft) -> Submission | None:
    wanted: SubmissionId | None = draft.submission_id
    return next((each for each in conversation.submissions if each.id == wanted), None) if conversation is not None else None

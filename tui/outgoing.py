"""What became of replies that were handed over: their drafts are kept until then, and the sender is told what needs a decision."""

from dataclasses import dataclass

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.ids import ConversationId, SubmissionId
from store.domain.outbox import OutboxState, Submission
from store.local.store import LocalStore

_GONE = frozenset({OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED})
_TELL = frozenset({OutboxState.HELD, OutboxState.REFUSED, OutboxState.UNKNOWN})


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


def settle_drafts(store: LocalStore) -> Settled:
    """Look at every draft that was handed over. Drops those that were accepted; blocking."""
    left: list[ConversationId] = []
    asking: list[Outgoing] = []
    for draft in store.drafts():
        conversation = store.conversation(draft.conversation_id) if draft.submission_id is not None else None
        submission = _submission(conversation, draft)
        if conversation is None or submission is None:
            continue
        if submission.state in _GONE:
            store.drop_draft(draft.conversation_id)
            left.append(draft.conversation_id)
        elif submission.state in _TELL:
            asking.append(Outgoing(conversation.number, conversation.id, submission))
    return Settled(tuple(left), tuple(asking))


def _submission(conversation: Conversation | None, draft: Draft) -> Submission | None:
    wanted: SubmissionId | None = draft.submission_id
    return next((each for each in conversation.submissions if each.id == wanted), None) if conversation is not None else None

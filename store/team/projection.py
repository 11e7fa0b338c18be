"""What follows from a command's events, in the same transaction: the conversation's state, the registry, the outbox, pulses."""

from collections.abc import Sequence

from store.domain.conversation import Conversation
from store.domain.events import (
    ConversationAbsorbed,
    ConversationMerged,
    ConversationMovedIn,
    ConversationOpened,
    ConversationRestored,
    MessageArrived,
    MessagesJoined,
    Recorded,
    ReplyFiled,
    ReplyQueued,
    ReplySending,
)
from store.domain.ids import InboxKey, MessageId, SubmissionId
from store.domain.outbox import OutboxState, Submission
from store.domain.status import Category
from store.team import file_statements as f
from store.team import statements as s
from store.team.connection import Connection
from store.team.frozen_checks import bytes_to_queue, follow_check
from store.team.newcomers import note_open
from store.team.reading import move_counter
from store.team.rows import learn, maybe_micros, run, to_json, to_micros
from store.team.team_templates import note_uses


def project(connection: Connection, before: Conversation, after: Conversation, recorded: Sequence[Recorded], mime: bytes | None) -> None:
    """Write down what changed from `before` to `after` by `recorded`; `mime` are the bytes of a reply that was handed in with it."""
    put_state(connection, after)
    note_open(connection, before, after)
    if before.lease is not None and (after.lease is None or after.lease.token != before.lease.token):
        run(connection, s.DROP_PULSE, id=after.id)
    mime = bytes_to_queue(connection, recorded, mime)
    for part in recorded:
        _register(connection, after, part)
        _follow_outbox(connection, after, part, mime)
        follow_check(connection, after, part, mime)
    _follow_files(connection, before, after, recorded)


def put_state(connection: Connection, state: Conversation) -> None:
    """Keep a conversation as it is now, with what it is found by."""
    body = to_json(state)
    run(
        connection,
        s.PUT_STATE,
        id=state.id,
        number=state.number,
        inbox=state.inbox,
        leased=int(state.lease is not None),
        wake_at=wakes_in_row(state),
        state=body,
    )
    learn(connection, s.GET_STATE, [(body,)], state.id, id=state.id)


def wakes_in_row(state: Conversation) -> int | None:
    """When a timer is to look at it."""
    if state.category is Category.WAITING:
        return maybe_micros(state.wake_at)
    return maybe_micros(state.check.next_limit()) if state.check is not None and state.category is Category.CHECK else None


def due_in_row(reply: Submission) -> int | None:
    """When the outbox is to look at a reply by itself, as its conversation says it."""
    return to_micros(reply.send_at) if reply.state in {OutboxState.SCHEDULED, OutboxState.QUEUED, OutboxState.DEFERRED} else None


def _register(connection: Connection, after: Conversation, part: Recorded) -> None:
    match part.event:
        case ConversationOpened(inbox=inbox, thread_key=thread_key):
            move_counter(connection, "number")
            run(connection, s.PUT_THREAD, inbox=inbox, thread_key=thread_key, conversation_id=after.id)
        case MessageArrived(message_id=message_id, inbox=inbox):
            _lies(connection, after, message_id, inbox)
        case ReplyQueued(message_id=message_id):
            note_uses(connection, part)
            # Before its copy comes back from Sent, and so that an answer to it finds its way even if no copy ever does.
            run(connection, s.PUT_MESSAGE, inbox=after.inbox, message_id=message_id, conversation_id=after.id)
        case MessagesJoined() | ConversationMovedIn():
            # Those that a split took along; or all, by which what answers to the new inbox's address finds its way.
            for message in after.messages:
                _lies(connection, after, message.message_id, message.inbox)
        case ConversationRestored(submissions=submissions):
            run(connection, s.DROP_ALIAS, which=after.id)
            for message in after.messages:
                # The whole may have moved meanwhile, and taken these along.
                _lies(connection, after, message.message_id, message.inbox)
            _rehouse(connection, after, submissions)
        case ConversationMerged(into=into):
            run(connection, s.PUT_ALIAS, alias=after.id, conversation_id=into)
        case ConversationAbsorbed(submissions=submissions):
            _rehouse(connection, after, submissions)
        case _:
            pass


def _lies(connection: Connection, after: Conversation, message_id: MessageId, inbox: InboxKey) -> None:
    """A message is the conversation's: for its answers, which go to the conversation's inbox, and for the watcher of the inbox it lies in."""
    for where in dict.fromkeys((after.inbox, inbox or after.inbox)):
        run(connection, s.PUT_MESSAGE, inbox=where, message_id=message_id, conversation_id=after.id)


def _rehouse(connection: Connection, after: Conversation, submissions: Sequence[Submission]) -> None:
    for submission in submissions:
        run(connection, s.REHOUSE_SUBMISSION, which=submission.id, conversation=after.id)


def _follow_outbox(connection: Connection, after: Conversation, part: Recorded, mime: bytes | None) -> None:
    event = part.event
    submission = _submission(after, getattr(event, "submission_id", None))
    if submission is None:
        return
    if isinstance(event, ReplyQueued):
        if mime is None:
            raise ValueError(f"the reply {submission.id} was queued without its bytes")
        run(
            connection,
            s.ADD_SUBMISSION,
            id=submission.id,
            conversation_id=after.id,
            inbox=after.inbox,
            state=submission.state,
            due_at=to_micros(submission.send_at),
            queued_at=to_micros(part.at),
            attempts=0,
            filed=0,
            mime=mime,
        )
        return
    run(
        connection,
        s.MOVE_SUBMISSION,
        which=submission.id,
        state=submission.state,
        due_at=due_in_row(submission),
        attempts=event.attempt if isinstance(event, ReplySending) else None,
        filed=int(submission.filed or isinstance(event, ReplyFiled)),
    )


def _follow_files(connection: Connection, before: Conversation, after: Conversation, recorded: Sequence[Recorded]) -> None:
    """The files of a comment are where the comment is, whatever brought it here: it was said, came with others, or was put back."""
    if not any(comment.files for comment in after.comments):
        return
    were_here = {comment.id for comment in before.comments}
    for comment in after.comments:
        for file in comment.files if comment.id not in were_here else ():
            now_at = to_micros(recorded[-1].at)
            run(connection, f.HOUSE_FILE, comment=comment.id, hash=file.sha256, conversation=after.id, now_at=now_at)


def _submission(after: Conversation, submission_id: SubmissionId | None) -> Submission | None:
    return next((found for found in after.submissions if found.id == submission_id), None) if submission_id else None

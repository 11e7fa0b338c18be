"""The bytes of replies that wait for a checker: kept with the request, handed to the outbox with the last yes."""

from collections.abc import Sequence

from store.domain.approval import reply_hash
from store.domain.commands import AnyCommand, Approve, IssueTicket
from store.domain.conversation import Conversation
from store.domain.events import CheckEdited, CheckRequested, CheckSentBack, CheckWithdrawn, Recorded, ReplyQueued
from store.domain.ids import ConversationId, InboxKey, MemberKey, SubmissionId
from store.domain.outbox import Envelope
from store.team import check_statements as c
from store.team import statements as s
from store.team.connection import Connection, Row
from store.team.rows import from_micros, run, to_micros, value
from store.team.values import RemarkKept


def frozen_mime(connection: Connection, *, submission_id: SubmissionId) -> bytes | None:
    """What was frozen for a check; None: it is not kept, or not any more."""
    found = value(connection, c.GET_CHECK, id=submission_id)
    return found if isinstance(found, bytes) else None


def hash_as_kept(connection: Connection, command: AnyCommand, state: Conversation) -> str | None:
    """The hash of what lies here of the reply that is to be approved, or to leave with an approval; None: nobody asks."""
    match command:
        case Approve(submission_id=submission_id) if state.check is not None and state.check.id == submission_id:
            mime = frozen_mime(connection, submission_id=submission_id)
            return _hash(state.check.reply.envelope, mime)
        case IssueTicket(submission_id=submission_id):
            reply = next((one for one in state.submissions if one.id == submission_id), None)
            if reply is None or not (reply.approvals or reply.stages):
                return None
            rows = run(connection, s.GET_SUBMISSION, id=submission_id)
            return _hash(reply.envelope, rows[0][4] if rows else None)
        case _:
            return None


def _hash(envelope: Envelope, mime: bytes | None) -> str:
    return "" if mime is None else reply_hash(envelope.mail_from, envelope.rcpt_to, mime)


def follow_check(connection: Connection, after: Conversation, part: Recorded, mime: bytes | None) -> None:
    """Keep, or let go of, what an event says."""
    match part.event:
        case CheckRequested(reply=reply):
            if mime is None:
                raise ValueError(f"a check of {reply.submission_id} was asked for without its bytes")
            run(connection, c.ADD_CHECK, id=reply.submission_id, conversation_id=after.id, frozen_at=to_micros(part.at), mime=mime)
            run(connection, s.PUT_MESSAGE, inbox=after.inbox, message_id=reply.message_id, conversation_id=after.id)
        case CheckSentBack(submission_id=submission_id, remark=remark, kind=kind) if after.check is not None:
            told = {"member": after.check.by, "checker": part.by, "at": to_micros(part.at), "kind": kind, "remark": remark}
            run(connection, c.ADD_REMARK, id=submission_id, conversation_id=after.id, number=after.number, inbox=after.inbox, **told)
        case CheckWithdrawn(submission_id=submission_id) | CheckEdited(submission_id=submission_id):
            run(connection, c.DROP_CHECK, which=submission_id)
        case ReplyQueued():
            # What was sent back before is of no interest any more either.
            run(connection, c.DROP_CHECKS_IN, which=after.id)
        case _:
            pass


def bytes_to_queue(connection: Connection, recorded: Sequence[Recorded], mime: bytes | None) -> bytes | None:
    """The bytes of a reply that is queued now: handed in with its command, or frozen when its check was asked for."""
    queued = next((one.event for one in recorded if isinstance(one.event, ReplyQueued)), None)
    return mime if mime is not None or queued is None else frozen_mime(connection, submission_id=queued.submission_id)


def remarks_of(connection: Connection, *, member: MemberKey, most: int) -> tuple[RemarkKept, ...]:
    """What was said to a member, the newest first."""
    return tuple(map(remark_in_row, run(connection, c.REMARKS_OF, member=member, most=most)))


def remark_in_row(row: Row) -> RemarkKept:
    """A row of the table, all its columns."""
    id_, _, checker, at, conversation, number, inbox, kind, remark = row
    return RemarkKept(SubmissionId(id_), MemberKey(checker), from_micros(at), ConversationId(conversation), number, InboxKey(inbox), kind, remark)

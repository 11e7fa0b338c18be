"""The JSON objects of the outside surface, as architecture.md promises them; pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from store.domain.bounce_reason import bounce_reason
from store.domain.conversation import Comment, Conversation
from store.domain.events import Recorded
from store.domain.ids import InboxKey
from store.domain.message import Address, DeliveryReport, Invitation, Message
from store.domain.outbox import Submission
from store.domain.status import Urgency
from store.domain.thread_evidence import ThreadEvidence
from store.local.rows import ConversationRow, StoredMessage
from tui.cli.hit_shapes import Shape, address_shape


def utc(at: datetime | None) -> datetime | None:
    """An `*_at` value: in UTC."""
    return None if at is None else at.astimezone(UTC)


def urgency_word(urgency: Urgency) -> str:
    """`normal`, `urgent`, `very_urgent`: what `mado urgency` takes."""
    return Urgency(urgency).name.lower()


def conversation_shape(row: ConversationRow) -> Shape:
    """A line of `mado list`."""
    lease = None if row.lease_by is None else {"by": row.lease_by, "since": utc(row.lease_since), "idle": row.lease_idle}
    return {
        "id": row.id,
        "number": row.number,
        "revision": row.revision,
        "inbox": row.inbox,
        "subject": row.subject,
        "customer": {"name": row.customer_name, "address": row.customer_address},
        "status": row.status,
        "category": row.category,
        "owner": row.owner,
        "urgency": urgency_word(row.urgency),
        "tags": list(row.tags),
        "lease": lease,
        "messages": row.messages,
        "last_at": utc(row.last_at),
        "due_at": utc(row.due_at),
        "unread": row.unread,
        "woken": row.woken,
    }


def addresses_shape(addresses: Iterable[Address]) -> list[Shape]:
    """A list, possibly empty, never null."""
    return [address_shape(address) for address in addresses]


def message_shape(message: Message) -> Shape:
    """A line of `mado eml`."""
    return {
        "message_id": message.message_id,
        "subject": message.subject,
        "from": addresses_shape(message.from_),
        "to": addresses_shape(message.to),
        "cc": addresses_shape(message.cc),
        "date": message.date,
        "text": message.text,
        "attachments": [
            {"name": attachment.name, "content_type": attachment.content_type, "size_bytes": attachment.size_bytes}
            for attachment in message.attachments
        ],
        "kind": message.kind,
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "warnings": list(message.warnings),
        "invitation": None if message.invitation is None else invitation_shape(message.invitation),
        "report": None if message.report is None else report_shape(message.report),
        "protection": message.protection,
        "list_id": message.list_id,
    }


def invitation_shape(invitation: Invitation) -> Shape:
    """The event of a mail; days are dates, a floating time has no offset."""

    def moment(at: datetime | None) -> object:
        return at.date() if at is not None and invitation.all_day else at

    return {
        "method": invitation.method,
        "summary": invitation.summary,
        "starts_at": moment(invitation.starts_at),
        "ends_at": moment(invitation.ends_at),
        "all_day": invitation.all_day,
        "location": invitation.location,
        "organizer": None if invitation.organizer is None else address_shape(invitation.organizer),
        "attendees": [{**address_shape(attendee.who), "answer": attendee.answer} for attendee in invitation.attendees],
        "repeats": invitation.repeats,
        "uid": invitation.uid,
    }


def report_shape(report: DeliveryReport) -> Shape:
    """What became of a mail of ours; `cause` is one word of a small set, for programs."""
    return {
        "results": [
            {
                "recipient": result.recipient,
                "action": result.action,
                "status": result.status,
                "reason": result.reason,
                "cause": bounce_reason(result.status, result.reason),
            }
            for result in report.results
        ],
        "original_message_id": report.original_message_id,
        "original_subject": report.original_subject,
    }


def stored_message_shape(stored: StoredMessage) -> Shape:
    """A message inside `mado show`: as `mado eml` says it, and where it lies."""
    return {
        **message_shape(stored.message),
        "message_id": stored.message_id,
        "inbox": stored.inbox,
        "mailbox": stored.mailbox,
        "uid": stored.uid,
        "outgoing": stored.outgoing,
        "arrived_at": utc(stored.internaldate),
        "thread": thread_shape(stored.evidence),
    }


def thread_shape(evidence: ThreadEvidence) -> Shape:
    """Why a message is where it is: by what, which place or number, by which id."""
    return {"by": evidence.by, "n": evidence.n or None, "id": evidence.id or None}


def comment_shape(comment: Comment) -> Shape:
    """A comment inside `mado show`."""
    return {
        "id": comment.id,
        "by": comment.by,
        "at": utc(comment.at),
        "text": comment.text,
        "mentions": list(comment.mentions),
        "groups": list(comment.groups),
        "message_id": comment.message_id,
        "reply_to": comment.reply_to,
        "edits": [{"at": utc(edit.at), "text": edit.text} for edit in comment.edits],
        "files": [{"name": file.name, "size_bytes": file.size_bytes, "sha256": file.sha256} for file in comment.files],
        "reactions": [{"by": reaction.by, "sign": reaction.sign} for reaction in comment.reactions],
    }


def event_shape(recorded: Recorded) -> Shape:
    """An event of the timeline: `type` and the event's own fields beside who and when."""
    fields = msgspec.to_builtins(recorded.event)
    return {"seq": recorded.seq, "at": utc(recorded.at), "by": recorded.by, **fields}


def submission_shape(submission: Submission) -> Shape:
    """A reply on its way, inside `mado show`."""
    return {
        "submission_id": submission.id,
        "message_id": submission.message_id,
        "by": submission.by,
        "state": submission.state,
        "send_at": utc(submission.send_at),
        "to": list(submission.envelope.rcpt_to),
        "why": submission.why,
    }


def whole_shape(
    row: ConversationRow,
    state: Conversation | None,
    messages: Iterable[StoredMessage],
    timeline: Iterable[Recorded],
    also_in: Iterable[InboxKey] = (),
) -> Shape:
    """What `mado show` prints: the line of `list` with `messages` in full, and what only the team knows."""
    return {
        **conversation_shape(row),
        "also_in": list(also_in),
        "status_reason": state.status_reason if state else "",
        "wake_at": utc(state.wake_at) if state else None,
        "suggested_owner": row.suggested_owner,
        "folder": row.folder or None,
        "followers": list(row.followers),
        "flags": list(row.flags),
        "messages": [stored_message_shape(message) for message in messages],
        "comments": [comment_shape(comment) for comment in (state.comments if state else ())],
        "submissions": [submission_shape(submission) for submission in (state.submissions if state else ())],
        "timeline": [event_shape(recorded) for recorded in timeline],
    }

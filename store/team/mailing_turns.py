"""A row of a mailing has its turn: in one transaction it is taken from what waits, its conversation is opened, and its mail lies in the outbox.

Whatever crashes, either all of it happened or nothing: a row never has two turns, and never half of one.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from store.domain.commands import StartConversation, SubmitReply
from store.domain.draft_kind import DraftKind
from store.domain.ids import InboxKey, MailingId, MessageId, Revision
from store.domain.lease_events import LeaseTaken
from store.domain.mailing import Mailing, MailingRow, MailingState, conversation_id, submission_id
from store.domain.mailing_commands import FinishMailing, PauseMailing
from store.domain.outbox import Envelope
from store.domain.people import Member
from store.domain.refusals import Malformed, NotAllowed, Refusal
from store.errors import MadoError
from store.team import mailing_statements as m
from store.team import statements as s
from store.team.connection import Connection
from store.team.mailings import FAILED, HANDED_OVER, SKIPPED, Execute, Kept, load, move, read_mailing
from store.team.reading import all_members
from store.team.rows import from_micros, run, run_all, to_micros
from store.team.sent_read import unread
from store.team.suppressing import is_suppressed
from store.team.values import THE_SERVER, Executed, Order, Published
from store.team.writing import Written

TERMINAL = "mailing"
SENDER_LEFT = "sender_left"
RESTORED = "restored"
SUPPRESSED = "suppressed"
FOUND_IN_SENT = "found_in_sent"
"""A row that had left before a backup was brought back: its copy lies in Sent."""


class RowRefused(MadoError):
    """The rules did not take a row; everything of its turn was undone."""

    def __init__(self, n: int, refusal: Refusal) -> None:
        super().__init__(f"row {n} was refused: {type(refusal).__name__}")
        self.n = n
        self.refusal = refusal


class InOutbox(msgspec.Struct, frozen=True):
    """Mails of mailings in an inbox's outbox: those that are about to leave, and those that wait for something."""

    leaving: int
    waiting: int


def running(connection: Connection) -> tuple[Kept, ...]:
    """The mailings that are to go on."""
    rows = run(connection, m.MAILINGS_IN, which=MailingState.RUNNING.value)
    return tuple(Kept(read_mailing(body), None if last_at is None else from_micros(last_at), 0, "") for body, last_at in rows)


def in_outbox(connection: Connection, *, inbox: InboxKey) -> InOutbox:
    """How much of mailings is in an inbox's outbox."""
    found = {str(state): int(count) for state, count in run(connection, m.IN_OUTBOX, inbox=inbox)}
    waiting = found.get("deferred", 0) + found.get("held", 0)
    return InOutbox(sum(found.values()) - waiting, waiting)


def waits_seconds(kept: Kept, now: datetime) -> float:
    """How long until the next row's turn by the mailing's own pace; a clock that went back is not waited for."""
    if kept.last_at is None:
        return 0.0
    between = timedelta(minutes=1) / kept.mailing.per_minute
    return max(0.0, min(between, kept.last_at + between - now).total_seconds())


def take_turn(
    connection: Connection, *, mailing_id: MailingId, address: str, inboxes: Collection[InboxKey], execute: Execute, now: datetime, epoch: int
) -> Written[bool]:
    """Give the next row its turn; False: the mailing does not run (any more), or not before Sent was read since a restore.

    `inboxes`: all there are. A row's conversation may have been moved before its mail left, and then the copy lies in that inbox's Sent.

    Raises:
        RowRefused: The rules say no to this row; `end_row` notes it.
    """
    kept = load(connection, mailing_id)
    if kept is None or kept.mailing.state is not MailingState.RUNNING:
        return False, ()
    sender = _sender(connection, kept.mailing)
    if kept.mailing.epoch != epoch or sender is None:
        return _pause(connection, kept.mailing, RESTORED if sender is not None else SENDER_LEFT, now, epoch)
    everywhere = {kept.mailing.inbox, *inboxes}
    if unread(connection, inboxes=everywhere):
        return False, ()
    rows = run(connection, m.NEXT_ROWS, mailing=mailing_id, most=1)
    published = _turn_of(connection, kept.mailing, MailingRow(*rows[0]), address, everywhere, sender, execute, now) if rows else ()
    if run(connection, m.NEXT_ROWS, mailing=mailing_id, most=1):
        return True, published
    # At once: who looks at it need not wait for a turn that is nobody's.
    _, finished = move(connection, actor=THE_SERVER, command=FinishMailing(mailing_id=mailing_id), now=now, epoch=epoch)
    return False, (*published, *finished)


def _turn_of(
    connection: Connection,
    mailing: Mailing,
    row: MailingRow,
    address: str,
    everywhere: Collection[InboxKey],
    sender: Member,
    execute: Execute,
    now: datetime,
) -> tuple[Published, ...]:
    run(connection, m.TOOK_TURN, which=mailing.id, now_at=to_micros(now))
    if is_suppressed(connection, row.address):
        _end(connection, mailing.id, row.n, SKIPPED, SUPPRESSED, now)
        return ()
    if any(run_all(connection, [(s.ID_OF_MESSAGE, {"inbox": inbox, "message_id": row.message_id}) for inbox in everywhere])):
        _end(connection, mailing.id, row.n, HANDED_OVER, FOUND_IN_SENT, now)
        return ()
    published = _hand_over(connection, mailing, row, address, sender, execute)
    _end(connection, mailing.id, row.n, HANDED_OVER, "", now)
    return published


def end_row(connection: Connection, *, mailing_id: MailingId, n: int, refusal: Refusal, now: datetime, epoch: int) -> Written[bool]:
    """Note that the rules did not take a row. What is no fault of the row's would befall the next one too: the mailing pauses, and says why."""
    kept = load(connection, mailing_id)
    if not isinstance(refusal, Malformed) and kept is not None:
        why = SENDER_LEFT if isinstance(refusal, NotAllowed) else type(refusal).__name__
        return _pause(connection, kept.mailing, why, now, epoch)
    return _end(connection, mailing_id, n, FAILED, type(refusal).__name__, now)


def _sender(connection: Connection, mailing: Mailing) -> Member | None:
    found = next((member for member in all_members(connection) if member.key == mailing.sender), None)
    return found if found is not None and found.active else None


def _pause(connection: Connection, mailing: Mailing, why: str, now: datetime, epoch: int) -> Written[bool]:
    _, published = move(connection, actor=THE_SERVER, command=PauseMailing(mailing_id=mailing.id, why=why), now=now, epoch=epoch)
    return False, published


def _end(connection: Connection, mailing_id: MailingId, n: int, state: str, reason: str, now: datetime) -> Written[bool]:
    run(connection, m.END_ROW, mailing=mailing_id, row=n, becomes=state, because=reason, now_at=to_micros(now))
    return True, ()


def _hand_over(connection: Connection, mailing: Mailing, row: MailingRow, address: str, sender: Member, execute: Execute) -> tuple[Published, ...]:
    """Open the row's conversation, and hand its mail over in it, as the sender would."""
    submission = submission_id(mailing.id, row.n)
    start = StartConversation(
        conversation_id=conversation_id(submission),
        inbox=mailing.inbox,
        subject=row.subject,
        customer_name=row.name,
        customer_address=row.address,
        terminal=TERMINAL,
    )
    (opened,), published = execute(connection, (Order(sender, None, start),))
    if not isinstance(opened, Executed):
        raise RowRefused(row.n, opened.refusal)
    token = next((part.event.token for part in opened.recorded if isinstance(part.event, LeaseTaken)), None)
    submit = SubmitReply(
        conversation_id=opened.conversation_id or start.conversation_id,
        submission_id=submission,
        message_id=MessageId(row.message_id),
        envelope=Envelope(address, (row.address,)),
        mime=row.mime,
        seen_revision=Revision(len(opened.recorded)),
        token=token,
        hold_seconds=0.0,
        terminal=TERMINAL,
        kind=DraftKind.NEW,
    )
    (handed,), more = execute(connection, (Order(sender, None, submit, yes=() if mailing.approved_by is None else (mailing.approved_by,)),))
    if not isinstance(handed, Executed):
        raise RowRefused(row.n, handed.refusal)
    return (*published, *more)

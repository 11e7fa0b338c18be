"""A row of a mailing has its turn: in one transaction it is taken from what waits, its conversation is opened, and its mail lies in the outbox.

Whatever crashes, either all of it happened or nothing: a row never has two turns, and never half of one.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from store.domain.commands import StartConversation, SubmitReply
from store.domain.draft_kind import DraftKind
from store.domain.fence import NOT_APPROVED, SENDER_LEFT
from store.domain.ids import InboxKey, MailingId, MemberKey, MessageId, Revision
from store.domain.lease_events import LeaseTaken
from store.domain.mailing import Mailing, MailingRow, MailingState, conversation_id, submission_id
from store.domain.mailing_check import check_of, keeps_from_leaving
from store.domain.mailing_commands import FinishMailing, PauseMailing
from store.domain.outbox import Envelope
from store.domain.people import Member, writes
from store.domain.refusals import ApprovalRequired, Malformed, NotAllowed, Refusal
from store.errors import MadoError
from store.team import mailing_statements as m
from store.team import statements as s
from store.team.connection import Connection
from store.team.mailing_moves import Kept, kept_in_row, load, move, today
from store.team.mailings import FAILED, HANDED_OVER, SKIPPED, Execute
from store.team.rows import run, run_all, to_micros
from store.team.sent_read import unread
from store.team.suppressing import is_suppressed
from store.team.values import THE_SERVER, Executed, Order, Published
from store.team.writing import Written

TERMINAL = "mailing"
RESTORED = "restored"
_PAUSES: Mapping[type[Refusal], str] = {NotAllowed: SENDER_LEFT, ApprovalRequired: NOT_APPROVED}
"""Why a mailing pauses when the rules say so to a row of it; any other refusal is named as it is."""
SUPPRESSED = "suppressed"
FOUND_IN_SENT = "found_in_sent"
"""A row that had left before a backup was brought back: its copy lies in Sent."""


class RowRefused(MadoError):
    """The rules did not take a row; everything of its turn was undone."""

    def __init__(self, n: int, refusal: Refusal) -> None:
        super().__init__(f"row {n} was refused: {type(refusal).__name__}")
        self.n = n
        self.refusal = refusal


class Turn(NamedTuple):
    """What the rows of a mailing leave with now: from which address, in whose name, and with whose yes to them."""

    mailing: Mailing
    address: str
    sender: Member
    yes: tuple[MemberKey, ...]
    execute: Execute


class InOutbox(msgspec.Struct, frozen=True):
    """Mails of mailings in an inbox's outbox: those that are about to leave, and those that wait for something."""

    leaving: int
    waiting: int


def running(connection: Connection) -> tuple[Kept, ...]:
    """The mailings that are to go on."""
    return tuple(map(kept_in_row, run(connection, m.MAILINGS_IN, which=MailingState.RUNNING.value)))


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

    Whose yes counts is asked anew at each turn: a row leaves while so many who may check here today have said yes.

    `inboxes`: all there are. A row's conversation may have been moved before its mail left, and then the copy lies in that inbox's Sent.

    Raises:
        RowRefused: The rules say no to this row; `end_row` notes it.
    """
    kept = load(connection, mailing_id)
    if kept is None or kept.mailing.state is not MailingState.RUNNING:
        return False, ()
    here = today(connection, now)
    sender, check = here.member(kept.mailing.sender), check_of(kept.mailing, here)
    if sender is None or not writes(sender, kept.mailing.inbox, now):
        return _pause(connection, kept.mailing, SENDER_LEFT, now, epoch)
    if (why := keeps_from_leaving(kept.mailing, check) if kept.mailing.epoch == epoch else RESTORED) is not None:
        return _pause(connection, kept.mailing, why, now, epoch)
    everywhere = {kept.mailing.inbox, *inboxes}
    if unread(connection, inboxes=everywhere):
        return False, ()
    rows = run(connection, m.NEXT_ROWS, mailing=mailing_id, most=1)
    turn = Turn(kept.mailing, address, sender, check.yes, execute)
    published = _turn_of(connection, turn, MailingRow(*rows[0]), everywhere, now) if rows else ()
    if run(connection, m.NEXT_ROWS, mailing=mailing_id, most=1):
        return True, published
    # At once: who looks at it need not wait for a turn that is nobody's.
    _, finished = move(connection, actor=THE_SERVER, command=FinishMailing(mailing_id=mailing_id), now=now, epoch=epoch)
    return False, (*published, *finished)


def _turn_of(connection: Connection, turn: Turn, row: MailingRow, everywhere: Collection[InboxKey], now: datetime) -> tuple[Published, ...]:
    mailing = turn.mailing
    run(connection, m.TOOK_TURN, which=mailing.id, now_at=to_micros(now))
    if is_suppressed(connection, row.address):
        _end(connection, mailing.id, row.n, SKIPPED, SUPPRESSED, now)
        return ()
    if any(run_all(connection, [(s.ID_OF_MESSAGE, {"inbox": inbox, "message_id": row.message_id}) for inbox in everywhere])):
        _end(connection, mailing.id, row.n, HANDED_OVER, FOUND_IN_SENT, now)
        return ()
    published = _hand_over(connection, turn, row)
    _end(connection, mailing.id, row.n, HANDED_OVER, "", now)
    return published


def end_row(connection: Connection, *, mailing_id: MailingId, n: int, refusal: Refusal, now: datetime, epoch: int) -> Written[bool]:
    """Note that the rules did not take a row. What is no fault of the row's would befall the next one too: the mailing pauses, and says why."""
    kept = load(connection, mailing_id)
    if not isinstance(refusal, Malformed) and kept is not None:
        why = _PAUSES.get(type(refusal), type(refusal).__name__)
        return _pause(connection, kept.mailing, why, now, epoch)
    return _end(connection, mailing_id, n, FAILED, type(refusal).__name__, now)


def _pause(connection: Connection, mailing: Mailing, why: str, now: datetime, epoch: int) -> Written[bool]:
    _, published = move(connection, actor=THE_SERVER, command=PauseMailing(mailing_id=mailing.id, why=why), now=now, epoch=epoch)
    return False, published


def _end(connection: Connection, mailing_id: MailingId, n: int, state: str, reason: str, now: datetime) -> Written[bool]:
    run(connection, m.END_ROW, mailing=mailing_id, row=n, becomes=state, because=reason, now_at=to_micros(now))
    return True, ()


def _hand_over(connection: Connection, turn: Turn, row: MailingRow) -> tuple[Published, ...]:
    """Open the row's conversation, and hand its mail over in it, as the sender would."""
    submission = submission_id(turn.mailing.id, row.n)
    start = StartConversation(
        conversation_id=conversation_id(submission),
        inbox=turn.mailing.inbox,
        subject=row.subject,
        customer_name=row.name,
        customer_address=row.address,
        terminal=TERMINAL,
    )
    (opened,), published = turn.execute(connection, (Order(turn.sender, None, start),))
    if not isinstance(opened, Executed):
        raise RowRefused(row.n, opened.refusal)
    token = next((part.event.token for part in opened.recorded if isinstance(part.event, LeaseTaken)), None)
    submit = SubmitReply(
        conversation_id=opened.conversation_id or start.conversation_id,
        submission_id=submission,
        message_id=MessageId(row.message_id),
        envelope=Envelope(turn.address, (row.address,)),
        mime=row.mime,
        seen_revision=Revision(len(opened.recorded)),
        token=token,
        hold_seconds=0.0,
        terminal=TERMINAL,
        kind=DraftKind.NEW,
    )
    (handed,), more = turn.execute(connection, (Order(turn.sender, None, submit, yes=turn.yes),))
    if not isinstance(handed, Executed):
        raise RowRefused(row.n, handed.refusal)
    return (*published, *more)

"""What a simulated server does with the outbox: tickets, the hand-over to SMTP, what is written down of it, and doubt after a death."""

from collections.abc import Sequence
from functools import partial

from mailsync.server.outbox_plan import envelope_left
from store.domain.commands import IssueTicket, RecordFiled, RecordOutcome
from store.domain.events import ReplySending
from store.domain.fence import IMAP_UNREACHABLE
from store.domain.ids import InboxKey
from store.domain.outbox import LEFT_STATES, OutboxState
from store.sqlite.errors import StoreError
from store.team import reading
from store.team.connection import Connection
from store.team.duties import Duty
from store.team.values import Executed, OutboxItem
from tests.simulation.fate import Died
from tests.simulation.machine import Machine

STOPPED = "the server stopped between handing this reply over and hearing the answer"


class Ticket:
    """A reply that may leave now, to whom, and the duty under which that was asked."""

    def __init__(self, item: OutboxItem, of: InboxKey, duty: Duty, attempt: int) -> None:
        self.inbox = item.inbox
        self.of = of
        self.conversation_id = item.conversation_id
        self.submission = item.submission
        self.recipients = envelope_left(item.submission).rcpt_to
        self.duty = duty
        self.attempt = attempt

    def counts(self, machine: Machine) -> bool:
        """Whether the server still goes on with it: one that found its duty lost has dropped it."""
        return machine.duties.get(self.of) is self.duty


def due(machine: Machine, inbox: InboxKey) -> list[OutboxItem]:
    """What the outbox looks at now."""

    def look(connection: Connection) -> tuple[Sequence[OutboxItem], Sequence[OutboxItem]]:
        return reading.due_submissions(connection, now=machine.clock.now()), reading.submissions_in(connection, state=OutboxState.HELD)

    items, held = machine.pen.read(look)
    every = (*items, *(item for item in held if item.submission.why == IMAP_UNREACHABLE))
    return [item for item in every if machine.covers(inbox, item.inbox)]


def next_ticket(machine: Machine, inbox: InboxKey, items: Sequence[OutboxItem], *, imap_checked: bool) -> Ticket | None:
    """As the outbox runner: the first of them for which a ticket is issued."""
    for item in items:
        if item.submission.id in machine.sending:
            continue
        command = IssueTicket(conversation_id=item.conversation_id, submission_id=item.submission.id, imap_checked=imap_checked)
        outcome = machine.server_says(command, inbox)
        out = [one.event for one in outcome.recorded if isinstance(one.event, ReplySending)] if isinstance(outcome, Executed) else []
        if out:
            machine.sending.add(item.submission.id)
            return Ticket(_as_it_is(machine, item), inbox, machine.duties[inbox], out[0].attempt)
    return None


def _as_it_is(machine: Machine, item: OutboxItem) -> OutboxItem:
    """The list it stood in may be old: who got it meanwhile must not get it again."""
    try:
        frozen = machine.pen.read(partial(reading.submission, submission_id=item.submission.id))
    except StoreError as error:
        # A server that cannot read what it has a ticket for ends.
        raise Died from error
    assert frozen is not None
    return frozen.item


def write_down(machine: Machine, inbox: InboxKey, command: RecordOutcome) -> None:
    """What SMTP said; what left is filed."""
    machine.server_says(command, inbox)
    machine.sending.discard(command.submission_id)
    if command.state in LEFT_STATES:
        machine.server_says(RecordFiled(conversation_id=command.conversation_id, submission_id=command.submission_id), inbox)


def doubt_what_was_leaving(machine: Machine, inbox: InboxKey) -> None:
    """Whoever handed these over is gone, or is not on duty any more: they may have left."""
    for item in machine.pen.read(partial(reading.submissions_in, state=OutboxState.SENDING)):
        if machine.covers(inbox, item.inbox):
            unknown = RecordOutcome(
                conversation_id=item.conversation_id,
                submission_id=item.submission.id,
                state=OutboxState.UNKNOWN,
                why=STOPPED,
            )
            machine.server_says(unknown, inbox)

"""What servers do when they are on duty, and the mail that goes in and out of them."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from mailsync.server.outbox import PausedBeforeSending
from mailsync.server.outbox_plan import Patience, judge
from mailsync.smtp.errors import SubmissionUncertain
from store.domain.commands import RecordOutcome
from store.domain.ids import InboxKey
from store.domain.outbox import OutboxState, RecipientResult
from store.team import reading
from store.team.values import OutboxItem
from tests.simulation.machine import INBOXES, Machine
from tests.simulation.sending import Ticket, doubt_what_was_leaving, due, next_ticket, write_down
from tests.simulation.servers import Servers

LATER = Patience(retry_after=(timedelta(seconds=30),), most_attempts=50)


class Posting(Servers):
    """Watching, keeping times, sending."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._reread: set[InboxKey] = set()
        self._due: dict[tuple[int, InboxKey], Sequence[OutboxItem]] = {}
        self._again(self._mail_comes, 25.0)
        for number in range(len(self.machines)):
            self._again(partial(self._server_works, number), 4.0)

    def _server_works(self, number: int) -> None:
        """What a server does when it is on duty: it shows that it lives, keeps times, watches and sends."""
        for inbox in self._on(number, lambda machine: machine.keep_duties()) or ():
            self._on_duty(number, inbox, lambda machine, of=inbox: doubt_what_was_leaving(machine, of) or True)
        machine = self.machines[number]
        for inbox in tuple(machine.duties) if machine is not None else ():
            self._on_duty(number, inbox, lambda machine, of=inbox: machine.keep_times(of) or True)
            reached = not self._chance(0.1)
            if reached and inbox in INBOXES:
                anew = inbox in self._reread
                told = self._on_duty(
                    number, inbox, lambda machine, of=inbox, again=anew: machine.watch(of, self.mailroom.mailboxes[of], 10, anew=again)
                )
                if told is not None:
                    self._reread.discard(inbox)
            # One reply at a time, as far as one is looked at here.
            self._sends(number, inbox, reached=reached)

    def _sends(self, number: int, inbox: InboxKey, *, reached: bool) -> None:
        """By the list of a moment ago, now and then: to look at a mailbox once more before a ticket may take its time."""
        seen_before = self._due.pop((number, inbox), None)
        items = seen_before if seen_before is not None and self._chance(0.3) else self._on(number, lambda machine: due(machine, inbox))
        if self.faulty and items:
            self._due[number, inbox] = items
        ticket = self._on_duty(number, inbox, lambda machine: next_ticket(machine, inbox, items or (), imap_checked=reached))
        if ticket is not None:
            machine = self.machines[number]
            assert machine is not None
            self._leaves_soon(number, machine, ticket)

    # Mail

    def _mail_comes(self) -> None:
        if not self.faulty:
            return
        if self._chance(0.1):
            self.mailroom.answered_elsewhere()
        else:
            self.mailroom.customer_writes()

    def _leaves_soon(self, number: int, machine: Machine, ticket: Ticket) -> None:
        """With its ticket in hand a server may stand still for minutes before it goes on."""
        if self._chance(0.06):
            self.seen["fault: server stood still with a ticket in hand"] += 1
            machine.paused_until = self.seconds + self.dice.choice((4.0, 60.0, 150.0))

        def goes_on() -> None:
            if self.machines[number] is not machine or not ticket.counts(machine):
                return
            if machine.paused_until > self.seconds:
                self.after(machine.paused_until - self.seconds + 0.01, goes_on)
            else:
                self._hand_over(number, machine, ticket)

        goes_on()

    def _hand_over(self, number: int, machine: Machine, ticket: Ticket) -> None:
        """The reply goes over the line; what becomes of it there is SMTP's to say, and of its saying, the line's."""
        answer: Any
        if machine.may_start():
            answer = self._over_the_line(ticket)
        else:
            self.seen["fault: server woke too late to send"] += 1
            answer = PausedBeforeSending(ticket.inbox)

        def written_down() -> None:
            if self.machines[number] is not machine or not ticket.counts(machine):
                return
            submission = ticket.submission
            verdict = judge(submission, answer, attempt=ticket.attempt, now=machine.clock.now(), patience=LATER)
            outcome = RecordOutcome(
                conversation_id=ticket.conversation_id,
                submission_id=submission.id,
                state=verdict.state,
                results=verdict.results,
                why=verdict.why,
                retry_at=verdict.retry_at,
            )
            if self._on_duty(number, ticket.of, lambda one: write_down(one, ticket.of, outcome) or True) is None and self.machines[number] is machine:
                # The disk was full, or it stood still: the runner tries until it can be written.
                self.after(5, written_down)

        self.after(self.dice.choice((0.2, 5.0, 20.0)), written_down)

    def _over_the_line(self, ticket: Ticket) -> Any:
        results = []
        submission = ticket.submission
        self._look()
        self.onlooker.leaves(submission.id, self._eye.read(partial(reading.submission, submission_id=submission.id)))
        cut = self._chance(0.12)
        if cut and self._chance(0.5):
            self.seen["fault: SMTP cut before it took over"] += 1
            return SubmissionUncertain("the line broke in DATA", ())
        for recipient in ticket.recipients:
            state = self._dice_of(OutboxState.DEFERRED, 0.14) or self._dice_of(OutboxState.REFUSED, 0.14) or OutboxState.ACCEPTED
            if state is OutboxState.ACCEPTED:
                self.mailroom.take_over(submission.message_id, recipient)
            results.append(RecipientResult(recipient, state, {"accepted": 250, "deferred": 450}.get(state, 550), ""))
        if any(result.state is OutboxState.ACCEPTED for result in results) and not (cut and self._chance(0.1)):
            self.mailroom.file(ticket.inbox, submission.message_id, ticket.recipients)
        if cut:
            self.seen["fault: SMTP cut after it took over"] += 1
            return SubmissionUncertain("the line broke after DATA", ())
        return tuple(results)

    def _dice_of(self, state: OutboxState, probability: float) -> OutboxState | None:
        if not self._chance(probability):
            return None
        self.seen[f"fault: SMTP {state}"] += 1
        return state

"""What follows from an attempt to send: pure. Who is still to be asked, what state that makes, and when to try again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailsync.smtp.errors import SubmissionError, SubmissionUncertain
from store.domain.outbox import Envelope, OutboxState, RecipientResult, Submission
from store.errors import MadoError

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
MOST_ATTEMPTS = 100
"""With these steps about 4 days. RFC 5321 4.5.4.1: "the give-up time generally needs to be at least 4-5 days"."""

SETTLED = frozenset({OutboxState.ACCEPTED, OutboxState.REFUSED})
"""Recipients with one of these are never asked for again."""

Answer = tuple[RecipientResult, ...] | MadoError
"""What `mailsync.smtp` made of an attempt: results, or why there are none."""


@dataclass(frozen=True)
class Patience:
    """How often a temporary failure is tried again, and for how long."""

    retry_after: Sequence[timedelta] = RETRY_AFTER
    """After the first failure, the second, …; the last one again and again."""
    most_attempts: int = MOST_ATTEMPTS


@dataclass(frozen=True)
class Verdict:
    """What an attempt came to."""

    state: OutboxState
    results: tuple[RecipientResult, ...]
    why: str = ""
    retry_at: datetime | None = None


def envelope_left(submission: Submission) -> Envelope:
    """The envelope without those who have it already, or never will."""
    settled = {result.address for result in submission.results if result.state in SETTLED}
    left = tuple(address for address in submission.envelope.rcpt_to if address not in settled)
    return Envelope(submission.envelope.mail_from, left)


def judge(submission: Submission, answer: Answer, *, attempt: int, now: datetime, patience: Patience) -> Verdict:
    """The state after an attempt, with a result for everybody who was ever asked for; `attempt` counts from 1."""
    if isinstance(answer, MadoError) and not isinstance(answer, SubmissionError):
        # Nothing was handed over: nobody's result changed.
        return _later(submission, submission.results, str(answer), attempt=attempt, now=now, patience=patience)
    results = merge(submission, answer.results if isinstance(answer, SubmissionError) else answer)
    if isinstance(answer, SubmissionUncertain):
        return Verdict(OutboxState.UNKNOWN, results, str(answer))
    if any(result.state is OutboxState.DEFERRED for result in results):
        return _later(submission, results, words(results), attempt=attempt, now=now, patience=patience)
    return _final(results)


def merge(submission: Submission, results: Sequence[RecipientResult]) -> tuple[RecipientResult, ...]:
    """The newest word on each recipient, in the envelope's order."""
    newest = {result.address: result for result in (*submission.results, *results)}
    return tuple(newest[address] for address in dict.fromkeys(submission.envelope.rcpt_to) if address in newest)


def words(results: Sequence[RecipientResult]) -> str:
    """What the server said of those who did not get it."""
    return "; ".join(
        f"{result.address}: {result.code or ''} {result.reply}".strip() for result in results if result.state is not OutboxState.ACCEPTED
    )


def _later(submission: Submission, results: tuple[RecipientResult, ...], why: str, *, attempt: int, now: datetime, patience: Patience) -> Verdict:
    if attempt >= patience.most_attempts:
        had = {result.address for result in results if result.state in SETTLED}
        given_up = tuple(
            RecipientResult(address, OutboxState.REFUSED, 0, f"given up: {why}") for address in submission.envelope.rcpt_to if address not in had
        )
        return _final(merge(submission, (*results, *given_up)))
    wait = patience.retry_after[min(attempt, len(patience.retry_after)) - 1]
    return Verdict(OutboxState.DEFERRED, results, why, now + wait)


def _final(results: tuple[RecipientResult, ...]) -> Verdict:
    accepted = [result for result in results if result.state is OutboxState.ACCEPTED]
    if len(accepted) == len(results):
        return Verdict(OutboxState.ACCEPTED, results)
    return Verdict(OutboxState.PARTLY_ACCEPTED if accepted else OutboxState.REFUSED, results, words(results))

"""A reply of which some recipients are known to have it, or not: what is found out later speaks only of those in doubt."""

from store.domain.commands import CancelReply, SettleReply
from store.domain.message import DeliveryResult, Kind
from store.domain.outbox import Envelope, OutboxState, RecipientResult
from store.domain.refusals import TooLate
from store.domain.status import DONE, IN_PROGRESS, QUEUED
from tests.domain.play import ID, SATO, SUPPORT, Play, kinds, opened

A, B, C = "a@customer.test", "b@customer.test", "c@customer.test"
ACCEPTED, DEFERRED, REFUSED, UNKNOWN = OutboxState.ACCEPTED, OutboxState.DEFERRED, OutboxState.REFUSED, OutboxState.UNKNOWN


def said(**states: OutboxState) -> tuple[RecipientResult, ...]:
    return tuple(RecipientResult(f"{name}@customer.test", state, 250, "ok") for name, state in states.items())


def tried(*attempts: tuple[RecipientResult, ...], to: tuple[str, ...] = (A, B)) -> Play:
    """After attempts of which each but the last left somebody to be asked again; the line broke in the last one."""
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, to))
    for n, results in enumerate(attempts, 1):
        play.later(minutes=10)
        assert kinds(play.ticket()) == ["ReplySending"]
        play.outcome(UNKNOWN if n == len(attempts) else DEFERRED, results=results)
    assert play.last.state is UNKNOWN
    return play


def states(play: Play) -> dict[str, OutboxState]:
    return {result.address: result.state for result in play.last.results}


def test_a_copy_the_provider_filed_of_the_first_attempt_does_not_make_the_second_one_sent():
    """It lies there because the first recipient has it; nobody knows of the second."""
    play = tried(said(a=ACCEPTED, b=DEFERRED), said(b=UNKNOWN))
    assert kinds(play.sent_copy(play.last.message_id)) == ["MessageArrived"]
    assert (play.last.state, play.state.status) == (UNKNOWN, QUEUED)


def test_a_copy_the_provider_filed_does_not_end_the_attempts_for_the_rest():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (A, B)))
    play.later(minutes=1)
    play.ticket()
    play.outcome(DEFERRED, results=said(a=ACCEPTED, b=DEFERRED))
    assert kinds(play.sent_copy(play.last.message_id)) == ["MessageArrived"]
    play.later(minutes=10)
    assert kinds(play.ticket()) == ["ReplySending"]
    assert kinds(play.outcome(UNKNOWN)) == ["ReplyOutcome"]
    assert states(play) == {A: ACCEPTED, B: UNKNOWN}


def test_who_was_refused_before_the_line_broke_is_told_when_the_copy_is_found():
    play = tried(said(a=REFUSED, b=UNKNOWN))
    play.sent_copy(play.last.message_id)
    assert (play.last.state, states(play), play.state.status) == (OutboxState.PARTLY_ACCEPTED, {A: REFUSED, B: ACCEPTED}, DONE)


def test_who_was_put_off_before_the_line_broke_is_asked_again_and_nobody_else():
    play = tried(said(a=UNKNOWN, b=DEFERRED))
    assert kinds(play.sent_copy(play.last.message_id)) == ["MessageArrived", "ReplySettled"]
    assert (play.last.state, states(play), play.state.status) == (DEFERRED, {A: ACCEPTED, B: DEFERRED}, QUEUED)
    assert play.state.flags == ()
    assert kinds(play.ticket()) == ["ReplySending"]


def test_after_a_crash_whoever_was_to_be_asked_again_is_in_doubt():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (A, B)))
    play.later(minutes=1)
    play.ticket()
    play.outcome(DEFERRED, results=said(a=DEFERRED, b=DEFERRED))
    play.later(minutes=10)
    play.ticket()
    play.outcome(UNKNOWN)
    assert states(play) == {A: UNKNOWN, B: UNKNOWN}
    play.sent_copy(play.last.message_id)
    assert (play.last.state, states(play)) == (ACCEPTED, {A: ACCEPTED, B: ACCEPTED})


def test_a_bounce_of_one_who_had_it_before_settles_nothing_and_one_of_the_doubtful_does():
    play = tried(said(a=ACCEPTED, b=DEFERRED), said(b=UNKNOWN))
    play.customer_writes(kind=Kind.BOUNCE, reported=play.last.message_id, delivery=(DeliveryResult(A, "failed", "5.1.1"),))
    assert (play.last.state, states(play)) == (UNKNOWN, {A: REFUSED, B: UNKNOWN})
    play.sent_copy(play.last.message_id)
    assert play.last.state is UNKNOWN
    play = tried(said(a=ACCEPTED, b=DEFERRED), said(b=UNKNOWN))
    play.customer_writes(kind=Kind.BOUNCE, reported=play.last.message_id, delivery=(DeliveryResult(B, "failed", "5.1.1"),))
    assert (play.last.state, states(play), play.state.status) == (ACCEPTED, {A: ACCEPTED, B: REFUSED}, IN_PROGRESS)


def test_a_person_who_says_not_sent_gets_no_draft_back_that_somebody_has_already():
    """With the text it would go to all of them again."""
    play = tried(said(a=ACCEPTED, b=DEFERRED, c=DEFERRED), said(b=UNKNOWN, c=DEFERRED), to=(A, B, C))
    outcome = play.does(SATO, SettleReply(conversation_id=ID, submission_id=play.last.id, sent=False))
    assert "ReplySettled" not in kinds(outcome)
    assert (play.last.state, states(play)) == (OutboxState.PARTLY_ACCEPTED, {A: ACCEPTED, B: REFUSED, C: REFUSED})
    assert (play.state.status, play.state.claim) == (IN_PROGRESS, None)
    assert isinstance(play.does(SATO, CancelReply(conversation_id=ID, submission_id=play.last.id)), TooLate)

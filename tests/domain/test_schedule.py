"""A reply leaves at the time somebody chose for it, through the fence, and can be taken back or hurried until then."""

from datetime import timedelta

from store.domain.commands import CancelReply, ScheduleReply
from store.domain.outbox import OutboxState
from store.domain.refusals import Malformed, NotAllowed, SomethingNew, TooLate
from store.domain.status import IN_PROGRESS, QUEUED
from tests.domain.play import ID, MORI, SATO, TANAKA, Play, kinds, opened


def scheduled(hours: float = 10.0) -> Play:
    play = opened()
    play.sends(SATO, send_at=play.now + timedelta(hours=hours))
    return play


def at(play: Play, hours: float | None, who=SATO):
    when = None if hours is None else play.now + timedelta(hours=hours)
    return play.does(who, ScheduleReply(conversation_id=ID, submission_id=play.last.id, send_at=when))


def test_a_scheduled_reply_waits_for_its_time_with_its_claim_and_then_leaves():
    play = scheduled()
    assert (play.last.state, play.state.status) == (OutboxState.SCHEDULED, QUEUED)
    assert play.state.claim is not None
    play.later(hours=9.9)
    assert play.ticket() == ()
    play.later(hours=0.2)
    assert kinds(play.ticket()) == ["ReplySending"]


def test_its_time_is_no_way_around_the_hold():
    play = opened()
    play.sends(SATO, send_at=play.now - timedelta(days=1))
    assert play.last.state is OutboxState.QUEUED
    assert play.last.send_at == play.now + timedelta(seconds=20)


def test_a_customer_who_writes_meanwhile_stops_it():
    play = scheduled()
    play.customer_writes()
    assert play.last.state is OutboxState.HELD
    play.later(hours=11)
    assert play.ticket() == SomethingNew(play.state.revision, (play.state.messages[-1].message_id,))


def test_taken_back_it_is_a_draft_again():
    play = scheduled()
    play.does(SATO, CancelReply(conversation_id=ID, submission_id=play.last.id, terminal="t1"))
    assert (play.last.state, play.state.status, play.state.claim) == (OutboxState.CANCELLED, IN_PROGRESS, None)


def test_another_time_and_now():
    play = scheduled()
    assert kinds(at(play, 1)) == ["ReplyScheduled"]
    play.later(hours=1.1)
    at(play, None)
    assert (play.last.state, play.last.send_at) == (OutboxState.QUEUED, play.now)
    assert kinds(play.ticket()) == ["ReplySending"]


def test_a_deferred_one_is_tried_now_with_its_results_kept():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1)
    play.ticket()
    play.outcome(OutboxState.DEFERRED, retry_at=play.now + timedelta(hours=1))
    assert play.ticket() == ()
    at(play, None)
    assert kinds(play.ticket()) == ["ReplySending"]
    assert play.last.attempts == 2


def test_nobody_else_chooses_but_a_leader():
    play = scheduled()
    assert at(play, 1, who=TANAKA) == NotAllowed("leader")
    assert kinds(at(play, 1, who=MORI)) == ["ReplyScheduled"]


def test_what_is_sending_or_held_or_a_year_ahead_has_no_time_to_choose():
    play = scheduled()
    assert isinstance(at(play, 24 * 400), Malformed)
    play.customer_writes()
    assert at(play, None) == TooLate(OutboxState.HELD)
    gone = opened()
    gone.sends(SATO)
    gone.later(minutes=1)
    gone.ticket()
    assert at(gone, None) == TooLate(OutboxState.SENDING)

"""Never two replies, rules 2 to 7: who may write."""

from datetime import timedelta

from store.domain.commands import AskForLease, AssignConversation, CancelReply, ReleaseLease, SetStatus
from store.domain.ids import MemberKey
from store.domain.lease import Pulse, Token
from store.domain.outbox import OutboxState
from store.domain.refusals import LeaseHeld, LeaseLost, Malformed, NotAllowed, ReasonRequired, ReplyPending
from store.domain.status import DONE, HOLD, IN_PROGRESS, NEW, QUEUED
from tests.domain.play import GUEST, ID, MORI, NEWCOMER, SATO, TANAKA, kinds, opened, revision


def release(play, *, has_text, token=None):
    return ReleaseLease(conversation_id=ID, token=token or play.token(), has_text=has_text)


def test_opening_the_composer_makes_a_new_conversation_mine_and_in_progress():
    play = opened()
    assert kinds(play.opens(SATO)) == ["LeaseTaken", "StatusChanged", "OwnerChanged"]
    assert (play.state.status, play.state.owner) == (IN_PROGRESS, SATO.key)


def test_opening_the_composer_leaves_somebody_elses_ownership_alone():
    play = opened()
    play.does(MORI, AssignConversation(conversation_id=ID, owner=TANAKA.key))
    play.opens(SATO)
    assert play.state.owner == TANAKA.key


def test_leaving_an_empty_composer_goes_back_to_the_status_and_owner_before():
    play = opened()
    play.opens(SATO)
    play.does(SATO, release(play, has_text=False))
    assert (play.state.status, play.state.owner, play.state.lease) == (NEW, None, None)


def test_leaving_a_composer_with_text_keeps_the_work_in_progress():
    play = opened()
    play.opens(SATO)
    play.does(SATO, release(play, has_text=True))
    assert (play.state.status, play.state.owner, play.state.lease) == (IN_PROGRESS, SATO.key, None)


def test_what_a_leader_moved_while_i_wrote_is_not_taken_back_by_my_empty_composer():
    play = opened()
    play.opens(SATO)
    play.does(MORI, SetStatus(conversation_id=ID, status=HOLD, reason="在庫確認", until=play.now + timedelta(days=1)))
    play.does(MORI, AssignConversation(conversation_id=ID, owner=TANAKA.key))
    play.does(SATO, release(play, has_text=False))
    assert (play.state.status, play.state.owner, play.state.status_reason) == (HOLD, TANAKA.key, "在庫確認")


def test_a_second_agent_sees_who_writes_since_when_and_whether_idle():
    play = opened()
    play.opens(SATO)
    started = play.now
    play.later(seconds=50)
    assert play.opens(TANAKA) == LeaseHeld(SATO.key, started, idle=False, may_take_over=False)
    assert play.opens(TANAKA, take_over="急ぎ") == LeaseHeld(SATO.key, started, idle=False, may_take_over=False)


def test_a_leader_takes_over_at_once_but_says_why():
    play = opened()
    play.opens(SATO)
    held = play.opens(MORI)
    assert isinstance(held, LeaseHeld)
    assert held.may_take_over
    assert play.opens(MORI, take_over=" ") == ReasonRequired("take_over")
    play.opens(MORI, take_over="お客様がお急ぎ")
    taken = play.journal[-1].event
    assert (taken.by, taken.broken_from, taken.reason) == (MORI.key, SATO.key, "お客様がお急ぎ")


def test_an_agent_takes_over_only_from_somebody_idle():
    play = opened()
    play.opens(SATO)
    started = play.now
    play.later(minutes=11)
    play.pulse = Pulse(renewed_at=play.now, typed_at=started)
    assert isinstance(play.opens(TANAKA), LeaseHeld)
    assert kinds(play.opens(TANAKA, take_over="席を外している")) == ["LeaseTaken"]


def test_a_lease_nobody_renewed_for_two_minutes_is_free_and_its_work_is_kept():
    play = opened()
    play.opens(SATO)
    play.later(minutes=2)
    assert kinds(play.opens(TANAKA)) == ["LeaseLapsed", "LeaseTaken"]
    assert (play.state.status, play.state.owner) == (IN_PROGRESS, SATO.key)


def test_thirty_minutes_without_typing_lapse_however_often_the_machine_says_it_lives():
    play = opened()
    play.opens(SATO)
    started = play.now
    play.later(minutes=30)
    play.pulse = Pulse(renewed_at=play.now, typed_at=started)
    assert "LeaseTaken" in kinds(play.opens(TANAKA))


def test_the_same_person_goes_on_at_another_terminal_without_asking():
    play = opened()
    play.opens(SATO, terminal="office")
    old = play.token()
    assert kinds(play.opens(SATO, terminal="home")) == ["LeaseTaken"]
    assert play.token() > old
    assert play.does(SATO, play.reply(token=old)) == LeaseLost(SATO.key)
    play.does(SATO, release(play, has_text=False))
    assert (play.state.status, play.state.owner) == (NEW, None)


def test_a_broken_lease_can_never_send_again():
    play = opened()
    play.opens(SATO)
    old = play.token()
    play.opens(MORI, take_over="確認のため")
    assert play.does(SATO, play.reply(token=old)) == LeaseLost(MORI.key)
    play.does(MORI, release(play, has_text=True))
    assert play.does(SATO, play.reply(token=old)) == LeaseLost(None)
    assert play.does(SATO, release(play, has_text=False, token=old)) == LeaseLost(None)


def test_a_token_of_another_member_sends_nothing():
    play = opened()
    play.opens(SATO)
    assert play.does(TANAKA, play.reply(token=play.token())) == LeaseLost(SATO.key)


def test_tokens_from_before_a_restore_are_worth_nothing():
    play = opened()
    play.opens(SATO)
    old = play.token()
    play.epoch = 2
    assert play.does(SATO, play.reply(token=old)) == LeaseLost(SATO.key)
    play.opens(TANAKA)
    assert play.token() == Token(2, old.n + 1)


def test_a_timer_lapses_an_empty_composer_as_if_it_had_been_left():
    play = opened()
    play.opens(SATO)
    play.later(minutes=2)
    play.lapses(has_text=False)
    assert (play.state.status, play.state.owner, play.state.lease) == (NEW, None, None)


def test_a_timer_that_lapses_a_composer_with_text_keeps_the_work():
    play = opened()
    play.opens(SATO)
    play.later(minutes=2)
    play.lapses(has_text=True)
    assert (play.state.status, play.state.owner, play.state.lease) == (IN_PROGRESS, SATO.key, None)


def test_a_timer_that_is_late_does_not_lapse_a_lease_that_was_renewed():
    play = opened()
    play.opens(SATO)
    play.later(minutes=5)
    play.pulse = Pulse(renewed_at=play.now, typed_at=play.now)
    assert play.lapses(has_text=True) == ()


def test_the_lease_of_a_member_who_left_is_freed_at_once():
    play = opened()
    play.opens(SATO)
    del play.members[SATO.key]
    assert kinds(play.lapses(has_text=True)) == ["LeaseLapsed"]


def test_asking_for_a_lease_stands_for_a_minute():
    play = opened()
    play.opens(SATO)
    ask = AskForLease(conversation_id=ID)
    assert kinds(play.does(TANAKA, ask)) == ["LeaseAsked"]
    assert play.state.asked_by == TANAKA.key
    assert play.does(TANAKA, ask) == ()
    play.later(seconds=60)
    assert kinds(play.does(TANAKA, ask)) == ["LeaseAsked"]
    assert play.does(SATO, ask) == ()


def test_while_a_reply_is_on_its_way_nobody_gets_a_lease_its_sender_included():
    play = opened()
    play.sends(SATO)
    assert play.state.status == QUEUED
    expected = ReplyPending(SATO.key, OutboxState.QUEUED, play.last.id)
    assert [play.opens(who) for who in (SATO, TANAKA, MORI)] == [expected] * 3
    assert play.does(TANAKA, play.reply(token=None)) == expected
    assert play.does(TANAKA, AskForLease(conversation_id=ID)) == expected
    assert play.does(MORI, SetStatus(conversation_id=ID, status=DONE, reason="x")) == expected


def test_a_claim_outlives_its_hold_its_ticket_and_its_retries():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1)
    play.ticket()
    play.outcome(OutboxState.DEFERRED, retry_at=play.now + timedelta(minutes=5))
    play.later(hours=3)
    assert play.opens(MORI, take_over="x") == ReplyPending(SATO.key, OutboxState.DEFERRED, play.last.id)


def test_guests_cannot_write_and_newcomers_cannot_send():
    play = opened()
    assert play.opens(GUEST) == NotAllowed("reply_right")
    assert kinds(play.opens(NEWCOMER))[0] == "LeaseTaken"
    assert play.does(NEWCOMER, play.reply(token=play.token())) == NotAllowed("approval")


def test_nobody_can_have_seen_the_future():
    play = opened()
    play.opens(SATO)
    assert isinstance(play.does(SATO, play.reply(token=play.token(), seen_revision=revision(play, -1))), Malformed)


def test_a_reply_written_offline_takes_the_lease_in_passing_where_it_is_free():
    play = opened()
    assert kinds(play.does(SATO, play.reply(token=None))) == ["LeaseTaken", "ReplyQueued", "StatusChanged", "OwnerChanged"]
    assert (play.state.lease, play.state.claim.by, play.state.owner) == (None, SATO.key, MemberKey("sato"))


def test_a_reply_written_offline_waits_while_a_colleague_writes():
    play = opened()
    play.opens(TANAKA)
    assert isinstance(play.does(SATO, play.reply(token=None)), LeaseHeld)


def test_a_colleagues_dead_lease_does_not_stop_a_reply_written_offline():
    play = opened()
    play.opens(TANAKA)
    play.later(minutes=3)
    assert kinds(play.does(SATO, play.reply(token=None)))[:3] == ["LeaseLapsed", "LeaseTaken", "ReplyQueued"]


def test_taking_a_reply_back_in_its_hold_gives_the_lease_back():
    play = opened()
    play.sends(SATO)
    back = play.does(SATO, CancelReply(conversation_id=ID, submission_id=play.last.id, terminal="t1"))
    assert kinds(back) == ["ReplyCancelled", "StatusChanged", "LeaseTaken"]
    assert (play.state.status, play.state.claim, play.state.lease.by) == (IN_PROGRESS, None, SATO.key)


def test_a_leader_may_cancel_but_gets_no_lease_and_a_colleague_may_not():
    play = opened()
    play.sends(SATO)
    cancel = CancelReply(conversation_id=ID, submission_id=play.last.id, terminal="t9")
    assert play.does(TANAKA, cancel) == NotAllowed("leader")
    assert kinds(play.does(MORI, cancel)) == ["ReplyCancelled", "StatusChanged"]
    assert (play.state.lease, play.state.claim, play.last.state) == (None, None, OutboxState.CANCELLED)

"""The send fence and exactly once: rules 8 and 9."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from store.domain.commands import AddComment, CancelReply, RecordFiled, RecordOutcome, ReleaseReply, SettleReply
from store.domain.fence import news_since
from store.domain.ids import StatusKey
from store.domain.message import Kind
from store.domain.outbox import Envelope, OutboxState, RecipientResult
from store.domain.people import Role
from store.domain.refusals import (
    Malformed,
    NotAllowed,
    SomethingNew,
    TooLate,
    UnknownStatus,
    UnknownSubmission,
    WakeTimeRequired,
)
from store.domain.status import AWAITING_CHECK, DONE, HOLD, IN_PROGRESS, JUNK, NO_REPLY, QUEUED
from tests.domain.play import CUSTOMER, ID, MORI, SATO, SUPPORT, TANAKA, comment_id, kinds, opened, revision


def comment(play, text="見ました"):
    return AddComment(conversation_id=ID, comment_id=comment_id(play), text=text)


def cancel(play):
    return CancelReply(conversation_id=ID, submission_id=play.last.id)


def settle(play, *, sent):
    return SettleReply(conversation_id=ID, submission_id=play.last.id, sent=sent)


def unknown():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1)
    play.ticket()
    play.outcome(OutboxState.UNKNOWN, why="connection lost after DATA")
    return play


def test_who_was_refused_before_the_line_broke_is_on_record():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (CUSTOMER, "gone@customer.example")))
    play.later(minutes=1)
    play.ticket()
    refused = RecipientResult("gone@customer.example", OutboxState.REFUSED, 550, "no such user")
    play.outcome(OutboxState.UNKNOWN, results=(refused,), why="connection lost after DATA")
    assert (play.last.state, play.last.results) == (OutboxState.UNKNOWN, (refused,))
    play.does(SATO, settle(play, sent=True))
    assert play.last.results == (refused,)


def test_a_reply_goes_out_and_the_conversation_is_done():
    play = opened()
    play.replies(SATO)
    assert (play.state.status, play.state.claim, play.last.state) == (DONE, None, OutboxState.ACCEPTED)
    assert play.state.messages[0].answered_by == play.last.message_id
    assert play.state.done_at == play.now


def test_a_reply_may_leave_the_conversation_in_progress():
    play = opened()
    play.replies(SATO, then_status=IN_PROGRESS)
    assert play.state.status == IN_PROGRESS


@pytest.mark.parametrize(
    ("then", "refusal"),
    [
        (QUEUED, UnknownStatus(QUEUED)),
        (AWAITING_CHECK, UnknownStatus(AWAITING_CHECK)),
        (JUNK, UnknownStatus(JUNK)),
        (NO_REPLY, UnknownStatus(NO_REPLY)),
        (StatusKey("?"), UnknownStatus("?")),
        (HOLD, WakeTimeRequired()),
    ],
)
def test_a_reply_leads_only_to_a_status_that_makes_sense_after_it(then, refusal):
    play = opened()
    assert play.sends(SATO, then_status=then) == refusal


def test_a_mail_that_came_while_i_wrote_stops_my_send_until_i_have_seen_it():
    play = opened()
    play.opens(SATO)
    seen = play.state.revision
    play.customer_writes()
    new = play.state.messages[-1].message_id
    assert play.does(SATO, play.reply(token=play.token(), seen_revision=seen)) == SomethingNew(play.state.revision, (new,))
    assert play.state.lease is not None
    assert "ReplyQueued" in kinds(play.does(SATO, play.reply(token=play.token())))


def test_a_colleagues_comment_stops_my_send_but_my_own_does_not():
    play = opened()
    play.opens(SATO)
    seen = play.state.revision
    play.does(SATO, comment(play))
    assert news_since(play.state, seen, SATO.key) == ()
    play.does(TANAKA, comment(play, "返信しないで!"))
    assert play.does(SATO, play.reply(token=play.token(), seen_revision=seen)) == SomethingNew(play.state.revision, (play.state.comments[-1].id,))


def test_an_outbound_mail_from_elsewhere_stops_my_send():
    play = opened()
    play.opens(SATO)
    seen = play.state.revision
    play.later(seconds=5)
    play.sent_copy()
    assert isinstance(play.does(SATO, play.reply(token=play.token(), seen_revision=seen)), SomethingNew)


def test_a_colleagues_reply_is_news_before_its_copy_is_seen_and_once():
    play = opened()
    seen = play.state.revision
    play.replies(TANAKA)
    assert news_since(play.state, seen, SATO.key) == (play.last.message_id,)
    assert news_since(play.state, seen, TANAKA.key) == ()
    after = play.state.revision
    play.sent_copy(play.last.message_id)
    assert news_since(play.state, seen, SATO.key) == (play.last.message_id,)
    assert news_since(play.state, after, SATO.key) == ()


def test_a_mail_in_the_hold_holds_the_reply_at_once():
    play = opened()
    play.sends(SATO)
    assert "ReplyHeld" in kinds(play.customer_writes())
    assert (play.last.state, play.last.why, play.state.status) == (OutboxState.HELD, "something_new", QUEUED)
    assert "held" in play.state.flags
    assert isinstance(play.later(minutes=1).ticket(), SomethingNew)


def test_a_comment_in_the_hold_holds_the_reply_at_its_ticket():
    play = opened()
    play.sends(SATO)
    play.does(TANAKA, comment(play))
    held = play.later(minutes=1).ticket()
    assert kinds(held) == ["ReplyHeld"]
    assert held[0].new == (play.state.comments[-1].id,)


def test_a_held_reply_goes_once_its_sender_has_seen_what_is_new():
    play = opened()
    play.sends(SATO)
    play.customer_writes()
    release = ReleaseReply(conversation_id=ID, submission_id=play.last.id, seen_revision=revision(play))
    assert play.does(MORI, release) == NotAllowed("sender")
    assert play.does(SATO, replace(release, seen_revision=revision(play, 3))) == SomethingNew(
        play.state.revision, (play.state.messages[-1].message_id,)
    )
    assert kinds(play.does(SATO, release)) == ["ReplyReleased"]
    assert "held" not in play.state.flags
    assert play.does(SATO, release) == ()
    play.later(minutes=1)
    assert kinds(play.ticket()) == ["ReplySending"]


def test_an_inbox_out_of_reach_holds_the_reply_until_it_is_back():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1)
    assert play.ticket(imap_checked=False)[0].why == "imap_unreachable"
    assert play.ticket(imap_checked=False) == ()
    assert kinds(play.ticket()) == ["ReplySending"]


def test_no_ticket_in_the_hold():
    play = opened()
    play.sends(SATO)
    assert play.ticket() == ()
    assert kinds(play.later(seconds=20).ticket()) == ["ReplySending"]


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.CHECKED}])
def test_a_member_who_may_no_longer_send_does_not(change):
    play = opened()
    play.sends(SATO)
    play.members[SATO.key] = replace(SATO, **change)
    assert play.later(minutes=1).ticket()[0].why == "sender_left"


def test_after_a_restore_no_reply_is_sent_blindly():
    play = opened()
    play.sends(SATO)
    play.epoch = 2
    play.later(minutes=1).ticket()
    assert (play.last.state, play.last.why) == (OutboxState.UNKNOWN, "restored")
    assert play.ticket() == TooLate(OutboxState.UNKNOWN)


def test_there_is_one_ticket_at_a_time():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1)
    assert kinds(play.ticket()) == ["ReplySending"]
    assert play.ticket() == TooLate(OutboxState.SENDING)
    assert play.does(SATO, cancel(play)) == TooLate(OutboxState.SENDING)


def test_a_refused_reply_comes_back_with_the_reason():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1).ticket()
    play.outcome(OutboxState.REFUSED, why="550 no such user")
    assert (play.state.status, play.last.why, play.state.claim) == (IN_PROGRESS, "550 no such user", None)
    assert "refused" in play.state.flags
    assert isinstance(play.opens(SATO), tuple)


def test_a_deferred_reply_is_tried_again_when_it_is_time():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1).ticket()
    play.outcome(OutboxState.DEFERRED, retry_at=play.now + timedelta(minutes=5))
    assert play.ticket() == ()
    again = play.later(minutes=5).ticket()
    assert again[0].attempt == 2


def test_each_recipient_keeps_their_newest_result_and_a_half_sent_reply_is_no_draft():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (CUSTOMER, "b@x.example")))
    play.later(minutes=1).ticket()
    first = RecipientResult(CUSTOMER, OutboxState.ACCEPTED, 250, "ok")
    play.outcome(OutboxState.DEFERRED, results=(first, RecipientResult("b@x.example", OutboxState.DEFERRED, 451, "later")))
    assert play.does(SATO, cancel(play)) == TooLate(OutboxState.PARTLY_ACCEPTED)
    play.ticket()
    play.outcome(OutboxState.PARTLY_ACCEPTED, results=(RecipientResult("b@x.example", OutboxState.REFUSED, 550, "no"),))
    assert [(one.address, one.code) for one in play.last.results] == [(CUSTOMER, 250), ("b@x.example", 550)]
    assert play.state.status == DONE


def test_a_customer_who_writes_while_the_reply_is_sending_is_not_buried_with_it():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1).ticket()
    play.customer_writes()
    play.outcome(OutboxState.ACCEPTED)
    assert (play.state.status, play.state.owner) == (IN_PROGRESS, SATO.key)
    assert [message.answered_by for message in play.state.messages] == [play.last.message_id, None]


def test_an_unknown_reply_stays_flagged_and_is_never_resent_by_itself():
    play = unknown()
    assert (play.state.status, play.last.state) == (QUEUED, OutboxState.UNKNOWN)
    assert "unknown" in play.state.flags
    assert play.later(days=3).ticket() == TooLate(OutboxState.UNKNOWN)
    assert play.does(SATO, cancel(play)) == TooLate(OutboxState.UNKNOWN)


def test_its_copy_in_sent_settles_an_unknown_reply():
    play = unknown()
    assert kinds(play.sent_copy(play.last.message_id)) == ["MessageArrived", "ReplySettled", "StatusChanged"]
    assert (play.state.status, play.last.state, play.state.flags) == (DONE, OutboxState.ACCEPTED, ())


def test_a_copy_seen_before_the_crash_settles_the_reply_too():
    play = opened()
    play.sends(SATO)
    play.later(minutes=1).ticket()
    assert kinds(play.sent_copy(play.last.message_id)) == ["MessageArrived"]
    assert kinds(play.outcome(OutboxState.UNKNOWN)) == ["ReplyOutcome", "ReplySettled", "StatusChanged"]
    assert play.state.status == DONE


def test_a_bounce_settles_an_unknown_reply_as_sent_and_brings_it_back():
    play = unknown()
    bounce = play.customer_writes(kind=Kind.BOUNCE, in_reply_to=(play.last.message_id,), from_address="mailer-daemon@mx.example")
    assert "ReplySettled" in kinds(bounce)
    assert (play.state.status, play.last.state, play.state.claim) == (IN_PROGRESS, OutboxState.ACCEPTED, None)
    assert "bounced" in play.state.flags


def test_its_sender_or_a_leader_settles_an_unknown_reply():
    play = unknown()
    assert play.does(TANAKA, settle(play, sent=True)) == NotAllowed("leader")
    play.does(MORI, settle(play, sent=True))
    assert (play.state.status, play.last.state) == (DONE, OutboxState.ACCEPTED)
    assert play.does(SATO, settle(play, sent=False)) == TooLate(OutboxState.ACCEPTED)


def test_a_reply_settled_as_not_sent_can_be_written_anew_and_the_old_one_never_leaves():
    play = unknown()
    play.does(SATO, settle(play, sent=False))
    assert (play.state.status, play.last.state, play.state.claim) == (IN_PROGRESS, OutboxState.CANCELLED, None)
    assert play.ticket() == TooLate(OutboxState.CANCELLED)
    assert "ReplyQueued" in kinds(play.sends(SATO))


def test_the_copy_of_a_reply_settled_as_not_sent_stops_the_second_one_of_its_sender():
    play = unknown()
    play.does(SATO, settle(play, sent=False))
    given_up = play.last.message_id
    play.opens(SATO)
    seen = play.state.revision
    play.sent_copy(given_up)
    assert play.does(SATO, play.reply(token=play.token(), seen_revision=seen)) == SomethingNew(play.state.revision, (given_up,))
    assert "answered_outside" in play.state.flags


def test_a_submission_and_its_message_id_are_used_once():
    play = opened()
    play.replies(SATO)
    play.opens(SATO)
    again = {"token": play.token(), "submission_id": play.last.id}
    assert isinstance(play.does(SATO, play.reply(**again)), Malformed)
    assert isinstance(play.does(SATO, play.reply(token=play.token(), message_id=play.last.message_id)), Malformed)


@pytest.mark.parametrize("change", [{"hold_seconds": -1.0}, {"hold_seconds": float("nan")}, {"mime": b""}, {"envelope": Envelope(SUPPORT, ())}])
def test_a_reply_that_makes_no_sense_is_malformed(change):
    assert isinstance(opened().sends(SATO, **change), Malformed)


def test_an_outcome_belongs_to_a_ticket():
    play = opened()
    play.sends(SATO)
    assert play.outcome(OutboxState.ACCEPTED) == TooLate(OutboxState.QUEUED)
    assert isinstance(play.outcome(OutboxState.HELD), Malformed)
    play.later(minutes=1).ticket()
    play.outcome(OutboxState.ACCEPTED)
    assert play.outcome(OutboxState.ACCEPTED) == ()
    assert play.outcome(OutboxState.REFUSED) == TooLate(OutboxState.ACCEPTED)
    missing = RecordOutcome(conversation_id=ID, submission_id="none", state=OutboxState.ACCEPTED)
    assert play.server(missing) == UnknownSubmission("none")


def test_the_copy_is_filed_once_and_only_of_a_reply_that_left():
    play = opened()
    play.sends(SATO)
    filed = RecordFiled(conversation_id=ID, submission_id=play.last.id)
    assert play.server(filed) == TooLate(OutboxState.QUEUED)
    play.later(minutes=1).ticket()
    play.outcome(OutboxState.ACCEPTED)
    assert kinds(play.server(filed)) == ["ReplyFiled"]
    assert play.last.filed
    assert play.server(filed) == ()

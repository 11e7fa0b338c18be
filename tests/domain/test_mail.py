"""What a message does to its conversation."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from store.domain.commands import AssignConversation, SetStatus
from store.domain.decide_mail import reopens, starts_follow_up
from store.domain.evolve import fold
from store.domain.message import Kind
from store.domain.outbox import OutboxState
from store.domain.participants import participants
from store.domain.status import DONE, HOLD, IN_PROGRESS, JUNK, NEW, QUEUED
from tests.domain.play import CUSTOMER, ID, MORI, SATO, SUPPORT, Play, kinds, opened


def put(play, status, **more):
    play.does(MORI, SetStatus(conversation_id=ID, status=status, reason="x", **more))
    return play


def held():
    play = opened()
    return put(play, HOLD, until=play.now + timedelta(days=1))


def test_a_first_mail_opens_a_new_conversation_with_its_customer():
    play = Play()
    assert kinds(play.customer_writes()) == ["ConversationOpened", "MessageArrived"]
    state = play.state
    assert (state.status, state.number, state.owner, state.revision) == (NEW, 12, None, 2)
    assert (state.subject, state.customer_name, state.customer_address, state.last_at) == ("注文について", "花", CUSTOMER, play.now)


def test_the_same_mail_twice_is_one():
    play = Play()
    mail = play.mail()
    play.server(mail)
    assert play.server(mail) == ()


def test_another_mail_that_bears_a_known_message_id_is_not_lost():
    play = opened()
    known = play.state.messages[0].message_id
    assert kinds(play.customer_writes(message_id=known, content_sha256="another")) == ["MessageArrived"]


def test_where_we_wrote_first_nothing_is_to_be_done_until_they_answer():
    play = Play()
    play.sent_copy()
    assert (play.state.status, play.state.customer_address) == (DONE, CUSTOMER)
    play.later(hours=1)
    play.customer_writes()
    assert (play.state.status, play.state.customer_name) == (NEW, "花")


def test_a_customer_who_writes_on_open_work_changes_neither_status_nor_owner():
    play = opened()
    play.opens(SATO)
    assert kinds(play.customer_writes()) == ["MessageArrived"]
    assert (play.state.status, play.state.owner) == (IN_PROGRESS, SATO.key)


def test_a_customer_wakes_what_is_on_hold():
    play = held()
    play.customer_writes()
    assert play.state.status == NEW
    play = held()
    play.does(MORI, AssignConversation(conversation_id=ID, owner=SATO.key))
    play.customer_writes()
    assert (play.state.status, play.state.owner, play.state.wake_at) == (IN_PROGRESS, SATO.key, None)


def test_a_customer_who_answers_a_finished_conversation_brings_it_back_with_its_old_owner_suggested():
    play = opened()
    play.replies(SATO)
    play.later(days=13)
    play.customer_writes()
    assert (play.state.status, play.state.owner, play.state.suggested_owner) == (NEW, None, SATO.key)


def test_after_the_reopen_window_the_server_is_told_to_open_a_follow_up():
    play = opened()
    play.replies(SATO)
    within, beyond = play.now + timedelta(days=14), play.now + timedelta(days=14, seconds=1)
    mail = play.mail()
    assert reopens(play.state, within, 14)
    assert not starts_follow_up(play.state, mail, within, 14, frozenset())
    assert starts_follow_up(play.state, mail, beyond, 14, frozenset())
    auto = play.mail(kind=Kind.AUTO_REPLY)
    assert not starts_follow_up(play.state, auto, beyond, 14, frozenset())


def test_a_mail_that_is_known_already_starts_no_follow_up():
    play = Play()
    mail = play.mail()
    play.server(mail)
    play.replies(SATO)
    assert not starts_follow_up(play.state, mail, play.now + timedelta(days=99), 14, frozenset())


def test_a_follow_up_names_what_it_follows():
    play = Play()
    play.customer_writes(follow_up_of="older")
    assert play.state.follow_up_of == "older"


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.CALENDAR, Kind.BOUNCE])
def test_automatic_mail_reopens_nothing(kind):
    play = opened()
    play.replies(SATO)
    assert kinds(play.customer_writes(kind=kind)) == ["MessageArrived"]
    assert play.state.status == DONE


def test_a_bounce_of_our_own_mail_brings_the_conversation_back_flagged():
    play = opened()
    play.replies(SATO)
    play.customer_writes(kind=Kind.BOUNCE, references=(play.state.messages[0].message_id, play.last.message_id))
    assert (play.state.status, play.state.owner, play.state.flags) == (IN_PROGRESS, SATO.key, ("bounced",))


def test_junk_stays_junk():
    play = put(opened(), JUNK)
    play.customer_writes()
    assert (play.state.status, len(play.state.messages)) == (JUNK, 2)


def test_an_answer_from_outside_finishes_the_conversation():
    play = opened()
    play.later(minutes=5)
    play.sent_copy()
    assert play.state.status == DONE
    assert play.state.messages[0].answered_by == play.state.messages[1].message_id
    assert play.state.messages[1].answered_outside


def test_an_answer_from_outside_warns_whoever_is_writing_instead():
    play = opened()
    play.opens(SATO)
    play.later(seconds=5)
    play.sent_copy()
    assert (play.state.status, play.state.flags) == (IN_PROGRESS, ("answered_outside",))


def test_an_answer_from_outside_holds_a_reply_that_waits():
    play = opened()
    play.sends(SATO)
    play.later(seconds=5)
    play.sent_copy()
    assert (play.state.status, play.last.state, play.state.flags) == (QUEUED, OutboxState.HELD, ("answered_outside", "held"))


def test_an_old_answer_seen_late_does_not_bury_a_newer_question():
    play = opened()
    asked_again = play.later(hours=1).now
    play.customer_writes()
    play.sent_copy(date=asked_again - timedelta(minutes=30))
    assert play.state.status == NEW
    assert [message.answered_by is not None for message in play.state.messages] == [True, False, False]


def test_two_copies_of_an_answer_from_outside_are_one():
    play = opened()
    play.later(minutes=5)
    copy = play.mail(inbound=False, from_address=SUPPORT, recipients=(CUSTOMER,))
    play.server(copy)
    assert play.customer_writes(message_id=copy.message_id, inbound=False, content_sha256="with a Received line") == ()


def test_the_copy_of_our_own_reply_is_only_noted():
    play = opened()
    play.replies(SATO)
    assert kinds(play.sent_copy(play.last.message_id)) == ["MessageArrived"]
    fact = play.state.messages[-1]
    assert (fact.submission_id, fact.answered_outside, play.state.status) == (play.last.id, False, DONE)


def test_a_stranger_in_the_thread_is_flagged_and_does_not_join_by_writing():
    play = opened()
    for _ in range(2):
        play.customer_writes(from_address="mallory@evil.example", recipients=("friend@evil.example",))
        assert play.state.messages[-1].new_sender
    assert participants(play.state) == {CUSTOMER, SUPPORT}
    play.customer_writes(from_address=CUSTOMER.upper())
    assert not play.state.messages[-1].new_sender


def test_dates_decide_what_is_last_and_one_without_a_zone_does_no_harm():
    play = opened()
    newest = play.state.last_at
    play.customer_writes(date=datetime(2020, 1, 1))
    assert play.state.last_at == newest
    assert play.state.messages[-1].date == datetime(2020, 1, 1, tzinfo=UTC)


def test_the_fold_of_the_journal_is_the_state_and_a_replayed_event_changes_nothing():
    play = opened()
    play.replies(SATO)
    play.customer_writes()
    assert fold(ID, play.journal) == play.state
    assert fold(ID, [*play.journal, *play.journal[3:]]) == play.state


def says_ours(play: Play, **changes: object):
    """A mail in INBOX whose From is our own address: a copy to ourselves, a web form, or a forgery."""
    return play.mail(**({"from_address": SUPPORT.upper(), "from_name": "", "recipients": (SUPPORT,)} | changes))


def test_a_from_of_ours_outside_sent_finishes_nothing():
    play = opened()
    play.later(minutes=5)
    assert kinds(play.server(says_ours(play))) == ["MessageArrived"]
    assert (play.state.status, play.state.messages[0].answered_by, play.state.messages[1].inbound) == (NEW, None, True)
    assert not play.state.messages[1].new_sender


def test_a_from_of_ours_outside_sent_wakes_nothing_and_starts_no_follow_up():
    play = opened()
    play.replies(SATO)
    play.server(says_ours(play))
    assert (play.state.status, play.state.suggested_owner) == (DONE, None)
    assert not starts_follow_up(play.state, says_ours(play), play.now + timedelta(days=99), 14, frozenset({SUPPORT}))
    waiting = held()
    waiting.server(says_ours(waiting))
    assert waiting.state.status == HOLD


def test_a_from_of_ours_that_begins_a_conversation_is_somebodys_to_look_at():
    play = Play()
    play.server(says_ours(play))
    assert (play.state.status, play.state.messages[0].inbound) == (NEW, True)


def test_a_copy_to_ourselves_of_our_own_reply_proves_that_it_left_and_is_one_with_the_one_in_sent():
    play = opened()
    play.sends(SATO)
    play.later(seconds=30)
    play.ticket()
    play.outcome(OutboxState.UNKNOWN)
    play.server(says_ours(play, message_id=play.last.message_id))
    assert (play.last.state, play.state.status, play.state.messages[-1].submission_id) == (OutboxState.ACCEPTED, DONE, play.last.id)
    assert play.sent_copy(play.last.message_id) == ()


def test_a_copy_to_ourselves_seen_before_the_one_in_sent_does_not_hide_it():
    for content in ({}, {"content_sha256": "with a Received line"}):
        play = opened()
        play.later(minutes=5)
        copy = says_ours(play, **content)
        play.server(copy)
        assert play.state.status == NEW
        play.server(replace(copy, inbound=False, content_sha256=f"sha of {copy.message_id}"))
        assert (play.state.status, play.state.messages[-1].answered_outside) == (DONE, True)
        assert play.server(copy) == ()


def test_where_we_wrote_first_with_a_copy_to_ourselves_the_customer_is_whom_we_wrote_to():
    for copy_first in (True, False):
        play = Play()
        copy = says_ours(play, recipients=(CUSTOMER,))
        sent = replace(copy, inbound=False, content_sha256="in Sent")
        for one in (copy, sent) if copy_first else (sent, copy):
            play.server(one)
        assert (play.state.status, play.state.customer_address) == (DONE, CUSTOMER)
        play.later(hours=1)
        play.customer_writes()
        assert (play.state.status, play.state.customer_name, play.state.customer_address) == (NEW, "花", CUSTOMER)

"""Owner, status, urgency, comments, and taking them back."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from store.domain.commands import AddComment, AssignConversation, SetStatus, SetUrgency, Undo, WakeConversation
from store.domain.conversation import Conversation
from store.domain.decide import decide
from store.domain.events import CommentAdded, Recorded
from store.domain.evolve import evolve
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import SERVER, Member
from store.domain.refusals import (
    Malformed,
    NotAllowed,
    NothingToUndo,
    ReasonRequired,
    UnknownConversation,
    UnknownMember,
    UnknownStatus,
    WakeTimeRequired,
)
from store.domain.status import AWAITING_CHECK, DONE, HOLD, IN_PROGRESS, JUNK, NEW, NO_REPLY, QUEUED, Urgency
from tests.domain.play import GUEST, ID, MORI, SATO, TANAKA, Play, comment_id, kinds, opened


def assign(owner, reason=""):
    return AssignConversation(conversation_id=ID, owner=owner.key if owner else None, reason=reason)


def status(key, reason="", until=None):
    return SetStatus(conversation_id=ID, status=key, reason=reason, until=until)


def undo(seq=None):
    return Undo(conversation_id=ID, event_seq=seq)


def says(play, who, text):
    return play.does(who, AddComment(conversation_id=ID, comment_id=comment_id(play), text=text))


def owned_by(member):
    play = opened()
    play.does(MORI, assign(member))
    return play


def test_taking_and_releasing_move_the_owner_only():
    play = opened()
    play.does(SATO, assign(SATO))
    assert (play.state.owner, play.state.status) == (SATO.key, NEW)
    assert play.does(SATO, assign(SATO)) == ()
    play.does(SATO, assign(None))
    assert play.state.owner is None


def test_anothers_conversation_needs_a_reason_or_a_leader():
    play = owned_by(TANAKA)
    assert play.does(SATO, assign(SATO)) == NotAllowed("reason")
    assert play.does(SATO, status(NO_REPLY)) == NotAllowed("reason")
    assert kinds(play.does(SATO, assign(SATO, "田中さん休み"))) == ["OwnerChanged"]
    assert kinds(play.does(MORI, assign(TANAKA))) == ["OwnerChanged"]


def test_nobody_unknown_or_gone_becomes_an_owner():
    play = opened()
    del play.members[TANAKA.key]
    assert play.does(SATO, assign(TANAKA)) == UnknownMember("tanaka")


@pytest.mark.parametrize("key", [AWAITING_CHECK, QUEUED, "nonsense"])
def test_check_and_outbox_are_not_set_by_hand(key):
    assert opened().does(MORI, status(key, "x")) == UnknownStatus(key)


def test_a_hold_needs_a_reason_and_a_time_ahead():
    play = opened()
    tomorrow = play.now + timedelta(days=1)
    assert play.does(SATO, status(HOLD, "x")) == WakeTimeRequired()
    assert play.does(SATO, status(HOLD, "x", play.now)) == WakeTimeRequired()
    assert play.does(SATO, status(HOLD, " ", tomorrow)) == ReasonRequired("hold")
    assert isinstance(play.does(SATO, status(HOLD, "x", datetime(2030, 1, 1))), Malformed)
    play.does(SATO, status(HOLD, "入荷待ち", tomorrow))
    assert (play.state.status, play.state.status_reason, play.state.wake_at) == (HOLD, "入荷待ち", tomorrow)
    assert kinds(play.does(SATO, status(HOLD, "入荷待ち", tomorrow + timedelta(days=1)))) == ["StatusChanged"]


def test_a_hold_comes_back_at_its_wake_time():
    play = owned_by(SATO)
    play.does(SATO, status(HOLD, "x", play.now + timedelta(hours=1)))
    wake = WakeConversation(conversation_id=ID)
    assert play.server(wake) == ()
    play.later(hours=1)
    play.server(wake)
    assert (play.state.status, play.state.wake_at) == (IN_PROGRESS, None)
    assert play.server(wake) == ()


def test_a_hold_that_nobody_owns_comes_back_as_new():
    play = opened()
    play.does(SATO, status(HOLD, "x", play.now + timedelta(hours=1)))
    play.later(hours=1)
    play.server(WakeConversation(conversation_id=ID))
    assert play.state.status == NEW


def test_done_without_any_reply_needs_a_reason_or_is_no_reply_needed():
    play = opened()
    assert play.does(SATO, status(DONE)) == ReasonRequired("done_without_reply")
    assert kinds(play.does(SATO, status(NO_REPLY))) == ["StatusChanged"]
    assert kinds(play.does(SATO, status(DONE, "電話で回答"))) == ["StatusChanged"]


def test_done_after_a_reply_needs_no_reason():
    play = opened()
    play.replies(SATO, then_status=IN_PROGRESS)
    assert kinds(play.does(SATO, status(DONE))) == ["StatusChanged"]


def test_guests_comment_only():
    play = opened()
    for command in (assign(GUEST), status(JUNK), SetUrgency(conversation_id=ID, urgency=Urgency.URGENT)):
        assert play.does(GUEST, command) == NotAllowed("reply_right")
    assert kinds(says(play, GUEST, "ありがとう")) == ["CommentAdded"]


def test_a_member_who_left_does_nothing_and_one_of_another_inbox_nothing_here():
    play = opened()
    play.members[SATO.key] = replace(SATO, active=False)
    assert says(play, SATO, "x") == NotAllowed("admin")
    play.members[SATO.key] = replace(SATO, inboxes=(InboxKey("sales"),))
    assert says(play, SATO, "x") == NotAllowed("inbox")


def test_only_the_server_speaks_for_the_server_and_nothing_happens_to_what_does_not_exist():
    play = opened()
    assert isinstance(play.does(MORI, play.mail()), Malformed)
    empty = Play()
    assert says(empty, SATO, "x") == UnknownConversation(ID)
    assert decide(Conversation(ID), undo(), empty.context(Member(SERVER, ""))) == UnknownConversation(ID)


def test_a_comment_names_whom_it_mentions_and_counts_once():
    play = opened()
    command = AddComment(conversation_id=ID, comment_id=comment_id(play), text="@tanaka と @森 さんへ")
    play.does(SATO, command)
    assert play.state.comments[0].mentions == (TANAKA.key, MORI.key)
    assert play.does(SATO, command) == ()
    assert isinstance(play.does(TANAKA, command), Malformed)
    assert isinstance(says(play, SATO, " \n"), Malformed)


def test_comments_do_not_move_a_conversation_in_the_list():
    play = opened()
    before = play.state.last_at
    play.later(hours=1)
    says(play, SATO, "x")
    assert play.state.last_at == before


def visible(state):
    """What an agent sees of a conversation's work."""
    return (state.status, state.status_reason, state.wake_at, state.done_at, state.owner, state.suggested_owner, state.urgency, state.flags)


def test_undo_puts_back_a_hold_with_its_reason_and_its_time():
    play = opened()
    play.does(SATO, status(HOLD, "入荷待ち", play.now + timedelta(days=1)))
    before = visible(play.state)
    play.does(SATO, status(NO_REPLY))
    play.does(SATO, undo())
    assert visible(play.state) == before


def test_undo_puts_back_an_owner_and_whom_was_suggested():
    play = opened()
    play.replies(SATO)
    play.customer_writes()
    before = visible(play.state)
    play.does(TANAKA, assign(TANAKA))
    play.does(TANAKA, undo())
    assert visible(play.state) == before


def test_undo_goes_back_step_by_step_through_ones_own_actions():
    play = opened()
    before = play.state
    play.does(SATO, assign(SATO))
    play.does(SATO, SetUrgency(conversation_id=ID, urgency=Urgency.VERY_URGENT))
    says(play, SATO, "x")
    for name in ("CommentRemoved", "UrgencyChanged", "OwnerChanged"):
        assert kinds(play.does(SATO, undo())) == [name]
    assert play.does(SATO, undo()) == NothingToUndo("nothing")
    assert visible(play.state) == visible(before)
    assert play.state.comments == ()


def test_undo_never_takes_back_what_a_colleague_did():
    play = opened()
    play.does(TANAKA, assign(TANAKA))
    assert play.does(SATO, undo()) == NothingToUndo("nothing")
    assert play.does(SATO, undo(play.state.seq)) == NothingToUndo("nothing")


def test_undo_is_refused_once_somebody_changed_the_same_thing():
    play = opened()
    play.does(SATO, assign(SATO))
    mine = play.state.seq
    play.does(MORI, assign(TANAKA))
    assert play.does(SATO, undo(mine)) == NothingToUndo("changed_since")
    play.does(MORI, assign(SATO))
    assert play.does(SATO, undo(mine)) == NothingToUndo("changed_since")


def test_undo_of_one_thing_does_not_mind_that_another_changed():
    play = opened()
    play.does(SATO, assign(SATO))
    mine = play.state.seq
    play.does(MORI, status(JUNK))
    assert kinds(play.does(SATO, undo(mine))) == ["OwnerChanged"]


def test_undo_right_after_send_takes_the_reply_back():
    play = opened()
    play.does(SATO, assign(SATO))
    play.sends(SATO)
    assert kinds(play.does(SATO, undo())) == ["ReplyCancelled", "StatusChanged"]
    assert kinds(play.does(SATO, undo())) == ["OwnerChanged"]


def test_undo_takes_a_later_comment_back_before_the_reply():
    play = opened()
    play.sends(SATO)
    queued = play.last.queued_seq
    says(play, SATO, "送りました")
    assert kinds(play.does(SATO, undo())) == ["CommentRemoved"]
    assert kinds(play.does(SATO, undo(queued))) == ["ReplyCancelled", "StatusChanged"]


def test_what_followed_by_itself_is_nobodys_to_undo():
    play = opened()
    play.opens(SATO)
    assert play.does(SATO, undo()) == NothingToUndo("nothing")


def test_an_owner_who_left_meanwhile_is_not_brought_back():
    play = owned_by(TANAKA)
    play.does(MORI, assign(SATO))
    del play.members[TANAKA.key]
    assert play.does(MORI, undo()) == UnknownMember("tanaka")


def test_twenty_actions_may_be_undone():
    play = opened()
    for _ in range(25):
        says(play, SATO, "x")
    assert len(play.state.undoable) == 20


def test_a_decision_by_hand_answers_the_flags_and_undo_brings_them_back():
    play = opened()
    play.opens(SATO)
    play.later(seconds=1)
    play.sent_copy()
    play.does(SATO, status(DONE))
    assert play.state.flags == ()
    play.does(SATO, undo())
    assert play.state.flags == ("answered_outside",)


def test_a_prediction_shows_but_moves_neither_seq_nor_revision():
    play = opened()
    event = CommentAdded(comment_id(play), "offline")
    predicted = evolve(play.state, Recorded(0, play.now, MemberKey("sato"), ID, event))
    assert (predicted.revision, predicted.seq) == (play.state.revision, play.state.seq)
    assert predicted.comments[-1].text == "offline"

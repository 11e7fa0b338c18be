"""Groups, stand-ins, followers and helpers: who is with a conversation besides whoever owns it."""

from datetime import timedelta

import pytest

from store.domain.commands import (
    AssignConversation,
    ChangeTags,
    Follow,
    MoveToFolder,
    RetireGroup,
    SaveGroup,
    SetAbsence,
    SetStatus,
    TakeLease,
    Undo,
    Unfollow,
    WakeConversation,
)
from store.domain.context import Context
from store.domain.events import AbsenceSet, CommentAdded, FollowerAdded, GroupSaved, OwnerChanged
from store.domain.groups import Absence, Group
from store.domain.refusals import Malformed, MemberAway, NameTaken, NotAllowed, NothingToUndo, UnknownGroup, UnknownMember
from store.domain.team import decide_team
from store.domain.team_facts import TeamFacts, folded
from tests.domain.play import GUEST, ID, MORI, SATO, START, TANAKA, Play, kinds, opened

BILLING = Group("billing", "経理", ("sato", "tanaka"))
TOMORROW = START + timedelta(days=1)
NEW_TEAM = TeamFacts()


def asked(actor, command, facts=NEW_TEAM):
    members = frozenset({"sato", "tanaka", "mori"})
    return decide_team(command, {}, Context(actor=actor, now=START, members=members, leaders=frozenset({"mori"}), team=facts))


def away(*absences: Absence) -> Play:
    play = opened()
    play.team = folded(AbsenceSet(one) for one in absences)
    return play


def test_a_group_is_made_by_a_leader_of_members_who_exist():
    assert asked(MORI, SaveGroup(BILLING)) == (GroupSaved(BILLING),)
    assert asked(MORI, SaveGroup(BILLING), folded((GroupSaved(BILLING),))) == ()
    assert asked(SATO, SaveGroup(BILLING)) == NotAllowed("leader")
    assert asked(MORI, SaveGroup(Group("billing", "経理", ("sato", "gone")))) == UnknownMember("gone")
    assert asked(MORI, SaveGroup(Group("sato", "x"))) == NameTaken("key", "sato")
    assert asked(MORI, SaveGroup(Group("all", "x"))) == NameTaken("key", "all")
    assert isinstance(asked(MORI, SaveGroup(Group("B!", "x"))), Malformed)
    assert asked(MORI, RetireGroup("nothing")) == UnknownGroup("nothing")


def test_one_says_oneself_that_one_is_away_and_a_leader_says_it_for_others():
    wanted = SetAbsence("sato", TOMORROW, "tanaka")
    assert asked(SATO, wanted) == (AbsenceSet(Absence("sato", TOMORROW, "tanaka")),)
    assert asked(MORI, wanted) == asked(SATO, wanted)
    assert asked(TANAKA, wanted) == NotAllowed("leader")
    assert isinstance(asked(SATO, SetAbsence("sato", START)), Malformed)
    assert isinstance(asked(SATO, SetAbsence("sato", TOMORROW, "sato")), Malformed)
    assert asked(SATO, SetAbsence("sato", TOMORROW, "gone")) == UnknownMember("gone")
    back = asked(SATO, SetAbsence("sato"), folded(asked(SATO, wanted)))
    assert back == (AbsenceSet(Absence("sato")),)
    assert asked(SATO, SetAbsence("sato")) == ()


def test_what_comes_back_while_its_owner_is_away_is_suggested_to_whoever_stands_in():
    for absences, suggested in (
        ((Absence("tanaka", TOMORROW, "sato"),), "sato"),
        ((Absence("tanaka", TOMORROW),), "tanaka"),
        ((), "tanaka"),
    ):
        play = away()
        play.does(TANAKA, AssignConversation(conversation_id=ID, owner="tanaka"))
        play.does(TANAKA, SetStatus(conversation_id=ID, status="done", reason="x"))
        play.team = away(*absences).team
        play.customer_writes()
        assert (play.state.status, play.state.owner, play.state.suggested_owner) == ("new", None, suggested)


def test_what_is_assigned_to_somebody_away_goes_to_whoever_stands_in():
    play = away(Absence("tanaka", TOMORROW, "sato"))
    (event,) = play.does(MORI, AssignConversation(conversation_id=ID, owner="tanaka"))
    assert event == OwnerChanged(None, "sato", instead_of="tanaka", by_hand=True)
    play.later(days=2)
    play.does(MORI, AssignConversation(conversation_id=ID, owner="tanaka"))
    assert play.state.owner == "tanaka"


def test_with_nobody_to_stand_in_the_assigner_is_told_until_when():
    circle = away(Absence("tanaka", TOMORROW, "mori"), Absence("mori", TOMORROW, "tanaka"))
    assert circle.does(SATO, AssignConversation(conversation_id=ID, owner="tanaka")) == MemberAway("tanaka", TOMORROW)
    alone = away(Absence("tanaka", TOMORROW))
    assert alone.does(SATO, AssignConversation(conversation_id=ID, owner="tanaka")) == MemberAway("tanaka", TOMORROW)
    assert kinds(alone.does(TANAKA, AssignConversation(conversation_id=ID, owner="tanaka"))) == ["OwnerChanged"]


def test_a_note_goes_with_a_hand_over_and_names_the_new_owner():
    play = opened()
    events = play.does(SATO, AssignConversation(conversation_id=ID, owner="tanaka", note="請求書の件です", note_id="n1"))
    assert events == (CommentAdded("n1", "請求書の件です", ("tanaka",)), OwnerChanged(None, "tanaka", by_hand=True))
    play.does(SATO, Undo(conversation_id=ID))
    assert play.state.owner is None
    assert [comment.text for comment in play.state.comments] == ["請求書の件です"]
    assert isinstance(play.does(SATO, AssignConversation(conversation_id=ID, owner=None, note="x", note_id="n2")), Malformed)


def test_followers_are_invited_and_leave():
    play = opened()
    assert play.does(GUEST, Follow(conversation_id=ID)) == (FollowerAdded("guest"),)
    assert play.does(GUEST, Follow(conversation_id=ID, member="sato")) == NotAllowed("reply_right")
    play.does(SATO, Follow(conversation_id=ID, member="tanaka"))
    assert [(one.member, one.invited_by) for one in play.state.followers] == [("guest", "guest"), ("tanaka", "sato")]
    assert play.does(SATO, Follow(conversation_id=ID, member="tanaka")) == ()
    assert play.does(SATO, Follow(conversation_id=ID, member="gone")) == UnknownMember("gone")
    assert play.does(GUEST, Unfollow(conversation_id=ID, member="tanaka")) == NotAllowed("leader")
    assert kinds(play.does(SATO, Unfollow(conversation_id=ID, member="tanaka"))) == ["FollowerRemoved"]
    play.does(SATO, Undo(conversation_id=ID))
    assert [(one.member, one.invited_by) for one in play.state.followers] == [("guest", "guest"), ("tanaka", "sato")]


def test_a_guest_takes_back_that_they_follow():
    play = opened()
    play.does(GUEST, Follow(conversation_id=ID))
    assert kinds(play.does(GUEST, Undo(conversation_id=ID))) == ["FollowerRemoved"]
    assert play.state.followers == ()


def test_a_helper_writes_without_becoming_the_owner():
    play = opened()
    play.does(SATO, TakeLease(conversation_id=ID, seen_revision=play.state.revision, terminal="t", helping=True))
    assert (play.state.owner, play.state.lease.by) == (None, "sato")
    assert [(one.member, one.helping) for one in play.state.followers] == [("sato", True)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("苦情", "苦情"),
        (" #complaint ", "complaint"),
        ("ｶﾅ", "カナ"),
        ("a b", None),
        ("a,b", None),
        ("-x", None),
        ("x\u202e", None),
        ("x" * 61, None),
        ("", None),
    ],
)
def test_a_tag_has_one_spelling_and_nothing_that_a_query_would_choke_on(typed, kept):
    play = opened()
    outcome = play.does(SATO, ChangeTags(conversation_id=ID, add=(typed,)))
    assert (play.state.tags == (kept,)) if kept else isinstance(outcome, Malformed)


def test_undo_of_tags_leaves_a_colleagues_tags_alone():
    play = opened()
    play.does(SATO, ChangeTags(conversation_id=ID, add=("a", "b")))
    play.does(TANAKA, ChangeTags(conversation_id=ID, add=("c",)))
    play.does(SATO, Undo(conversation_id=ID))
    assert play.state.tags == ("c",)
    play.does(SATO, ChangeTags(conversation_id=ID, add=("d",)))
    play.does(TANAKA, ChangeTags(conversation_id=ID, remove=("d",)))
    assert play.does(SATO, Undo(conversation_id=ID)) == NothingToUndo("changed_since")


def test_a_folder_is_a_path_and_guests_sort_nothing():
    play = opened()
    play.does(SATO, MoveToFolder(conversation_id=ID, folder=" 苦情 / 2026/"))
    assert play.state.folder == "苦情/2026"
    play.does(SATO, Undo(conversation_id=ID))
    assert play.state.folder == ""
    assert isinstance(play.does(SATO, MoveToFolder(conversation_id=ID, folder="a//b")), Malformed)
    assert play.does(GUEST, MoveToFolder(conversation_id=ID, folder="a")) == NotAllowed("reply_right")
    assert play.does(GUEST, ChangeTags(conversation_id=ID, add=("a",))) == NotAllowed("reply_right")


def test_whoever_is_to_be_told_of_a_wake_time_is_named_in_it():
    play = opened()
    play.does(SATO, SetStatus(conversation_id=ID, status="hold", reason="返事待ち", until=TOMORROW, notify="tanaka"))
    play.later(days=1, minutes=1)
    (event,) = play.server(WakeConversation(conversation_id=ID))
    assert (event.after, event.notify) == ("new", "tanaka")
    assert play.does(SATO, SetStatus(conversation_id=ID, status="hold", reason="x", until=play.now + timedelta(1), notify="gone")) == UnknownMember(
        "gone"
    )

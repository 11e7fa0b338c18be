"""The views a team shares: a leader's to keep, of one spelling each, and never one that cannot be asked."""

import pytest

from store.domain.commands import RetireView, SaveView
from store.domain.context import Context
from store.domain.events import ViewSaved
from store.domain.query import parse_query
from store.domain.refusals import Malformed, NameTaken, NotAllowed, UnknownView
from store.domain.saved_view import BUILT_IN, RESERVED_LETTERS, Grouping, SavedView, Sort
from store.domain.team import decide_team
from store.domain.team_facts import TeamFacts, fact_key, folded
from tests.domain.play import GUEST, MORI, SATO, START

URGENT = SavedView("急ぎ", "urgency:urgent is:tray", "j", Sort.OLDEST, Grouping.OWNER, ("owner", "age"))
TEAM = folded((ViewSaved(URGENT),))


def asked(actor, command, facts=TEAM):
    context = Context(actor=actor, now=START, members=frozenset({"sato", "mori"}), leaders=frozenset({"mori"}), team=facts)
    return decide_team(command, {}, context)


def test_a_leader_shares_a_view_and_saving_it_again_changes_nothing():
    assert asked(MORI, SaveView(URGENT), TeamFacts()) == (ViewSaved(URGENT),)
    assert asked(MORI, SaveView(URGENT)) == ()
    wider = SavedView("　急ぎ ", "urgency:urgent")
    assert asked(MORI, SaveView(wider)) == (ViewSaved(SavedView("急ぎ", "urgency:urgent")),)


@pytest.mark.parametrize("actor", [SATO, GUEST])
def test_nobody_but_a_leader_shares_a_view_or_takes_one_away(actor):
    assert asked(actor, SaveView(URGENT)) == NotAllowed("leader")
    assert asked(actor, RetireView("急ぎ")) == NotAllowed("leader")


@pytest.mark.parametrize(
    ("view", "refusal"),
    [
        (SavedView("Tray", "is:tray"), NameTaken("name", "Tray")),
        (SavedView("他", "is:tray", "j"), NameTaken("key", "急ぎ")),
    ],
)
def test_two_views_have_neither_one_name_nor_one_letter(view, refusal):
    assert asked(MORI, SaveView(view)) == refusal


@pytest.mark.parametrize(
    "view",
    [
        SavedView("", "is:tray"),
        SavedView("x" * 41, "is:tray"),
        SavedView("a\x1bb", "is:tray"),
        SavedView("他", "status:"),
        SavedView("他", "is:nothing"),
        SavedView("他", "a\x00b"),
        SavedView("他", "is:tray", "tt"),
        SavedView("他", "is:tray", "g"),
        SavedView("他", "is:tray", columns=("subject",)),
    ],
)
def test_what_could_not_be_shown_is_not_shared(view):
    assert isinstance(asked(MORI, SaveView(view)), Malformed)


def test_a_view_taken_away_is_nobodys_and_is_back_when_it_is_saved():
    retired = asked(MORI, RetireView(" 急ぎ"))
    facts = folded((ViewSaved(URGENT), *retired))
    assert facts.living_views() == ()
    assert asked(MORI, SaveView(SavedView("他", "is:tray", "j")), facts) != NameTaken("key", "急ぎ")
    assert folded((*retired, *asked(MORI, SaveView(URGENT), facts))).living_views() == (URGENT,)
    assert asked(MORI, RetireView("nothing")) == UnknownView("nothing")
    assert {fact_key(event) for event in retired} == {"view:急ぎ"}


def test_the_views_that_everybody_has_can_all_be_asked_and_their_letters_differ():
    for view in BUILT_IN:
        parse_query(view.query)
    letters = [view.key for view in BUILT_IN]
    assert len(set(letters)) == len(letters)
    assert not {"g", "v"} & set(letters)
    assert set(letters) < RESERVED_LETTERS

"""The team's own statuses: what they are called is the team's, what they do is their category's."""

import pytest

from store.domain.commands import RetireStatus, SaveStatus, SetStatus, Undo
from store.domain.context import Context
from store.domain.events import StatusChanged, StatusSaved
from store.domain.evolve import fold
from store.domain.refusals import CategoryFixed, Malformed, NameTaken, NotAllowed, UnknownStatus, WakeTimeRequired
from store.domain.status import Category, Status
from store.domain.team import decide_team
from store.domain.team_facts import TeamFacts, fact_key, folded, names_of_statuses
from tests.domain.play import GUEST, ID, MORI, NEWCOMER, SATO, START, Play

INTERIM = Status("interim", Category.OPEN, "つなぎ", "Interim reply sent", "i", 25, "yellow", "i")
AWAITING = Status("awaiting_customer", Category.WAITING, "お客様待ち", "Awaiting customer", "W", 55)
ARCHIVED = Status("archived", Category.DONE, "保管", "Archived", "A", 75)
TEAM = folded((StatusSaved(INTERIM), StatusSaved(AWAITING), StatusSaved(ARCHIVED)))


def asked(actor, command, facts=TEAM):
    context = Context(actor=actor, now=START, members=frozenset({"sato", "mori"}), leaders=frozenset({"mori"}), team=facts)
    return decide_team(command, {}, context)


def play() -> Play:
    game = Play()
    game.team = TEAM
    game.customer_writes()
    return game


def test_a_leader_makes_a_status_and_saving_it_again_changes_nothing():
    assert asked(MORI, SaveStatus(INTERIM), TeamFacts()) == (StatusSaved(INTERIM),)
    assert asked(MORI, SaveStatus(INTERIM)) == ()


@pytest.mark.parametrize("actor", [SATO, NEWCOMER, GUEST])
def test_nobody_but_a_leader_keeps_the_statuses(actor):
    assert asked(actor, SaveStatus(INTERIM)) == NotAllowed("leader")
    assert asked(actor, RetireStatus(INTERIM.key)) == NotAllowed("leader")


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (Status("hold", Category.WAITING, "x", "x", "1", 1), NameTaken("key", "hold")),
        (Status("other", Category.OPEN, "x", "x", "N", 1), NameTaken("letter", "new")),
        (Status("other", Category.OPEN, "x", "x", "1", 1, "", "i"), NameTaken("hot_key", "interim")),
        (Status("other", Category.OPEN, "保留", "x", "1", 1), NameTaken("name", "hold")),
        (Status("interim", Category.DONE, "つなぎ", "Interim", "i", 25), CategoryFixed("interim", "open")),
    ],
)
def test_two_statuses_never_look_alike_and_a_category_stays(status, refusal):
    assert asked(MORI, SaveStatus(status)) == refusal


@pytest.mark.parametrize(
    "status",
    [
        Status("Other!", Category.OPEN, "x", "x", "1", 1),
        Status("other", Category.CHECK, "x", "x", "1", 1),
        Status("other", Category.OUTBOX, "x", "x", "1", 1),
        Status("other", Category.OPEN, "", "x", "1", 1),
        Status("other", Category.OPEN, "x\x1b[2J", "x", "1", 1),
        Status("other", Category.OPEN, "x", "x", "", 1),
        Status("other", Category.OPEN, "x", "x", "\x9b", 1),
        Status("other", Category.OPEN, "x", "x", "1", 1, "mauve"),
        Status("other", Category.OPEN, "x", "x", "1", 1, "", "ab"),
        Status("other", Category.OPEN, "x", "x", "1", -1),
    ],
)
def test_a_status_that_would_not_work_is_refused_in_words(status):
    assert isinstance(asked(MORI, SaveStatus(status)), Malformed)


def test_a_retired_status_is_chosen_no_more_and_its_letter_is_free():
    retired = asked(MORI, RetireStatus(INTERIM.key))
    facts = folded((*(StatusSaved(one) for one in TEAM.own_statuses.values()), *retired))
    assert INTERIM.key not in {status.key for status in facts.statuses()}
    assert facts.status(INTERIM.key).category is Category.OPEN
    other = Status("other", Category.OPEN, "別", "Other", "i", 1)
    assert asked(MORI, SaveStatus(other), facts) == (StatusSaved(other),)
    game = play()
    game.team = facts
    assert game.does(SATO, SetStatus(conversation_id=ID, status=INTERIM.key)) == UnknownStatus(INTERIM.key)
    assert asked(MORI, RetireStatus("nothing"), facts) == UnknownStatus("nothing")


def test_only_the_category_drives_what_happens_next():
    game = play()
    game.does(SATO, SetStatus(conversation_id=ID, status=INTERIM.key))
    assert (game.state.status, game.state.category) == (INTERIM.key, Category.OPEN)
    assert game.does(SATO, SetStatus(conversation_id=ID, status=AWAITING.key, reason="返事待ち")) == WakeTimeRequired()
    game.does(SATO, SetStatus(conversation_id=ID, status=AWAITING.key, reason="返事待ち", until=game.later(hours=1).now.replace(hour=23)))
    assert game.state.category is Category.WAITING
    game.later(minutes=5).customer_writes()
    assert (game.state.status, game.state.category, game.state.wake_at) == ("new", Category.OPEN, None)


def test_an_own_status_of_done_is_done_and_a_customer_reopens_it():
    game = play()
    game.does(SATO, SetStatus(conversation_id=ID, status=ARCHIVED.key, reason="済"))
    assert game.state.category is Category.DONE
    assert game.state.done_at == game.now
    game.later(days=1).customer_writes()
    assert game.state.status == "new"


def test_an_own_status_may_be_chosen_for_after_the_send():
    game = play()
    game.replies(SATO, then_status=ARCHIVED.key)
    assert (game.state.status, game.state.category) == (ARCHIVED.key, Category.DONE)


def test_undo_and_an_empty_composer_go_back_to_an_own_status():
    game = play()
    game.does(SATO, SetStatus(conversation_id=ID, status=INTERIM.key))
    before = game.state
    game.does(SATO, SetStatus(conversation_id=ID, status="done", reason="x"))
    game.does(SATO, Undo(conversation_id=ID))
    assert (game.state.status, game.state.category, game.state.undoable) == (INTERIM.key, Category.OPEN, before.undoable)
    assert fold(ID, game.journal) == game.state


def test_an_old_journal_without_categories_still_folds():
    game = play()
    game.does(SATO, SetStatus(conversation_id=ID, status="done", reason="x"))
    assert all(one.event.own_category is None for one in game.journal if isinstance(one.event, StatusChanged))


def test_the_facts_are_the_fold_of_the_latest_event_of_each():
    later = StatusSaved(Status("interim", Category.OPEN, "つなぎ済", "Interim", "j", 1))
    events = (StatusSaved(INTERIM), StatusSaved(AWAITING), later)
    kept = {fact_key(event): event for event in events}
    assert folded(kept.values()) == folded(events)
    assert names_of_statuses(folded(events))["お客様待ち"] == AWAITING.key

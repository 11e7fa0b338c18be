"""The footer shows what matters now."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from store.domain.ids import StatusKey
from store.domain.people import Role
from store.domain.status import AWAITING_CHECK, DONE, IN_PROGRESS, Category
from tests.rows import row
from tests.tui.home_builder import SATO, TANAKA
from tests.tui.test_rows import ROW
from tui.view.availability import Situation, why_not
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME
from tui.view.footer import KEYS_AT_MOST, LIST, READING, Aside, Case, case_of, footer_names, footer_words

HERE = Situation(ROW, SATO, has_team=True, connected=True, role=Role.AGENT)
FOOTED = (Place.LIST, Place.READING, Place.COMMENTS, Place.COMPOSER)
MINE: dict[str, object] = {"owner": SATO, "status": IN_PROGRESS}
CASES: list[tuple[dict[str, object], Case, str]] = [
    ({}, Case.FREE, "take"),
    (MINE, Case.MINE, "done"),
    ({"owner": TANAKA}, Case.OTHERS, "follow"),
    ({"lease_by": TANAKA}, Case.BUSY, "comment"),
    ({"lease_by": SATO, **MINE}, Case.MINE, "reply"),
    ({"status": AWAITING_CHECK, "category": Category.CHECK}, Case.CHECK, "check-reply"),
    ({"status": StatusKey("queued"), "category": Category.OUTBOX, "owner": SATO}, Case.HOLD, "undo"),
    ({"category": Category.WAITING, "owner": SATO}, Case.WAITING, "wake"),
    ({"status": DONE, "category": Category.DONE, "owner": SATO}, Case.DONE, "status"),
]


def at(**what: object) -> Situation:
    return replace(HERE, row=msgspec.structs.replace(ROW, **what))


@pytest.mark.parametrize(("what", "case", "first"), CASES)
@pytest.mark.parametrize("place", [Place.LIST, Place.READING])
def test_each_situation_has_its_keys(place: Place, what: dict[str, object], case: Case, first: str) -> None:
    situation = at(**what)
    assert case_of(situation) is case
    names = footer_names(place, situation)
    assert first in names
    assert names[-1] == "help"
    assert len(names) <= KEYS_AT_MOST


@pytest.mark.parametrize("place", FOOTED)
@pytest.mark.parametrize("role", list(Role))
def test_no_key_of_the_footer_would_be_refused(place: Place, role: Role) -> None:
    for what, situation in [("nothing", replace(HERE, row=None)), *((what, at(**what)) for what, _case, _first in CASES)]:
        with row(what):
            none_is_refused(place, replace(situation, role=role))


def none_is_refused(place: Place, situation: Situation) -> None:
    for beside in (Aside(), Aside(colleagues=True), Aside(searched=True), Aside(marked=True), Aside(files=True), Aside(silent=True)):
        names = footer_names(place, situation, beside)
        assert all(place in BY_NAME[name].places and why_not(BY_NAME[name], situation) is None for name in names)
        assert 1 < len(names) <= KEYS_AT_MOST
        assert len(set(names)) == len(names)


def test_every_case_is_in_both_tables() -> None:
    assert set(LIST) == set(READING) == set(Case)


def test_in_a_search_the_way_back_stands_where_the_search_stood() -> None:
    assert "back" not in footer_names(Place.LIST, HERE)
    assert "back" in footer_names(Place.LIST, HERE, Aside(searched=True))


def test_a_mail_with_attachments_says_how_they_are_opened() -> None:
    assert "open" not in footer_names(Place.READING, HERE)
    assert footer_names(Place.READING, HERE, Aside(files=True))[-3:] == ("open", "back", "help")


def test_marked_conversations_are_what_the_keys_are_about() -> None:
    assert footer_names(Place.LIST, HERE, Aside(marked=True))[-2:] == ("back", "help")


def test_what_is_done_is_reopened_by_the_key_of_the_status(speak: Callable[[str], None]) -> None:
    speak("en")
    assert "s reopen" in footer_words(Place.LIST, at(status=DONE, category=Category.DONE))


def test_where_nobody_has_commented_no_key_for_a_comment_that_is_not_there_is_shown() -> None:
    assert footer_names(Place.COMMENTS, HERE, Aside(silent=True)) == ("comment", "timeline", "customer", "back", "help")
    assert {"answer", "react", "edit-comment"} <= set(footer_names(Place.COMMENTS, HERE))


def test_a_colleagues_comment_is_answered_and_not_changed() -> None:
    names = footer_names(Place.COMMENTS, HERE, Aside(colleagues=True))
    assert "answer" in names
    assert "edit-comment" not in names

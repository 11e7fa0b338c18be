"""Many at a time: what is marked, what will come of a command for all of it, and what one stroke takes back."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from store.domain.commands import AssignConversation, MoveToInbox, SetStatus
from store.domain.events import LeaseTaken, OwnerChanged
from store.domain.ids import CommandKey, ConversationId, InboxKey, Revision
from store.domain.lease import Token
from store.domain.query import parse_query
from store.domain.refusals import UnknownConversation
from store.domain.status import NO_REPLY
from store.local.rows import PageKey
from tests.tui.home_builder import NOON, SATO, TANAKA, HomeBuilder
from tui.view.listing import list_lines
from tui.view.many_words import DO, LEAVE, REASON, preview_choices, preview_lines, summary_words
from tui.view.marks import NONE
from tui.view.rows import Reader
from tui.view.window import Window

TRAY, ALL = parse_query("is:tray"), parse_query("")


@dataclass(frozen=True)
class Row:
    """A line, so many minutes old."""

    name: str
    ago: int

    @property
    def id(self) -> ConversationId:
        return ConversationId(self.name)

    @property
    def key(self) -> PageKey:
        return PageKey(NOON - timedelta(minutes=self.ago), self.id)


def test_a_mark_is_set_and_taken_off_by_the_same_key_in_any_list() -> None:
    marks = NONE.turned(Row("a", 1), TRAY).turned(Row("b", 2), TRAY)
    assert (marks.count, marks.has(Row("a", 1), ALL)) == (2, True)
    marks = marks.turned(Row("a", 1), ALL)
    assert (marks.count, marks.has(Row("a", 1), TRAY)) == (1, False)
    assert not marks.turned(Row("b", 2), TRAY)


def test_all_of_a_list_are_marked_without_holding_them_and_what_comes_in_later_is_not() -> None:
    marks = NONE.of_whole(TRAY, Row("b", 5).key)
    assert marks.whole is not None
    assert marks.count is None
    marks = marks.counted(marks.whole, 1_000_000)
    assert marks.has(Row("z", 900), TRAY)
    assert not marks.has(Row("new", 4), TRAY)
    assert not marks.has(Row("z", 900), ALL), "another list shows what nobody marked there"
    marks = marks.turned(Row("c", 6), TRAY)
    assert (marks.count, marks.has(Row("c", 6), TRAY)) == (999_999, False)
    assert marks.turned(Row("c", 6), TRAY).count == 1_000_000
    assert marks.turned(Row("new", 4), TRAY).count == 1_000_000


def test_a_marked_line_bears_its_sign_also_under_the_cursor_and_takes_no_more_room(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(3)
    rows = builder.store.page(TRAY, limit=3).rows
    marks = NONE.turned(rows[0], TRAY).turned(rows[1], TRAY)
    lines = list_lines(Window(rows, height=3), Reader(SATO, {}, NOON), 80, 3, is_marked=lambda row: marks.has(row, TRAY))
    plain = list_lines(Window(rows, height=3), Reader(SATO, {}, NOON), 80, 3)
    assert [line.text[0] for line in lines] == ["x", "x", plain[2].text[0]]
    assert [line.text[1:] for line in lines] == [line.text[1:] for line in plain]
    builder.close()


def ended(command: type, **given: object):
    """The same for each conversation."""
    return lambda state: command(conversation_id=state.id, **given)


@pytest.fixture
def desk(tmp_path: Path) -> HomeBuilder:
    builder = HomeBuilder(tmp_path / "home")
    yield builder
    builder.close()


def test_what_will_come_of_it_is_said_by_the_teams_own_rules(desk: HomeBuilder) -> None:
    free, mine, theirs, written = desk.many(4)
    unknown = desk.mail("nobody has told the team", known=False)
    desk.tell(mine, OwnerChanged(None, SATO), by=SATO)
    desk.tell(theirs, OwnerChanged(None, TANAKA), by=TANAKA)
    desk.tell(written, LeaseTaken(TANAKA, Token(1, 1), Revision(2), "t"), by=TANAKA)
    foresight = desk.store.foresee([free, mine, theirs, written, unknown], ended(AssignConversation, owner=SATO), NOON)
    # Sato leads: a leader takes also what is a colleague's.
    assert [each.conversation_id for each in foresight.commands] == [free, theirs, written]
    assert (foresight.already, foresight.written, foresight.refused) == ((mine,), 1, 1)
    assert isinstance(foresight.hindrances[0].first, UnknownConversation)
    said = [line.text for line in preview_lines(foresight, {}, NOON)]
    assert said[0] == "3 conversations change"
    assert any("1 is so already" in each for each in said)
    assert any("a colleague is writing" in each for each in said)
    assert [choice.key for choice in preview_choices(foresight)] == [DO, LEAVE]


def test_what_needs_a_reason_can_be_given_one_for_all(desk: HomeBuilder) -> None:
    theirs = desk.many(3)
    desk.store.set_me(TANAKA)
    for each in theirs:
        desk.tell(each, OwnerChanged(None, SATO), by=SATO)
    foresight = desk.store.foresee(theirs, ended(SetStatus, status=NO_REPLY), NOON)
    assert (len(foresight.commands), foresight.refused, foresight.wants_reason) == (0, 3, True)
    assert [choice.key for choice in preview_choices(foresight)] == [REASON, LEAVE]
    assert summary_words(0, 0, foresight.hindrances, {}, NOON, "u").startswith("3 refused, still marked: It belongs to somebody else")
    with_reason = desk.store.foresee(theirs, ended(SetStatus, status=NO_REPLY, reason="asked to"), NOON)
    assert (len(with_reason.commands), with_reason.refused) == (3, 0)


def test_what_waits_in_the_queue_counts_and_a_move_is_foreseen_too(desk: HomeBuilder) -> None:
    first, second = desk.many(2)
    desk.store.add_all_pending([(CommandKey("k1"), SetStatus(conversation_id=first, status=NO_REPLY))], NOON)
    foresight = desk.store.foresee([first, second], ended(SetStatus, status=NO_REPLY), NOON)
    assert (foresight.already, [each.conversation_id for each in foresight.commands]) == ((first,), [second])
    desk.tell(second, LeaseTaken(TANAKA, Token(1, 1), Revision(2), "t"), by=TANAKA)
    moved = desk.store.foresee([first, second], ended(MoveToInbox, inbox=InboxKey("sales")), NOON)
    assert ([each.conversation_id for each in moved.commands], moved.refused) == ([first], 1)


def test_the_ids_of_a_stretch_of_a_list_are_read_without_its_rows(desk: HomeBuilder) -> None:
    ids = desk.many(30)
    keys = desk.store.ids(TRAY, limit=100)
    assert [key.id for key in keys] == ids
    assert [key.id for key in desk.store.ids(TRAY, newest=keys[10], oldest=keys[12], limit=100)] == ids[10:13]
    words = parse_query("返品")
    below = [key.id for key in desk.store.ids(words, limit=100) if key.id in ids[10:]]
    assert [key.id for key in desk.store.ids(words, newest=keys[10], limit=2)] == below[:2]

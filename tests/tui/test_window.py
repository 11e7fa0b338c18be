"""The window on the list: the cursor stays with its conversation whatever others do."""

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.view.window import Window


@dataclass(frozen=True)
class Row:
    id: str


def rows(*names: object) -> tuple[Row, ...]:
    return tuple(Row(str(name)) for name in names)


def window(count: int, height: int = 5) -> Window[Row]:
    return Window(rows(*range(count)), height=height)


def test_a_step_on_the_screen_scrolls_nothing() -> None:
    moved = window(20).moved(1).moved(1)
    assert (moved.cursor, moved.top) == (2, 0)


def test_a_step_over_the_edge_turns_a_whole_page() -> None:
    moved = window(20).placed(4).moved(1)
    assert (moved.cursor, moved.top) == (5, 5)
    back = moved.moved(-1)
    assert (back.cursor, back.top) == (4, 0)


def test_the_cursor_stays_on_its_conversation_and_its_line_when_mail_comes_in_above() -> None:
    before = window(40).placed(20)
    line = before.cursor - before.top
    after = before.refreshed(rows("new", *range(40)), None, more_before=False, more_after=False)
    assert after.selected == Row("20")
    assert after.cursor - after.top == line


def test_new_mail_is_seen_by_who_stands_at_the_top() -> None:
    after = window(10).refreshed(rows("new", *range(10)), None, more_before=False, more_after=False)
    assert after.selected == Row("0")
    assert after.shown[0] == Row("new")


def test_who_has_not_touched_the_list_yet_stands_at_the_top_once_it_is_filled() -> None:
    filled = rows(*(f"new{n}" for n in range(9)), *range(3))
    before = Window(rows(*range(3)), height=5)
    after = before.refreshed(filled, None, more_before=False, more_after=False, untouched=True)
    assert (after.cursor, after.top) == (0, 0)
    touched = before.refreshed(filled, None, more_before=False, more_after=False)
    assert touched.selected == Row("0")
    # A mail or two above leave the cursor where it is, though nobody has pressed a key.
    few = before.refreshed(rows("new", *range(3)), None, more_before=False, more_after=False, untouched=True)
    assert (few.selected, few.top) == (Row("0"), 0)


def test_the_line_under_the_hands_of_who_works_at_the_top_stays_where_it_is_until_they_rest() -> None:
    before = window(40).placed(1)
    at_work = before.refreshed(rows("new", "newer", *range(40)), None, more_before=False, more_after=False, at_work=True)
    assert (at_work.selected, at_work.cursor - at_work.top) == (Row("1"), 1)
    assert at_work.shown == rows(*range(5))
    rests = at_work.to_the_top()
    assert (rests.selected, rests.shown[0]) == (Row("1"), Row("new"))
    far = at_work.placed(30)
    assert far.to_the_top() == far


def test_a_conversation_that_became_part_of_another_is_not_listed_twice() -> None:
    after = window(10).placed(5).refreshed(rows(0, 1, 2, 3, 4, 6, 7, 8, 9), Row("2"), more_before=False, more_after=False)
    assert [row.id for row in after.rows].count("2") == 1
    assert after.selected == Row("2")
    assert not after.gone


def test_a_conversation_a_colleague_finished_stays_under_the_cursor_until_one_leaves_it() -> None:
    before = window(10).placed(3)
    after = before.refreshed(rows(0, 1, 2, 4, 5, 6, 7, 8, 9), Row("3"), more_before=False, more_after=False)
    assert after.selected == Row("3")
    assert after.gone == {"3"}
    on = after.moved(1)
    assert on.selected == Row("4")
    assert Row("3") not in on.rows
    assert not on.gone


def test_an_empty_list_can_be_moved_in() -> None:
    empty: Window[Row] = Window(height=5)
    assert empty.moved(1).paged(1).placed(3).selected is None


class Parts:
    """Rows by their first letter."""

    def key(self, row: Row) -> str:
        return row.id[0]

    def words(self, row: Row) -> str:
        return f"-- {row.id[0]}"


def parted(names: str, height: int, cursor: int, **more: object) -> Window[Row]:
    return Window(rows(*names.split()), height=height, parting=Parts(), **more).placed(cursor)


def said(shown: Window[Row]) -> list[str]:
    """What stands on the lines of the screen."""
    lines: list[str] = []
    for index, row in enumerate(shown.shown, shown.top):
        lines += [heading] if (heading := shown.heading(index)) else []
        lines.append(f">{row.id}" if index == shown.cursor else row.id)
    return lines


def test_a_heading_stands_above_each_part_and_the_cursor_skips_it() -> None:
    shown = parted("a1 a2 b1 b2 b3", 6, 1)
    assert said(shown) == ["-- a", "a1", ">a2", "-- b", "b1", "b2"]
    assert said(shown.moved(1)) == ["-- a", "a1", "a2", "-- b", ">b1", "b2"]
    assert said(shown.moved(3)) == said(shown.paged(1).moved(1)) == ["-- a", "a2", "-- b", "b1", "b2", ">b3"]
    assert said(parted("a1 a2", 2, 1)) == ["a1", ">a2"]


def test_what_left_its_part_stands_where_it_stood_under_no_heading_of_its_own() -> None:
    before = parted("a1 a2 a3 b1", 8, 1)
    after = before.refreshed(rows("a1", "a3", "b1"), Row("z2"), more_before=False, more_after=False)
    assert said(after) == ["-- a", "a1", ">z2", "a3", "-- b", "b1"]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=30), st.integers(3, 12), st.randoms(use_true_random=False))
def test_in_a_list_in_parts_the_line_under_the_cursor_stays_whatever_comes_and_goes_around_it(names: list[str], height: int, chance) -> None:
    ids = [f"{letter}{number}" for number, letter in enumerate(sorted(names))]
    current = parted(" ".join(ids), height, chance.randrange(len(ids)), more_before=True, more_after=True)
    for turn in range(6):
        line = current.line_of(current.cursor, current.top)
        selected = current.selected
        left = [each for each in ids if chance.random() < 0.8 or each == selected.id]
        ids = sorted([*left, *(f"{chance.choice('abcd')}n{turn}{each}" for each in range(3))])
        current = current.refreshed(rows(*ids), None, more_before=True, more_after=True)
        assert current.selected == selected
        here = current.line_of(current.cursor, current.top)
        assert here == line or (current.top == 0 and here < line)
        assert current.top <= current.cursor < current.end_of_screen(current.top)
        current = current.moved(chance.choice((-1, 0, 0, 1)))


@settings(deadline=None, max_examples=150)
@given(
    st.integers(0, 30),
    st.integers(1, 12),
    st.lists(st.sampled_from(["j", "k", "d", "u", "size", "read", "lost"]), max_size=30),
    st.booleans(),
)
def test_the_cursor_is_always_on_the_screen(count: int, height: int, steps: list[str], in_parts: bool) -> None:
    current = replace(window(count, height), parting=Parts() if in_parts else None)
    for number, step in enumerate(steps):
        match step:
            case "j":
                current = current.moved(1)
            case "k":
                current = current.moved(-1)
            case "d":
                current = current.paged(1)
            case "u":
                current = current.paged(-1)
            case "size":
                current = current.resized(1 + number % 9)
            case "read":
                current = current.refreshed(rows(f"new{number}", *(row.id for row in current.rows)), None, more_before=False, more_after=False)
            case "lost":
                left = tuple(row for row in current.rows if row != current.selected)
                current = current.refreshed(left, current.selected, more_before=False, more_after=False)
        if current.rows:
            assert 0 <= current.top <= current.cursor < current.end_of_screen(current.top) <= len(current.rows)
            assert len(said(current)) <= current.height

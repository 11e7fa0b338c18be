"""A due time as it is typed and said, and which lists a minute may change."""

from datetime import UTC, datetime, timedelta

import pytest

from store.domain.query import moves_with_time, parse_query
from tui.view.due_times import due_words, parse_due

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_due_time_is_typed_as_a_hold_is_or_written_out_though_it_be_over() -> None:
    assert parse_due("2h", NOON) == NOON + timedelta(hours=2)
    assert parse_due("明日9時", NOON) == parse_due("tomorrow 9", NOON)
    assert parse_due("2026-11-20T09:00:00+09:00", NOON) == datetime(2026, 11, 20, tzinfo=UTC)
    assert parse_due("THURSDAY", NOON) == parse_due("木曜", NOON)
    for text in ("yesterday", "", "T", "9999-12-31T23:59:59-12:00Tx"):
        assert parse_due(text, NOON) is None


def test_what_is_over_says_so_from_that_very_moment() -> None:
    at = NOON.astimezone()
    assert due_words(NOON, NOON - timedelta(seconds=1)) == f"due {at:%H:%M}"
    assert due_words(NOON, NOON) == f"overdue since {at:%H:%M}"


@pytest.mark.parametrize(("text", "moves"), [("due:overdue is:mine", True), ("-(a OR older:3d)", True), ("is:tray -status:new", False), ("", False)])
def test_a_list_that_speaks_of_time_is_read_again_each_minute(text: str, moves: bool) -> None:
    assert moves_with_time(parse_query(text)) is moves

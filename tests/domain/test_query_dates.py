"""Dates in a query: what people write for a day, and which moments it is on the day they ask."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clock import LocalZone
from store.domain.query_dates import moment_ago, read_age, read_when, span_of

TOKYO = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=TOKYO)  # a Saturday


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("今日", "2026-11-28", "2026-11-28"),
        ("yesterday", "2026-11-27", "2026-11-27"),
        ("おととい", "2026-11-26", "2026-11-26"),
        ("３日前", "2026-11-25", "2026-11-25"),
        ("3d", "2026-11-25", "2026-11-25"),
        ("2週間前", "2026-11-14", "2026-11-14"),
        ("1ヶ月前", "2026-10-28", "2026-10-28"),
        ("先週", "2026-11-16", "2026-11-22"),
        ("今週", "2026-11-23", "2026-11-29"),
        ("今月", "2026-11-01", "2026-11-30"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2024/2", "2024-02-01", "2024-02-29"),
        ("2026/1/5", "2026-01-05", "2026-01-05"),
        ("11/24", "2026-11-24", "2026-11-24"),
        ("12/31", "2025-12-31", "2025-12-31"),
        ("11月24日", "2026-11-24", "2026-11-24"),
        ("12月", "2025-12-01", "2025-12-31"),
        ("令和8年11月24日", "2026-11-24", "2026-11-24"),
        ("月曜日", "2026-11-23", "2026-11-23"),
        ("saturday", "2026-11-28", "2026-11-28"),
        ("2026-11-01..2026-11-30", "2026-11-01", "2026-11-30"),
        ("先月..昨日", "2026-10-01", "2026-11-27"),
        ("11/1..11/30", "2026-11-01", "2026-11-30"),
        ("2026-11-20..11月30日", "2026-11-20", "2026-11-30"),
        ("10月..12月", "2026-10-01", "2026-12-31"),
        ("12/20..1/10", "2025-12-20", "2026-01-10"),
        ("火曜..日曜", "2026-11-24", "2026-11-29"),
        ("2/29", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_day_is_meant_as_people_in_the_office_mean_it(written: str, first: str, last: str) -> None:
    value = read_when(written)
    assert value is not None
    assert read_when(value) == value
    span = span_of(value, NOW)
    assert span.start == datetime.fromisoformat(first).replace(tzinfo=TOKYO)
    assert span.end == datetime.fromisoformat(last).replace(tzinfo=TOKYO) + timedelta(days=1)


def test_a_range_may_be_open_on_one_side_and_a_moment_has_its_own_zone() -> None:
    assert span_of("..yesterday", NOW).start is None
    assert span_of(read_when("昨日..") or "", NOW).end is None
    assert span_of(read_when("2026-11-24T10:00") or "", NOW).start == datetime(2026, 11, 24, 10, tzinfo=TOKYO)
    assert span_of(read_when("2026-11-24T10:00+00:00") or "", NOW).start == datetime(2026, 11, 24, 19, tzinfo=TOKYO)


@pytest.mark.parametrize(
    "written", ["", "..", "someday", "2026-02-30", "2026-13", "13月", "99", "11/31", "1年", "1900", "a..b", "1..2..3", "令和0年"]
)
def test_what_no_calendar_knows_is_no_date(written: str) -> None:
    assert read_when(written) is None


def test_an_age_counts_back_from_this_very_moment() -> None:
    assert moment_ago(read_age("12時間") or "", NOW) == NOW - timedelta(hours=12)
    assert moment_ago(read_age("2w") or "", NOW) == NOW - timedelta(weeks=2)
    assert moment_ago(read_age("1か月") or "", NOW.replace(month=3, day=31)) == NOW.replace(month=2, day=28)
    assert read_age("yesterday") is None


@given(st.text(alphabet="0123456789-/.年月日前令和dwmyhT:+ ", max_size=20), st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)))
def test_whatever_is_read_as_a_date_has_its_moments_on_any_day(written: str, now: datetime) -> None:
    value = read_when(written)
    if value is not None:
        assert read_when(value) == value
        span = span_of(value, now.replace(tzinfo=TOKYO))
        assert span.start is None or span.start.tzinfo is not None


@pytest.mark.parametrize("written", ["9999-12-31", "9999", "9999-12"])
def test_the_last_day_of_the_calendar_is_a_date_like_any_other(written: str) -> None:
    value = read_when(written)
    assert value == written
    assert span_of(value, NOW).start is not None


def test_a_range_said_the_wrong_way_round_means_the_same_days() -> None:
    assert span_of("2026-11-30..2026-11-01", NOW) == span_of("2026-11-01..2026-11-30", NOW)
    assert span_of("today..yesterday", NOW) == span_of("yesterday..today", NOW)
    assert span_of("9999-06-01..11-30", NOW) == span_of("11-30..9999-06-01", NOW)


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
def test_a_day_in_summer_begins_at_midnight_in_summer_though_it_is_winter_now() -> None:
    now = datetime(2026, 11, 28, 9, 30, tzinfo=LocalZone())
    summer, turning = span_of("2026-07-01", now), span_of("2026-11-01", now)
    assert (summer.start, summer.end) == (datetime(2026, 7, 1, 4, tzinfo=UTC), datetime(2026, 7, 2, 4, tzinfo=UTC))
    assert (turning.start, turning.end) == (datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC))


@pytest.mark.usefixtures("new_york")
def test_so_many_hours_ago_are_hours_also_when_the_clock_was_set_back_between() -> None:
    now = datetime(2026, 11, 1, 9, tzinfo=LocalZone())  # set back at two
    assert moment_ago("12h", now).astimezone(UTC) == now.astimezone(UTC) - timedelta(hours=12)
    assert moment_ago("1d", now).astimezone(UTC) == datetime(2026, 10, 31, 13, tzinfo=UTC)

"""The next opening of an inbox: its own zone, its days, its holidays."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from store.domain.business_hours import BusinessHours, is_open, next_opening, problem_in

TOKYO = BusinessHours(zone="Asia/Tokyo", holidays=("2026-11-30", "01-01"))


def jst(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (jst(2026, 11, 26, 8, 59), jst(2026, 11, 26, 9)),
        (jst(2026, 11, 26, 9, 0), jst(2026, 11, 27, 9)),
        (jst(2026, 11, 27, 20, 0), jst(2026, 12, 1, 9)),
        (jst(2026, 12, 31, 12, 0), jst(2027, 1, 4, 9)),
        (datetime(2026, 11, 26, 15, 30, tzinfo=UTC), jst(2026, 11, 27, 9)),
    ],
)
def test_the_next_opening(now: datetime, opens: datetime) -> None:
    assert next_opening(TOKYO, now) == opens


def test_summer_time_moves_the_moment_not_the_clock_face() -> None:
    berlin = BusinessHours(zone="Europe/Berlin", days=("mon",))
    found = next_opening(berlin, datetime(2026, 3, 27, 12, tzinfo=UTC))
    assert found is not None
    assert (found.hour, found.astimezone(UTC).hour) == (9, 7)


def test_whether_somebody_answers_now() -> None:
    assert is_open(TOKYO, jst(2026, 11, 26, 17, 59))
    assert not is_open(TOKYO, jst(2026, 11, 26, 18, 0))
    assert not is_open(TOKYO, jst(2026, 11, 30, 10))


@pytest.mark.parametrize(
    ("hours", "key"),
    [
        (BusinessHours(zone="Asia/Tokio"), "zone"),
        (BusinessHours(zone="../etc/passwd"), "zone"),
        (BusinessHours(days=("monday",)), "days"),
        (BusinessHours(opens="18:00", closes="09:00"), "from"),
        (BusinessHours(opens="9"), "from"),
        (BusinessHours(holidays=("2026-02-30",)), "holidays"),
    ],
)
def test_a_slip_in_the_settings_is_named(hours: BusinessHours, key: str) -> None:
    found = problem_in(hours)
    assert found is not None
    assert found[0] == key
    assert problem_in(TOKYO) is None


def test_an_inbox_that_never_opens_has_no_next_opening() -> None:
    assert next_opening(BusinessHours(days=()), datetime(2026, 1, 1, tzinfo=UTC)) is None

"""The table of time zones says what the machine's own zone files say, for every hour of the year."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest

from mailsync.mime.carried.zone_names import _NAMES, zone_named
from mailsync.mime.carried.zones import with_offset
from tests.rows import row

KNOWN = sorted({name for names in _NAMES.values() for name in names.split("|")} & available_timezones())


@pytest.mark.skipif(not KNOWN, reason="this machine has no zone files to compare with")
def test_a_zone_of_the_table_is_right_all_year() -> None:
    for name in KNOWN:
        # A machine may list a zone whose file it lacks.
        with row(name), suppress(ZoneInfoNotFoundError):
            check(name, ZoneInfo(name))


def check(name: str, zone: ZoneInfo) -> None:
    chance = random.Random(name)
    for _ in range(200):
        at = datetime(2026, 1, 1) + timedelta(minutes=30 * chance.randrange(48 * 365))
        exact, ours = at.replace(tzinfo=zone), with_offset(at, name, ())
        again = exact.replace(fold=1)
        # An hour that comes twice, or never, may be read either way.
        assert ours is not None
        assert ours.utcoffset() in (exact.utcoffset(), again.utcoffset()), at


@pytest.mark.parametrize("name", ["Tokyo Standard Time", "tokyo standard time", '"W. Europe Standard Time"', "/x/y/Asia/Tokyo", "PST8PDT"])
def test_a_name_as_programs_write_it_is_known(name: str) -> None:
    assert zone_named(name) is not None


@pytest.mark.parametrize("name", ["", "/", "Mars", "//////", "a" * 10_000, "Customized Time Zone"])
def test_a_name_that_is_none_is_not_guessed(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("GMT+09:00", 540), ("UTC+9", 540), ("GMT-0330", -210), ("Etc/GMT-9", 540), ("Etc/GMT+5", -300), ("(UTC+08:00) Beijing", 480), ("Tokyo", 540),
        ("(GMT+09.00) Tokyo/Osaka/Sapporo", 540), ("日本標準時", 540),
    ],
)  # fmt: skip
def test_an_offset_for_a_name_is_read(name: str, minutes: int) -> None:
    zone = zone_named(name)
    assert zone is not None
    assert (zone.minutes, zone.summer) == (minutes, None)


@pytest.mark.parametrize("name", ["(UTC+01:00) Amsterdam, Berlin", "(UTC-05:00) Eastern Time", "UTC+25", "GMT+", "UTC+9 or so"])
def test_an_offset_that_may_not_hold_in_summer_is_not_believed(name: str) -> None:
    assert zone_named(name) is None

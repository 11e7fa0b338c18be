"""How far a local time lies from UTC: by the VTIMEZONE a calendar brings along, else by a table of names. No files are read."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone

from mailsync.mime.carried.ical import Component
from mailsync.mime.carried.zone_names import Zone, zone_named

MAX_OBSERVANCES = 200
MAX_ONSETS = 500

_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_DATE_TIME = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2}):?(\d{2})?)?")
_BY_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST = timedelta(hours=24)


def local_time(value: str) -> datetime | None:
    """A DATE or DATE-TIME (RFC 5545 3.3.4, 3.3.5) without a zone; None for what is none. Dashes and colons, which it forbids, are read."""
    found = _DATE_TIME.match(value.strip())
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[3:])
    try:
        return datetime.combine(date(int(found[1]), int(found[2]), int(found[3])), time(hour, minute, min(second, 59)))
    except ValueError:
        return None


def with_offset(at: datetime, zone: str, own_zones: Iterable[Component]) -> datetime | None:
    """A local time in the zone of that name; None when nobody knows the zone. `own_zones`: the VTIMEZONE components of the calendar."""
    offset = None
    for component in own_zones:
        if component.text("TZID").strip('"') == zone:
            offset = _own_offset(component, at)
            break
    if offset is None and (named := zone_named(zone)) is not None:
        offset = _table_offset(named, at)
    return None if offset is None else _at_offset(at, offset)


def _at_offset(at: datetime, offset: timedelta) -> datetime:
    return at.replace(tzinfo=timezone(offset) if offset else UTC)


def _own_offset(zone: Component, at: datetime) -> timedelta | None:
    """By the observance whose latest beginning lies nearest before `at` (RFC 5545 3.6.5)."""
    best: tuple[datetime, timedelta] | None = None
    earliest: tuple[datetime, timedelta] | None = None
    for observance in [*zone.below("STANDARD"), *zone.below("DAYLIGHT")][:MAX_OBSERVANCES]:
        to, before = _offset_of(observance, "TZOFFSETTO"), _offset_of(observance, "TZOFFSETFROM")
        begins = local_time(observance.text("DTSTART"))
        if to is None or begins is None:
            continue
        if earliest is None or begins < earliest[0]:
            earliest = (begins, before if before is not None else to)
        onset = _latest_onset(observance, begins, at)
        if onset is not None and (best is None or onset > best[0]):
            best = (onset, to)
    found = best or earliest
    return found[1] if found is not None else None


def _offset_of(observance: Component, name: str) -> timedelta | None:
    found = _OFFSET.fullmatch(observance.text(name))
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return (-size if found[1] == "-" else size) if size < _LONGEST else None


def _latest_onset(observance: Component, begins: datetime, at: datetime) -> datetime | None:
    """The last time not after `at` that the observance began; None when it had not yet."""
    onsets = [begins]
    for dates in observance.properties.get("RDATE", [])[:MAX_ONSETS]:
        onsets += [onset for value in dates.value.split(",")[:MAX_ONSETS] if (onset := local_time(value)) is not None]
    rule = observance.first("RRULE")
    if rule is not None:
        parts = dict(part.partition("=")[::2] for part in rule.value.upper().split(";"))
        until = local_time(parts.get("UNTIL", ""))
        for year in (at.year - 1, at.year):
            onset = _yearly(parts, begins, year)
            if onset is not None and onset >= begins and (until is None or onset <= until + _LONGEST):
                onsets.append(onset)
    return max((onset for onset in onsets if onset <= at), default=None)


def _yearly(rule: dict[str, str], begins: datetime, year: int) -> datetime | None:
    """When a yearly rule falls in a year: `BYMONTH=3;BYDAY=2SU`, or a range of BYMONTHDAY with a weekday."""
    month = rule.get("BYMONTH", "")
    day = _BY_DAY.fullmatch(rule.get("BYDAY", ""))
    days = [int(each) for each in rule.get("BYMONTHDAY", "").split(",")[:31] if each.isascii() and each.isdecimal() and 0 < int(each[:3]) < 32]
    try:
        in_month = int(month) if month.isascii() and month.isdecimal() and len(month) < 3 else begins.month
        if day is None:
            return begins.replace(year=year, month=in_month, day=days[0] if days else begins.day)
        weekday = _WEEKDAYS.index(day[2])
        if days:
            found = next((each for each in sorted(days) if date(year, in_month, each).weekday() == weekday), None)
            return None if found is None else begins.replace(year=year, month=in_month, day=found)
        return begins.replace(year=year, month=in_month, day=nth_weekday(year, in_month, int(day[1] or 1), weekday))
    except ValueError:
        return None


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> int:
    """The day of the month of the nth such weekday; -1 is the last.

    Raises:
        ValueError: The month has none.
    """
    first, length = monthrange(year, month)
    days = range(1 + (weekday - first) % 7, length + 1, 7)
    if not nth or not -len(days) <= nth <= len(days):
        raise ValueError(nth)
    return days[nth - 1 if nth > 0 else nth]


def _table_offset(zone: Zone, at: datetime) -> timedelta:
    """By today's rule of the zone: an invitation is for a day to come."""
    standard = timedelta(minutes=zone.minutes)
    if zone.summer is None:
        return standard
    start, end = zone.summer.start, zone.summer.end
    begins, stops = _turn(at.year, start), _turn(at.year, end)
    if zone.summer.in_utc and MINYEAR < at.year < MAXYEAR:
        begins, stops = begins + standard, stops + standard + timedelta(hours=1)
    summer = begins <= at < stops if begins < stops else at >= begins or at < stops
    return standard + timedelta(hours=1) if summer else standard


def _turn(year: int, rule: tuple[int, int, int]) -> datetime:
    month, nth, hour = rule
    return datetime.combine(date(year, month, nth_weekday(year, month, nth, 6)), time(hour))

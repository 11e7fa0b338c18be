"""When an inbox is open: days of the week, hours, holidays, in its own zone; and when it opens next. Pure."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 400


class BusinessHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"opens": "from", "closes": "to"}):
    """`[inbox.hours]`: when there is somebody to answer."""

    zone: str = ""
    """A name of the IANA database such as `Asia/Tokyo`; "": this machine's."""
    days: tuple[str, ...] = DAYS[:5]
    opens: str = "09:00"
    closes: str = "18:00"
    holidays: tuple[str, ...] = ()
    """Days such as `2026-12-29`, or of every year, `01-01`."""

    def zone_info(self) -> tzinfo | None:
        """Its zone; None: this machine's."""
        return ZoneInfo(self.zone) if self.zone else None


def problem_in(hours: BusinessHours) -> tuple[str, str] | None:
    """A key and what is wrong with it; None: nothing."""
    if hours.zone and not _is_zone(hours.zone):
        return "zone", f'must be a name such as "Asia/Tokyo", not "{hours.zone}"'
    if not hours.days or any(day not in DAYS for day in hours.days):
        return "days", 'must hold some of "mon", "tue", "wed", "thu", "fri", "sat", "sun"'
    opens, closes = _time(hours.opens), _time(hours.closes)
    if opens is None or closes is None or opens >= closes:
        return "from", 'and `to` must be times of a day such as "09:00" and "18:00", the earlier one first'
    if not all(map(_is_day, hours.holidays)):
        return "holidays", 'must hold days such as "2026-12-29", or "01-01" for every year'
    return None


def is_open(hours: BusinessHours, at: datetime) -> bool:
    """Whether somebody answers at that moment."""
    local = at.astimezone(hours.zone_info())
    opens, closes = _time(hours.opens), _time(hours.closes)
    return opens is not None and closes is not None and _is_working_day(hours, local.date()) and opens <= local.time() < closes


def next_opening(hours: BusinessHours, now: datetime) -> datetime | None:
    """The next beginning of business hours behind `now`, in the inbox's zone; None: none within a year (every day is a holiday)."""
    local = now.astimezone(hours.zone_info())
    opens = _time(hours.opens)
    for ahead in range(LOOK_AHEAD_DAYS if opens is not None else 0):
        day = local.date() + timedelta(days=ahead)
        if _is_working_day(hours, day) and opens is not None:
            # This machine's own zone is asked for that day's offset, not today's.
            at = datetime.combine(day, opens, local.tzinfo) if hours.zone else datetime.combine(day, opens).astimezone()
            if at.astimezone(UTC) > now:
                return at
    return None


def _is_working_day(hours: BusinessHours, day: date) -> bool:
    return DAYS[day.weekday()] in hours.days and f"{day:%Y-%m-%d}" not in hours.holidays and f"{day:%m-%d}" not in hours.holidays


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"2024-{text}" if len(text) == len("01-01") else text)
    except ValueError:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

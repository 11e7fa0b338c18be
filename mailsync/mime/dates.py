"""The Date header as it is really written. No clock: a date that cannot be read is None, never now."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_ZONES = {
    "JST": 540,
    "KST": 540,
    "HKT": 480,
    "SGT": 480,
    "IST": 330,
    "MSK": 180,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "EET": 120,
    "EEST": 180,
    "CET": 60,
    "CEST": 120,
    "MET": 60,
    "MEST": 120,
    "WET": 0,
    "WEST": 60,
    "BST": 60,
}
"""Minutes; only names the standard library's parser does not know."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JAPANESE_MONTH = re.compile(r"(\d{1,2})月")
_WEEKDAY_LOST = re.compile(r"^[^\x00-\x7f]+\s*,?\s*")
_ZONE = re.compile(r"\b([A-Z]{2,5})\)?\s*$")
_ANY_ZONE = re.compile(r"[+-]\d{3,4}\b|[A-Za-z]{1,5}\)?\s*$")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?[T ]\d\d?:\d\d(?::\d\d)?")
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2199


def parse_date(value: str) -> tuple[datetime | None, str | None]:
    """A date with the sender's own offset, and a sentence when something had to be guessed."""
    value = value.strip()[:200]
    if not value:
        return None, None
    english = _JAPANESE_MONTH.sub(lambda found: _MONTHS[(int(found[1]) - 1) % 12], _WEEKDAY_LOST.sub("", value)).replace("年", " ").replace("日", " ")
    date, warning = _rfc5322(english)
    if date is None and (iso := _ISO.match(english)):
        date, warning = _iso(english, iso[0])
    if date is None or not _EARLIEST_YEAR <= date.year <= _LATEST_YEAR:
        return None, "The date could not be read."
    return date, warning


def _rfc5322(value: str) -> tuple[datetime | None, str | None]:
    try:
        parts = parsedate_tz(value)
    except (IndexError, ValueError, TypeError, OverflowError):
        # The standard library's parser trips over some garbage instead of answering None.
        parts = None
    if parts is None:
        return None, None
    offset, warning = parts[9] or 0, None
    if (named := _ZONE.search(value)) is not None and named[1] in _ZONES and not re.search(r"[+-]\d{4}", value):
        offset = _ZONES[named[1]] * 60
    elif not _ANY_ZONE.search(value):
        warning = "The date has no time zone; UTC was assumed."
    if abs(offset) >= 86_400:
        offset, warning = 0, "The date has an impossible time zone; UTC was assumed."
    try:
        return datetime(*parts[:5], min(parts[5], 59), tzinfo=timezone(timedelta(minutes=offset // 60)) if offset else UTC), warning
    except (ValueError, OverflowError):
        return None, None


def _iso(value: str, start: str) -> tuple[datetime | None, str | None]:
    try:
        date = datetime.fromisoformat(value)
    except ValueError:
        try:
            date = datetime.fromisoformat(start)
        except ValueError:
            return None, None
    if date.tzinfo is None:
        return date.replace(tzinfo=UTC), "The date has no time zone; UTC was assumed."
    return date, None

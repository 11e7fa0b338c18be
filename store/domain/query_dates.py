"""When: the ways a query names a day, a month or a stretch of time, and which moments that is.

A value keeps what was typed in one spelling (`today`, `3d`, `2026-11`, `2026-11-01..2026-11-30`) until it is asked: a list that stays open
over midnight means the new day. Days begin and end in the zone of `now`.
"""

import re
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import cache
from unicodedata import normalize

import msgspec


class Span(msgspec.Struct, frozen=True):
    """From `start`, up to but without `end`; None: no bound on that side."""

    start: datetime | None
    end: datetime | None


WORDS = {
    "今日": "today",
    "本日": "today",
    "昨日": "yesterday",
    "きのう": "yesterday",
    "一昨日": "2d",
    "おととい": "2d",
    "明日": "tomorrow",
    "今週": "this-week",
    "先週": "last-week",
    "来週": "next-week",
    "今月": "this-month",
    "先月": "last-month",
    "来月": "next-month",
    "今年": "this-year",
    "去年": "last-year",
    "昨年": "last-year",
    "thisweek": "this-week",
    "lastweek": "last-week",
    "nextweek": "next-week",
    "thismonth": "this-month",
    "lastmonth": "last-month",
    "nextmonth": "next-month",
    "thisyear": "this-year",
    "lastyear": "last-year",
    "week": "this-week",
    "month": "this-month",
    "year": "this-year",
}
"""Other spellings of the named stretches."""

_OFFSETS = {"this": 0, "last": -1, "next": 1}
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {f"{letter}曜": day for letter, day in zip("月火水木金土日", WEEKDAYS, strict=True)}
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_UNITS = {
    **dict.fromkeys(("時間", "hour", "hours"), "h"),
    **dict.fromkeys(("日", "day", "days"), "d"),
    **dict.fromkeys(("週間", "週", "week", "weeks"), "w"),
    **dict.fromkeys(("か月", "ヶ月", "カ月", "ヵ月", "ケ月", "month", "months"), "m"),
    **dict.fromkeys(("年", "year", "years"), "y"),
    **{unit: unit for unit in "hdwmy"},
}


class _Shapes:
    """How dates are written; compiled when the first one is read, which most queries have none of."""

    def __init__(self) -> None:
        self.ago = re.compile(rf"(\d{{1,4}})({'|'.join(sorted(_UNITS, key=len, reverse=True))})(前|ago)?")
        self.japanese = re.compile(r"(?:(令和)?(\d{1,4}|元)年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
        self.date = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
        self.month_day = re.compile(r"(\d{1,2})-(\d{1,2})")
        self.named = re.compile(r"(this|last|next)-(week|month|year)")


@cache
def _shapes() -> _Shapes:
    return _Shapes()


REIWA_BEFORE = 2018
"""令和1年 is 2019."""


def read_when(value: str) -> str | None:
    """The one spelling of a date, a moment or a stretch of time; None where it is none."""
    text = normalize("NFKC", value).strip().casefold().replace(" ", "")
    if ".." in text:
        ends = [read_when(end) if end else "" for end in text.split("..", 1)]
        return None if None in ends or not any(ends) or any(".." in end for end in ends if end) else "..".join(end or "" for end in ends)
    text = WORDS.get(text, text)
    if text in _DAYS or text in WEEKDAYS or text in MONTHS or _shapes().named.fullmatch(text):
        return text
    if (weekday := _WEEKDAYS.get(text.removesuffix("日") if text.endswith("曜日") else text)) is not None:
        return weekday
    ago = None if text[-1:] in ("年", "日") else _ago(text)
    return ago or _japanese(text) or _digits(text)


def read_age(value: str) -> str | None:
    """How old: `3d`, `2週間`, `12h`; None where it is no such length of time."""
    return _ago(normalize("NFKC", value).strip().casefold().replace(" ", ""))


def _ago(text: str) -> str | None:
    found = _shapes().ago.fullmatch(text)
    return f"{int(found[1])}{_UNITS[found[2]]}" if found else None


def _japanese(text: str) -> str | None:
    found = _shapes().japanese.fullmatch(text)
    if found is None or not text:
        return None
    era, year, month, day = found.groups()
    if (day and not month) or (year == "元" and not era) or (era and year == "0"):
        return None
    if year is None:
        return _digits(f"{month}-{day}") if day else _month_alone(int(month))
    number = 1 if year == "元" else int(year)
    return _digits("-".join([f"{number + REIWA_BEFORE if era else number:04d}", *(part for part in (month, day) if part)]))


def _month_alone(month: int) -> str | None:
    return MONTHS[month - 1] if 1 <= month <= 12 else None


def _digits(text: str) -> str | None:
    text = text.replace("/", "-").upper()
    if not text.strip("0123456789."):
        text = text.replace(".", "-")  # 2026.11.24, as paper has it
    if found := _shapes().date.fullmatch(text):
        year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
        good = year >= 1970 and 1 <= month <= 12 and 1 <= day <= _days_of(year, month)
        return "-".join([found[1], *(f"{int(part):02d}" for part in found.groups()[1:] if part)]) if good else None
    if found := _shapes().month_day.fullmatch(text):
        month, day = int(found[1]), int(found[2])
        return f"{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= _days_of(2024, month) else None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.isoformat() if len(text) > len("2026-01-31") and at.year >= 1970 else None


def span_of(value: str, now: datetime) -> Span:
    """Which moments a value of `read_when` means at `now`, which says the zone. What no calendar holds is an empty span."""
    if ".." in value:
        first, last = (span_of(end, now) if end else Span(None, None) for end in value.split("..", 1))
        return between(first, last, value.rpartition("..")[2])
    try:
        return _span(value, now)
    except (ValueError, OverflowError):
        return Span(now, now)


def between(first: Span, last: Span, said: str) -> Span:
    """From one to the other, which was said like this. Where it says no year or week it is the next one: on the 24th 11/1..11/30 is this month.

    Said the wrong way round it means the same stretch: a list that is empty for it would be taken for an answer.
    """
    if first.start is None or last.start is None or last.start >= first.start:
        return Span(first.start, last.end)
    if said in WEEKDAYS and first.start.year < MAXYEAR:
        last = span_of(said, first.start + timedelta(days=6))
    elif (said in MONTHS or said[2:3] == "-") and first.start.year < MAXYEAR:
        last = span_of(said, _months_later(first.start, 12) - timedelta(days=1))
    turned = last.start is not None and last.start < first.start
    return Span(last.start, first.end) if turned else Span(first.start, last.end)


def moment_ago(value: str, now: datetime) -> datetime:
    """The very moment so long before `now`; of a length of `read_age`."""
    number, unit = int(value[:-1]), value[-1]
    try:
        if unit in "my":
            return _months_later(now, -number * (12 if unit == "y" else 1))
        if unit == "h":
            # Counted on the clock that is never set forth or back.
            return (now.astimezone(UTC) - number * timedelta(hours=1)).astimezone(now.tzinfo)
        return now - number * timedelta(days=7 if unit == "w" else 1)
    except (ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=now.tzinfo)


def _span(value: str, now: datetime) -> Span:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if value in _DAYS:
        return _day(today + timedelta(days=_DAYS[value]))
    if value in WEEKDAYS:
        return _day(today - timedelta(days=(today.weekday() - WEEKDAYS.index(value)) % 7))
    if found := _shapes().named.fullmatch(value):
        return _named(_OFFSETS[found[1]], found[2], today)
    if value in MONTHS:
        begins = today.replace(day=1).replace(month=MONTHS.index(value) + 1)
        begins = begins if begins <= today else begins.replace(year=begins.year - 1)
        return Span(begins, _months_later(begins, 1))
    return _before(value, now, today) if value[:-1].isdigit() and value[-1] in "hdwmy" else _written(value, now, today)


def _before(value: str, now: datetime, today: datetime) -> Span:
    """The day so long ago; of hours, the moment."""
    if value[-1] != "h":
        return _day(moment_ago(value, today))
    at = moment_ago(value, now)
    return Span(at, at)


def _named(offset: int, unit: str, today: datetime) -> Span:
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
        return Span(monday, monday + timedelta(weeks=1))
    if unit == "month":
        first = _months_later(today.replace(day=1), offset)
        return Span(first, _months_later(first, 1))
    first = today.replace(year=today.year + offset, month=1, day=1)
    return Span(first, first.replace(year=first.year + 1))


def _written(value: str, now: datetime, today: datetime) -> Span:
    if "T" in value:
        at = datetime.fromisoformat(value)
        at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
        return Span(at, at)
    parts = [int(part) for part in value.split("-")]
    if len(value) == len("11-24"):
        # Without a year: the last time there was such a day.
        year = today.year - (tuple(parts) > (today.month, today.day))
        while parts[1] > _days_of(year, parts[0]):  # 29 February
            year -= 1
        return _day(today.replace(day=1).replace(year, parts[0], parts[1]))
    first = today.replace(year=parts[0], month=1, day=1).replace(month=parts[1] if len(parts) > 1 else 1)
    if len(parts) == 3:
        return _day(first.replace(day=parts[2]))
    return Span(first, _months_later(first, 1 if len(parts) == 2 else 12))


def _day(begins: datetime) -> Span:
    return Span(begins, begins + timedelta(days=1))


def _days_of(year: int, month: int) -> int:
    if month == 12:  # behind the last year that a datetime knows no other comes
        return 31
    return (datetime(year, month + 1, 1, tzinfo=UTC) - timedelta(days=1)).day


def _months_later(at: datetime, months: int) -> datetime:
    index = at.year * 12 + at.month - 1 + months
    year, month = divmod(index, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, _days_of(year, month + 1)))

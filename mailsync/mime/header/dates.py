"""The Date header as it is really written. No clock: a date that cannot be read is None, never now."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MET": 60, "MEZ": 60, "CEST": 120, "MEST": 120, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "IST": 330, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
"""Minutes (RFC 5322 4.3, and those that senders add)."""
_MONTHS = {
    "jan": 1, "gen": 1, "ene": 1, "feb": 2, "fev": 2, "fév": 2, "mar": 3, "mär": 3, "mrz": 3, "maa": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5,
    "mai": 5, "mei": 5, "mag": 5, "jun": 6, "giu": 6, "juin": 6, "jul": 7, "lug": 7, "juil": 7, "aug": 8, "aoû": 8, "aou": 8, "ago": 8, "sep": 9,
    "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11, "dec": 12, "dez": 12, "dic": 12, "déc": 12,
}  # fmt: skip
"""By their first letters, in the languages mail programs wrongly write the header in."""
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2199

_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ([+-])(\d\d)([0-5]\d)(?: \([\w +-]*\))?", re.ASCII
)
_CYRILLIC_MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_CHINESE_MONTH = re.compile("(十[一二]?|[一二三四五六七八九])月")
_CHINESE_NUMBERS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ERA = re.compile(r"(令和|平成|昭和)\s?(\d{1,2}|元)\s?年")
_KOREAN = str.maketrans("년월일시분초", "年月日時分秒")
_COMMENT = re.compile(r"\([^()]{0,100}\)")
_NUMBERS = re.compile(r"(?<![\d.])(\d{1,2})([ /-])(\d{1,2})\2(\d{4}|\d{2})(?![\d.:])")
"""A day and a month as numbers; with slashes only a number beyond 12 says which is which."""
_COMPACT = re.compile(r"(?<!\d)(20\d\d|19\d\d)(\d\d)(\d\d)T?(?:(\d\d)(\d\d)(\d\d)?)?(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)日?")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.?[\s-]*(?:(\d{1,2})月|([^\W\d_]{3,12})\.?)[\s,-]*(\d{4}|1\d\d|\d{2})(?![\d:])年?")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,?\s+(\d{4})(?!\d))?")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_YEAR = re.compile(r"(?<![\d:+-])(\d{4})(?![\d:])")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})\s?[:時hH]\s?(\d{1,2})(?:\s?[:分]\s?(\d{1,2}))?(?:[.,]\d+)?\s?[分秒]?|(?<![\d.])(\d{1,2})\.(\d\d)\.(\d\d)(?![\d.])"
)
_HALF = re.compile(r"(?<![A-Za-z])([AP])\.?M\.?(?![A-Za-z])|(午前|午後)", re.IGNORECASE)
_OFFSETS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![+-])(?P<sign>[+-])\s?(?P<hours>\d{2}):?(?P<minutes>\d{2})(?!\d)",
        r"(?P<sign>[+-])(?P<hours>\d):?(?P<minutes>\d\d)(?!\d)",
        r"(?:GMT|UTC)(?P<sign>[+-])(?P<hours>\d{1,2})(?P<minutes>)(?!\d)",
        r"(?<![A-Za-z])(?P<sign>[+-])(?P<hours>\d{1,2})(?P<minutes>)\s*$",
        r"(?<!\d)(?P<sign>)(?P<hours>\d\d)(?P<minutes>\d\d)\s*$",
    )
)
_NAMED = re.compile(r"(?<![A-Za-z])[A-Z]{1,4}(?![A-Za-z])")
_BLANKS = re.compile(r"[\s\u3000]+")

NO_ZONE = "The date has no time zone; UTC was assumed."
BAD_ZONE = "The date has an impossible time zone; UTC was assumed."
UNREADABLE = "The date could not be read."


def parse_date(value: str) -> tuple[datetime | None, str | None]:
    """A date with the sender's own offset, and a sentence when something had to be guessed."""
    value = value.strip()[:200]
    if not value:
        return None, None
    usual = _USUAL.fullmatch(value)
    if usual is not None and usual[2].lower() in _MONTHS:
        day, month, year, hour, minute, second, sign, hours, minutes = usual.groups()
        found = (int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second or 0))
        offset, warning = _checked((int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1))
    else:
        loose = _loosely(value)
        if loose is None:
            return None, UNREADABLE
        found, offset, warning = loose
    try:
        date = datetime(*found[:5], min(found[5], 59), tzinfo=timezone(timedelta(minutes=offset)) if offset else UTC)
        date.timestamp()
    except (ValueError, OverflowError):
        return None, UNREADABLE
    return (date, warning) if _EARLIEST_YEAR <= date.year <= _LATEST_YEAR else (None, UNREADABLE)


_Parts = tuple[int, int, int, int, int, int]


def _loosely(value: str) -> tuple[_Parts, int, str | None] | None:
    """Year to second, minutes of offset and a warning, from any writing of a date; what is taken is cut out before the next is looked for."""
    value = _COMPACT.sub(_spelled_out, _BLANKS.sub(" ", value if value.isascii() else _as_in_japanese(value)))
    half = _HALF.search(value)
    time = _TIME.search(value)
    rest = value if time is None else value[: time.start()] + " | " + value[time.end() :]
    day = _day(rest)
    if day is None:
        bare = _COMMENT.sub(" ", value)
        return _loosely(bare) if bare != value else None
    (year, month, date), rest = day
    hour, minute, second = (int(part or 0) for part in (time.groups()[:3] if time[1] else time.groups()[3:])) if time else (0, 0, 0)
    if half is not None and hour <= 12:
        afternoon = (half[1] or "").upper() == "P" or half[2] == "午後"
        hour = hour % 12 + (12 if afternoon else 0)
    if year < 200:
        year += 2000 if year < 70 else 1900  # of three digits too (RFC 5322 4.3)
    return (year, month, date, hour, minute, second), *_zone(rest)


def _day(value: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day, and what is left of the value without them."""
    if (found := _YEAR_FIRST.search(value)) is not None:
        return (int(found[1]), int(found[2]), int(found[3])), _without(value, found)
    for found in _DAY_FIRST.finditer(value):
        month = int(found[2]) if found[2] else _month(found[3])
        if month and found[4] != "0000":
            return (int(found[4]), month, int(found[1])), _without(value, found)
    for found in _MONTH_FIRST.finditer(value):
        month = _month(found[1])
        rest = _without(value, found)
        year = found[3] or ((later := _YEAR.search(rest)) and later[1])
        if month and year:
            return (int(year), month, int(found[2])), rest if found[3] else rest.replace(year, " ", 1)
    if (found := _DOTTED.search(value)) is not None:
        return (int(found[3]), int(found[2]), int(found[1])), _without(value, found)
    return _in_numbers(value)


def _in_numbers(value: str) -> tuple[tuple[int, int, int], str] | None:
    found = _NUMBERS.search(value)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] != "/" or first > 12 or first == second:
        return (year, second, first), _without(value, found)
    return ((year, first, second), _without(value, found)) if second > 12 else None


def _as_in_japanese(value: str) -> str:
    """Korean and Chinese signs, eras and full-width digits as most Japanese programs write them."""
    value = unicodedata.normalize("NFKC", value)
    value = value.translate(_KOREAN) if "월" in value else value
    value = _CHINESE_MONTH.sub(lambda found: f"{_CHINESE_NUMBERS.index(found[1])}月", value)
    return _ERA.sub(lambda found: f"{_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", value)


def _spelled_out(found: re.Match[str]) -> str:
    """`20261124T090000` with its signs."""
    day = f"{found[1]}-{found[2]}-{found[3]}"
    return f"{day} {found[4]}:{found[5]}:{found[6] or '00'}" if found[4] else day


def _without(value: str, found: re.Match[str]) -> str:
    return value[: found.start()] + " " + value[found.end() :]


def _month(word: str) -> int:
    word = word.lower()
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3]) or _CYRILLIC_MONTHS.get(word[:3]) or 0


def _zone(rest: str) -> tuple[int, str | None]:
    """Minutes east of Greenwich, from what is left behind the time."""
    rest = rest.partition("|")[2] or rest
    for pattern in _OFFSETS:
        if (found := pattern.search(rest)) is not None:
            return _checked((int(found["hours"]) * 60 + int(found["minutes"] or 0)) * (-1 if found["sign"] == "-" else 1))
    named = next((_ZONES[name] for name in _NAMED.findall(rest) if name in _ZONES), 540 if "Tokyo" in rest or "東京" in rest else None)
    return (0, NO_ZONE) if named is None else (named, None)


def _checked(minutes: int) -> tuple[int, str | None]:
    return (minutes, None) if abs(minutes) < 1_440 else (0, BAD_ZONE)

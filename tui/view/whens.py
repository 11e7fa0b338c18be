"""Times as agents type them: `2h`, `3d`, `17:30`, `tomorrow`, `11-25 9:00`, 明日."""

import re
import unicodedata
from datetime import datetime, time, timedelta, tzinfo

MORNING = time(9, 0)
_UNITS = {"m": timedelta(minutes=1), "分": timedelta(minutes=1), "h": timedelta(hours=1), "時間": timedelta(hours=1)}
_DAYS = {"d": 1, "日": 1, "w": 7, "週": 7, "週間": 7}
_DAY_WORDS = {"today": 0, "今日": 0, "本日": 0, "tomorrow": 1, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2, "来週": 7}


def parse_when(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The moment meant, aware; None when it cannot be read or is not in the future.

    Minutes and hours count from now; days, weeks and dates without an hour mean nine in the morning. Full-width digits are read.
    """
    words = unicodedata.normalize("NFKC", text).strip().lower()
    local = now.astimezone(zone)
    found = _span(words, local) or _day(words, local) or _date(words, local)
    return found if found is not None and found > now else None


def _span(words: str, local: datetime) -> datetime | None:
    found = re.fullmatch(r"(\d{1,4})\s*(m|分|h|時間|d|日|w|週間|週)後?", words)
    if not found:
        return None
    n, unit = int(found[1]), found[2]
    if unit in _UNITS:
        return local + n * _UNITS[unit]
    return datetime.combine(local.date() + timedelta(days=n * _DAYS[unit]), MORNING, local.tzinfo)


def _day(words: str, local: datetime) -> datetime | None:
    day, _blank, hour = words.partition(" ")
    if day not in _DAY_WORDS:
        return _at_hour(words, local)
    at = _hour(hour) if hour else MORNING
    return None if at is None else datetime.combine(local.date() + timedelta(days=_DAY_WORDS[day]), at, local.tzinfo)


def _at_hour(words: str, local: datetime) -> datetime | None:
    at = _hour(words)
    if at is None:
        return None
    today = datetime.combine(local.date(), at, local.tzinfo)
    return today if today > local else today + timedelta(days=1)


def _hour(words: str) -> time | None:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})|(\d{1,2})時", words)
    if not found:
        return None
    hour, minute = int(found[1] or found[3]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _date(words: str, local: datetime) -> datetime | None:
    found = re.fullmatch(r"(?:(\d{4})[-/])?(\d{1,2})[-/](\d{1,2})(?:[ t](\S+))?", words)
    if not found:
        return None
    at = _hour(found[4]) if found[4] else MORNING
    if at is None:
        return None
    try:
        day = datetime(int(found[1] or local.year), int(found[2]), int(found[3]), at.hour, at.minute, tzinfo=local.tzinfo)
    except ValueError:
        return None
    return day if found[1] or day > local else day.replace(year=local.year + 1)

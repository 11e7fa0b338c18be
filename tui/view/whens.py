"""Times as agents type them: `2h`, `3d`, `17:30`, `tomorrow 9`, `monday`, `11-25 9:00`, 明日9時, 来週, 12月1日 10時."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

from tui.words import language

MORNING = time(9, 0)
_UNITS = {"m": timedelta(minutes=1), "min": timedelta(minutes=1), "分": timedelta(minutes=1), "h": timedelta(hours=1), "時間": timedelta(hours=1)}
_DAYS = {"d": 1, "日": 1, "w": 7, "週": 7, "週間": 7}
_DAY_WORDS = {
    "today": 0, "今日": 0, "本日": 0, "tomorrow": 1, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2, "nextweek": 7, "来週": 7,
}  # fmt: skip
_WEEKDAYS = (
    ("monday", "mon", "月曜日", "月曜"), ("tuesday", "tue", "火曜日", "火曜"), ("wednesday", "wed", "水曜日", "水曜"),
    ("thursday", "thu", "木曜日", "木曜"), ("friday", "fri", "金曜日", "金曜"), ("saturday", "sat", "土曜日", "土曜"),
    ("sunday", "sun", "日曜日", "日曜"),
)  # fmt: skip


def parse_when(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The moment meant, aware; None when it cannot be read or is not in the future.

    Minutes and hours count from now; days, weeks and dates without an hour mean nine in the morning. Full-width digits are read.
    """
    words = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()
    local = now.astimezone(zone)
    found = _span(words, local) or _day(words, local) or _date(words, local)
    return found if found is not None and found > now else None


def time_at_start(text: str, now: datetime, zone: tzinfo | None = None) -> tuple[datetime, str] | None:
    """The longest beginning that is a time, and what follows it: `tomorrow 9 asked the supplier`."""
    words = unicodedata.normalize("NFKC", text).split()
    for count in range(min(len(words), 3), 0, -1):
        at = parse_when(" ".join(words[:count]), now, zone)
        if at is not None:
            return at, " ".join(words[count:])
    return None


OFFERED = ("1h", "3h", "17:30", "tomorrow 9:00", "monday 9:00", "1w", "4w")
"""What is offered where a time is asked for."""
OFFERED_IN_JAPANESE = ("1時間", "3時間", "17:30", "明日9時", "月曜9時", "1週間", "4週間")


def offered_words() -> tuple[str, ...]:
    """The usual times as the agent would type them."""
    return OFFERED_IN_JAPANESE if language() == "ja" else OFFERED


def offered_times(now: datetime, zone: tzinfo | None = None) -> Sequence[tuple[str, datetime]]:
    """The usual times from now on in the agent's language, the soonest first; each can be typed as it is shown."""
    found = [(words, at) for words in offered_words() if (at := parse_when(words, now, zone)) is not None]
    return sorted(found, key=lambda each: each[1])


def _span(words: str, local: datetime) -> datetime | None:
    found = re.fullmatch(r"(?:\+|in )?(\d{1,4}) ?(m|min|分|h|時間|d|日|w|週間|週)後?", words)
    if not found:
        return None
    n, unit = int(found[1]), found[2]
    if unit in _UNITS:
        return local + n * _UNITS[unit]
    return datetime.combine(local.date() + timedelta(days=n * _DAYS[unit]), MORNING, local.tzinfo)


def _day(words: str, local: datetime) -> datetime | None:
    words = words.replace("next ", "next")
    for word, days in sorted(_named_days(local).items(), key=lambda each: -len(each[0])):
        if words.startswith(word):
            rest = words.removeprefix(word).removeprefix("の").strip()
            at = _hour(rest) if rest else MORNING
            return None if at is None else datetime.combine(local.date() + timedelta(days=days), at, local.tzinfo)
    return _at_hour(words, local)


def _named_days(local: datetime) -> dict[str, int]:
    """Days from today; a weekday is the next one, never today, and 来週の one is in the week that begins next Monday."""
    named = dict(_DAY_WORDS)
    for weekday, words in enumerate(_WEEKDAYS):
        next_week = 7 - local.weekday() + weekday
        for word in words:
            named[word] = (weekday - local.weekday() - 1) % 7 + 1
            named[f"next{word}" if word.isascii() else f"来週{word}"] = next_week
            named[f"来週の{word}"] = next_week
    return named


def _at_hour(words: str, local: datetime) -> datetime | None:
    at = _hour(words, alone=True)
    if at is None:
        return None
    today = datetime.combine(local.date(), at, local.tzinfo)
    return today if today > local else today + timedelta(days=1)


def _hour(words: str, *, alone: bool = False) -> time | None:
    """`9:30`, `9時`, `9時半`, `午後3時`, `3pm`, and behind a day `9`; `alone`: a number by itself is no hour."""
    found = re.fullmatch(r"(午前|午後)?(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)?( ?[ap]m)?", words)
    if not found or (alone and words.isdecimal()):
        return None
    hour, minute = int(found[2]), 30 if found[5] else int(found[3] or found[4] or 0)
    half = (found[6] or "").strip() or {"午前": "am", "午後": "pm"}.get(found[1] or "", "")
    if half:
        if hour > 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _date(words: str, local: datetime) -> datetime | None:
    found = re.fullmatch(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?(?:(?:(?<=日)|[ t]) ?(\S.*))?", words)
    if not found:
        return None
    at = _hour(found[4]) if found[4] else MORNING
    if at is None:
        return None
    try:
        day = datetime(int(found[1] or local.year), int(found[2]), int(found[3]), at.hour, at.minute, tzinfo=local.tzinfo)
        return day if found[1] or day > local else day.replace(year=local.year + 1)
    except ValueError:
        return None

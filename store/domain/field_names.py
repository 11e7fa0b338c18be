"""The merge fields that madoguchi fills itself, in English and Japanese, and dates that are reckoned in business days."""

import re
import unicodedata
from datetime import date, timedelta

ALIASES = {
    "customer": ("氏名", "お客様名", "顧客名"),
    "family_name": ("姓",),
    "agent": ("担当者", "担当者名"),
    "inbox": ("窓口", "窓口名"),
    "number": ("番号", "受付番号"),
}
"""The Japanese names of the fields."""

KNOWN_BY_DOMAIN = {"company": ("会社名",), "department": ("部署", "部署名")}
"""Fields of the team's own (`store.domain.field_values`) that go by two names."""

HOLIDAYS = frozenset({"休業日", "holidays"})
"""A field of the team's own: days that are no business days."""

DATES = ("date", "weekday", "日付", "期日", "曜日")
BUILT_IN = frozenset({*ALIASES, *(name for names in ALIASES.values() for name in names), *DATES})

_DATE = re.compile(rf"({'|'.join(DATES)})(?: *([+-]) *([0-9]{{1,3}}))?")
_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def as_named(text: str) -> str:
    """A field's name as it is looked up: full-width letters, digits and signs are the same as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


def date_field(name: str, today: date, holidays: frozenset[date]) -> str | None:
    """`date` 2026-11-27, `日付` 2026年11月27日, `期日` 11月27日（金）, `weekday` Friday, `曜日` 金曜日; with `+3` so many business days later.

    None: the name is none of these, or leads out of the calendar.
    """
    found = _DATE.fullmatch(name)
    if found is None:
        return None
    steps = int(found[3] or 0)
    try:
        day = business_day(today, -steps if found[2] == "-" else steps, holidays)
    except OverflowError:
        return None
    return {
        "date": f"{day:%Y-%m-%d}",
        "weekday": _DAYS_EN[day.weekday()],
        "日付": f"{day.year}年{day.month}月{day.day}日",
        "期日": f"{day.month}月{day.day}日（{_DAYS_JA[day.weekday()]}）",
        "曜日": f"{_DAYS_JA[day.weekday()]}曜日",
    }[found[1]]


def business_day(start: date, steps: int, holidays: frozenset[date]) -> date:
    """So many business days after `start` (before it, where negative): Saturdays, Sundays and holidays do not count.

    Raises:
        OverflowError: It leads out of the calendar.
    """
    step, day, left = timedelta(days=1 if steps >= 0 else -1), start, abs(steps)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in holidays
    return day


def family_name(name: str) -> str | None:
    """The family name in a Japanese name with a space, `佐藤 花子`; None where nobody can tell which part it is."""
    parts = name.split()
    if len(parts) != 2 or not all("\u3041" <= letter <= "\u9fff" or letter in "々〆ヶ" for part in parts for letter in part):
        return None
    return parts[0]


def days_in(text: str) -> frozenset[date]:
    """The dates of a field of holidays."""
    return frozenset(date.fromisoformat(day.strip()) for day in text.split(",") if day.strip())

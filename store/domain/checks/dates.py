"""Dates in a text: a weekday that is not that day's, and days that do not exist; Japanese (令和 too) and English."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from store.domain.checks.draft_text import CITED, DraftText
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.finding import ERROR, Finding

NEAR = timedelta(days=183)
"""A date without a year is the one within half a year of today."""
ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
DAYS_JA = "月火水木金土日"
DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")

_DAY_EN = r"(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?"
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_IN_PARENS = rf"\s*\((?P<w>[{DAYS_JA}])(?:曜日?)?(?:[・,]?祝日?)?\)|\s?[・,、]?\s?(?P<w2>[{DAYS_JA}])曜日?|\s*\((?P<w3>{_DAY_EN})\)"
_YEAR_JA = r"(?:(?P<era>令和|平成|[RH](?=\d))\s?(?P<ey>元|\d{1,2})年\s?|(?P<y>\d{4})年\s?|(?P<rel>昨年|去年|来年|翌年|一昨年|再来年)の?\s?)?"
_JA = re.compile(rf"(?<!\d){_YEAR_JA}(?P<m>\d{{1,2}})月\s?(?P<d>\d{{1,2}})日(?!間)(?:{_IN_PARENS})?")
_NUMBERS = re.compile(rf"(?<![\d/.\-])(?:(?P<y>\d{{4}})[/.\-](?P<m>\d{{1,2}})[/.\-](?P<d>\d{{1,2}})(?![\d/.\-]*[\dA-Za-z])(?:{_IN_PARENS})?)")
_SHORT = re.compile(rf"(?<![\d/.\-])(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})(?![\d/])(?:{_IN_PARENS})")
_YEAR_EN = r"(?:,?\s+(?P<y>\d{4})\b)?"
_BEHIND = rf"(?:\s*\((?P<w3>{_DAY_EN})\))?"
_DAY_FIRST = re.compile(
    rf"\b(?:(?P<w>{_DAY_EN}),?\s+(?:the\s+)?)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b\.?{_YEAR_EN}{_BEHIND}"
)
_MONTH_FIRST = re.compile(rf"\b(?:(?P<w>{_DAY_EN}),?\s+)?(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d){_YEAR_EN}{_BEHIND}")
_NOT_SAID = re.compile(rf"(?:https?://|www\.)\S+|{CITED.pattern}")
_PATTERNS = (_JA, _NUMBERS, _SHORT, _DAY_FIRST, _MONTH_FIRST)
_RELATIVE = {"昨年": -1, "去年": -1, "一昨年": -2, "来年": 1, "翌年": 1, "再来年": 2}


def wrong_days(_draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Every date that is none, or is another weekday than is said."""
    if facts.today is None:
        return
    for line in text.own:
        if not any(letter.isdigit() for letter in line.text):
            continue
        own = _NOT_SAID.sub(lambda left_out: " " * len(left_out[0]), line.narrow)
        for pattern in _PATTERNS:
            for match in pattern.finditer(own):
                found = _judged(match, facts.today)
                if found is not None:
                    code, words = found
                    yield Finding(code, ERROR, line.number, match.start() + 1, "body", (match[0].strip(), *words), len(match[0]))


def _judged(match: re.Match[str], today: date) -> tuple[str, tuple[str, ...]] | None:
    groups = match.groupdict()
    month, day = _month(groups["m"]), int(groups["d"])
    meant = _meant(_year(groups, today), month, day, today)
    if meant is None:
        return "impossible_date", ()
    said = next((groups[name] for name in ("w", "w2", "w3") if groups.get(name)), None)
    if said is None or _weekday(said) == meant.weekday():
        return None
    return "wrong_weekday", (DAYS_EN[meant.weekday()].capitalize(),)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(text.casefold()[:3]))


def _weekday(text: str) -> int:
    if text in DAYS_JA:
        return DAYS_JA.index(text)
    return next(number for number, name in enumerate(DAYS_EN) if name.startswith(text.casefold()[:3]))


def _year(groups: dict[str, str], today: date) -> int | None:
    if groups.get("era"):
        return ERAS[groups["era"]] + (1 if groups["ey"] == "元" else int(groups["ey"]))
    if groups.get("rel"):
        return today.year + _RELATIVE[groups["rel"]]
    return int(groups["y"]) if groups.get("y") else None


def _meant(year: int | None, month: int, day: int, today: date) -> date | None:
    """The day; without a year the one nearest to today. None: there is none such."""
    years = (year,) if year is not None else (today.year - 1, today.year, today.year + 1)
    days = [found for one in years if (found := _day(one, month, day)) is not None]
    if year is not None:
        return next(iter(days), None)
    near = [one for one in days if abs(one - today) <= NEAR]
    return min(near, key=lambda one: abs(one - today)) if near else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

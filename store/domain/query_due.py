"""By when: the ways a query names due times, which lie ahead as often as behind, and which moments that is.

As in `query_dates` a value keeps what was typed in one spelling until it is asked. But what says no year or direction is what is coming, or
the nearest: `friday` is the next one, `12-24` the one less than half a year away, `3d` the day in three days.
"""

from datetime import datetime, timedelta
from unicodedata import normalize

from store.domain.query_dates import MONTHS, WEEKDAYS, Span, between, moment_ago, read_age, read_when, span_of

NONE = "none"
OVERDUE = "overdue"
DUE = {NONE: NONE, "なし": NONE, OVERDUE: OVERDUE, "超過": OVERDUE, "期限切れ": OVERDUE}

_SIGNS = ("<=", ">=", "<", ">")
_AGO = "ago"
_DAYS = {"明後日": "2d", "あさって": "2d", "一昨日": f"2d{_AGO}", "おととい": f"2d{_AGO}"}
_HALF_A_YEAR = timedelta(days=182)


def read_due(value: str) -> str | None:
    """The one spelling of `overdue`, `none`, a day, a range, or `<` `<=` `>` `>=` and a day; None where it is none of these."""
    text = normalize("NFKC", value).strip().casefold().replace(" ", "")
    if text in DUE:
        return DUE[text]
    sign = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    if ".." in text:
        ends = [_read(end) if end else "" for end in text.split("..", 1)]
        return None if sign or None in ends or not any(ends) else "..".join(end or "" for end in ends)
    read = _read(text.removeprefix(sign))
    return None if read is None or (not sign and _is_moment(read)) else sign + read


def _is_moment(read: str) -> bool:
    """At which nothing is ever due: there is only before and after it."""
    return "T" in read or (read[0].isdigit() and read.removesuffix(_AGO).endswith("h"))


def _read(text: str) -> str | None:
    if text in _DAYS:
        return _DAYS[text]
    if text.endswith(("前", _AGO)):
        age = read_age(text)
        return None if age is None else age + _AGO
    # 2026年 and 12月1日 are dates, 3日後 is not.
    age = None if text.endswith(("年", "日")) else read_age(text.removeprefix("+").removesuffix("後"))
    return age or read_when(text)


def due_span(value: str, now: datetime) -> Span:
    """Which due times a value of `read_due` means at `now`, which says the zone; of `none` every one that is not meant."""
    if value == OVERDUE:
        return Span(None, now)
    if ".." in value:
        first, last = (_span(end, now) if end else Span(None, None) for end in value.split("..", 1))
        return between(first, last, value.rpartition("..")[2])
    sign = next((sign for sign in _SIGNS if value.startswith(sign)), "")
    span = _span(value.removeprefix(sign), now)
    return {"<": Span(None, span.start), "<=": Span(None, span.end), ">": Span(span.end, None), ">=": Span(span.start, None)}.get(sign, span)


def _span(value: str, now: datetime) -> Span:
    if value.endswith(_AGO):
        return span_of(value.removesuffix(_AGO), now)
    if value[:-1].isdigit() and value[-1] in "hdwmy":
        at = moment_ago(f"-{value}", now)
        # What lies behind the end of the calendar is as late as can be.
        at = at if at >= now else datetime.max.replace(tzinfo=now.tzinfo)
        return Span(at, at) if value[-1] == "h" else span_of("today", at)
    if value in WEEKDAYS:
        return span_of(value, now + timedelta(days=6))
    return span_of(value, now + _HALF_A_YEAR) if value in MONTHS or value[2:3] == "-" else span_of(value, now)

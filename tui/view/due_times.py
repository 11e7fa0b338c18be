"""By when a conversation is to be answered: as it is typed, and as it is said."""

from collections.abc import Mapping
from datetime import datetime

from store.domain.events import AnyEvent, DueSet
from store.domain.ids import MemberKey
from tui.view.ages import day_and_time
from tui.view.gate import clean
from tui.view.whens import parse_when
from tui.words import _

NO_TIME = frozenset({"none", "-", "なし", "無し"})
"""What is typed to say that there is no due time (any more)."""


def parse_due(text: str, now: datetime) -> datetime | None:
    """The moment meant, aware; None when it cannot be read, or is over. Written out as RFC 3339 it may be over."""
    try:
        return datetime.fromisoformat(text.strip()).astimezone() if "T" in text else parse_when(text, now)
    except (ValueError, OverflowError):
        return parse_when(text, now)


def no_due_time_words(text: str) -> str:
    """What was typed is none."""
    return _("{text} is no time ahead: say 2h, 17:30, tomorrow 9, 12-24 9:00, none.").format(text=clean(text))


def due_words(due_at: datetime, now: datetime) -> str:
    """`due 17:30`, or that it is over."""
    at = day_and_time(due_at, now)
    return _("due {at}").format(at=at) if due_at > now else _("overdue since {at}").format(at=at)


def due_set_words(event: AnyEvent, _names: Mapping[MemberKey, str]) -> str:
    """As a line of the timeline, which may be read in any year."""
    assert isinstance(event, DueSet)
    return _("no due time any more") if event.after is None else _("due by {at}").format(at=f"{event.after.astimezone():%Y-%m-%d %H:%M}")

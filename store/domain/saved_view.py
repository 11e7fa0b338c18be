"""A view: a query with a name, and how its list stands there. Those that everybody has; a team's and a member's own have the same shape."""

from enum import StrEnum
from unicodedata import normalize

import msgspec

from store.domain.query import VIEWS


class Sort(StrEnum):
    """What stands at the top."""

    NEWEST = "newest"
    OLDEST = "oldest"
    """Whose last mail is the oldest."""
    URGENCY = "urgency"
    """The most urgent, and of these the newest."""
    WAITING = "waiting"
    """Who waits longest for our answer; behind them, newest first, where nobody waits."""


class Grouping(StrEnum):
    """What a list is parted by."""

    NONE = "none"
    OWNER = "owner"
    STATUS = "status"
    DAY = "day"


class Arrangement(msgspec.Struct, frozen=True):
    """In which order a list stands, and whether it is parted."""

    sort: Sort = Sort.NEWEST
    group: Grouping = Grouping.NONE

    @property
    def is_plain(self) -> bool:
        """Newest first, in one piece: a day is no other order."""
        return self.sort is Sort.NEWEST and self.group in (Grouping.NONE, Grouping.DAY)


PLAIN = Arrangement()

CHOOSABLE = ("status", "urgency", "number", "owner", "customer", "presence", "age")
"""Columns that a view may leave out; the mark and the subject always stand there."""


class SavedView(msgspec.Struct, frozen=True):
    """`name` is what it is known by. `key`: the letter behind `g` that shows it, "" for none; `columns`: () for all."""

    name: str
    query: str
    key: str = ""
    sort: Sort = Sort.NEWEST
    group: Grouping = Grouping.NONE
    columns: tuple[str, ...] = ()
    retired: bool = False

    @property
    def id(self) -> str:
        """The name as it is compared: case and width make no other view."""
        return name_key(self.name)

    @property
    def arrangement(self) -> Arrangement:
        """How its list stands there."""
        return Arrangement(self.sort, self.group)


def name_key(name: str) -> str:
    """A name as it is compared."""
    return " ".join(normalize("NFKC", name).casefold().split())


BUILT_IN: tuple[SavedView, ...] = (
    SavedView("tray", VIEWS["tray"], "t"),
    SavedView("mine", VIEWS["mine"], "m"),
    SavedView("all", VIEWS["all"], "a"),
    SavedView("checks", "status:awaiting_check", "c"),
    SavedView("unowned", "is:unowned", "u"),
    SavedView("mentions", "is:mentioned", "n"),
    SavedView("hold", "is:waiting", "h"),
    SavedView("overdue", "due:overdue", "o"),
    SavedView("today", "due:today", "d"),
    SavedView("outbox", "is:outbox", "x"),
    SavedView("sent", "is:sent", "s"),
    SavedView("outside", "is:outside", "e"),
)
"""What everybody has, in the order of their number keys."""

RESERVED_LETTERS = frozenset({"g", "v", *(view.key for view in BUILT_IN)})
"""What `g` and a letter means already: the top, the choice of a view, and the views that everybody has."""

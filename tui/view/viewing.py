"""The views one can choose from: those that everybody has, the team's, one's own; and by which name, number or letter each is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.domain.query import QueryError, parse_query
from store.domain.saved_view import BUILT_IN, SavedView, name_key
from tui.view.commands.command import Command
from tui.view.commands.every import BY_NAME
from tui.view.gate import clean
from tui.words import _


class Whose(StrEnum):
    """Where a view comes from."""

    BUILT_IN = "built_in"
    TEAM = "team"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Listed:
    """A view as it can be chosen. `words`: what it is called on the screen."""

    view: SavedView
    whose: Whose
    words: str

    @property
    def id(self) -> str:
        """Tells it from all others: a member's own may be called like one of the team's."""
        return f"{self.whose}:{self.view.id}"


def built_in_words(name: str) -> str:
    """What a view that everybody has is called."""
    return {
        "tray": _("Work tray"),
        "mine": _("Mine"),
        "all": _("All"),
        "checks": _("Waiting for a check"),
        "unowned": _("Nobody's"),
        "mentions": _("I am named"),
        "hold": _("On hold"),
        "overdue": _("Overdue"),
        "today": _("Due today"),
        "outbox": _("Held back"),
        "sent": _("Mail we sent"),
        "outside": _("Answered elsewhere"),
    }[name]


def built_in_command(name: str) -> Command:
    """The command that shows a view that everybody has."""
    return BY_NAME[f"view-{name}"]


def built_in(name: str) -> Listed:
    """One of those that everybody has."""
    return next(Listed(view, Whose.BUILT_IN, built_in_words(name)) for view in BUILT_IN if view.name == name)


def listed_views(shared: Sequence[SavedView], own: Sequence[SavedView]) -> tuple[Listed, ...]:
    """All of them in the order of the side bar."""
    return (
        *(Listed(view, Whose.BUILT_IN, built_in_words(view.name)) for view in BUILT_IN),
        *(Listed(view, Whose.TEAM, clean(view.name)) for view in shared),
        *(Listed(view, Whose.OWN, clean(view.name)) for view in own),
    )


def view_named(views: Sequence[Listed], name: str) -> Listed | None:
    """The view meant by a name, as it is kept or as it is shown; of several one's own."""
    wanted = name_key(name)
    return next((one for one in reversed(views) if wanted in (one.view.id, name_key(one.words))), None)


def view_lettered(views: Sequence[Listed], letter: str) -> Listed | None:
    """The view behind `g` and a letter; of several one's own."""
    return next((one for one in reversed(views) if one.view.key == letter), None)


def problem_with_query(view: SavedView, own_statuses: Mapping[str, str]) -> QueryError | None:
    """Why its query cannot be asked (any more): a status it names may be gone."""
    try:
        parse_query(view.query, own_statuses=own_statuses)
    except QueryError as error:
        return error
    return None

"""Which list the desk shows: one of the three views, or what was searched for."""

from collections.abc import Coroutine
from typing import Protocol

from store.domain.query import VIEWS, Query, QueryError, parse_query
from tui.pager import Pager
from tui.screens.showing import Showing
from tui.session import Session
from tui.view.highlight import Matcher
from tui.view.keymap import Place
from tui.view.trouble import trouble_words
from tui.words import _


class Lists(Protocol):
    """The desk as this module sees it."""

    session: Session
    pager: Pager
    place: Place
    showing: Showing

    def say(self, words: str, tone: str = "notice") -> None: ...
    def go(self, place: Place) -> None: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...


def first_query(session: Session) -> Query:
    """The work tray."""
    return parse_query(VIEWS["tray"], me=session.me)


class Views:
    """Remembers which view to come back to."""

    def __init__(self, desk: Lists) -> None:
        self._desk = desk
        self.words = _("Work tray")
        self.matcher: Matcher | None = None
        self._home = "tray"

    def show(self, view: str) -> None:
        """One of the three, or `back` to the one before the search."""
        self._home = self._home if view == "back" else view
        words = {"tray": _("Work tray"), "mine": _("Mine"), "all": _("All")}[self._home]
        self.search(VIEWS[self._home], words)

    def search(self, query_text: str, words: str) -> None:
        """What a query finds; one that cannot be read is said."""
        desk = self._desk
        try:
            query = parse_query(query_text, me=desk.session.me)
        except QueryError as error:
            desk.say(trouble_words(error), "alarm")
            return
        # While it is typed a query is often none yet: what was said of it then is over.
        desk.showing.forget_toast()
        if desk.place is not Place.LIST:
            desk.go(Place.LIST)
        self.words = words
        desk.spawn(self._open(query))

    async def _open(self, query: Query) -> None:
        await self._desk.pager.open(query)
        self._desk.showing.count()

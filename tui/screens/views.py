"""Which list the desk shows: one of the views, or what was searched for; what is found is marked, and said in numbers."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Protocol

from textual.screen import Screen

from store.domain.query import VIEWS, Query, QueryError, parse_query, typing_query
from store.domain.saved_view import SavedView
from store.domain.team_facts import names_of_statuses
from store.local.arranged import SORTED, sorts_only_the_newest
from store.local.hits import Hit
from store.local.rows import ConversationRow
from store.local.search import Order
from store.sqlite.errors import ReadGivenUp
from tui.pager import Pager, Standing
from tui.screens.program import program_of
from tui.screens.shown_mail import ShownMail
from tui.screens.status_bar import StatusBar
from tui.session import Session
from tui.view.commands.command import Place
from tui.view.found import Found
from tui.view.gate import clean
from tui.view.hints import Hint, pointing_hint, words_hint
from tui.view.matching import query_matcher
from tui.view.parting import parting_of
from tui.view.query_words import count_words, query_error_words
from tui.view.rows import Reader
from tui.view.trouble import trouble_words
from tui.view.viewing import Listed, built_in
from tui.view_shelf import Look, ViewShelf, look_of
from tui.widgets.conversation_list import ConversationList
from tui.words import _

SNIPPETS = 120
"""Hits that are asked for a few words of their mail; the rows further down have none."""


class Lists(Protocol):
    """The desk as this module sees it."""

    session: Session
    pager: Pager
    place: Place
    status: StatusBar
    mail: ShownMail

    @property
    def list(self) -> ConversationList: ...
    @property
    def screen(self) -> Screen[object]: ...
    def say(self, words: str, tone: str = "notice") -> None: ...
    def hint(self, hint: Hint) -> None: ...
    def go(self, place: Place) -> None: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def reader(self) -> Reader: ...
    def views_changed(self) -> None: ...
    def stand_aside(self) -> None: ...


def first_query(session: Session) -> Query:
    """The work tray."""
    return parse_query(VIEWS["tray"], me=session.me)


class Views:
    """Remembers which view to come back to."""

    def __init__(self, desk: Lists) -> None:
        self._desk = desk
        self.shelf = ViewShelf(desk.session)
        self.current: Listed | None = built_in("tray")
        """The view that is shown; None while it is what was searched for."""
        self.look = look_of(built_in("tray").view)
        """How the list stands now."""
        self.query_text = "is:tray"
        self.words = _("Work tray")
        self.found: Found | None = None
        """What is marked in the list and in the mail."""
        self.is_home = True
        """Whether it is one of the three, whose length is known at once."""
        self._home = built_in("tray")
        self._typing = False
        self._is_cut = False
        self._left: Standing | None = None
        """Where one stood in the view from which one went to search."""
        self._asked = ""
        """What was searched for; "" while it is one of the three."""
        self._is_right = True
        """Whether what is typed now is a query."""
        self._looking: Future[tuple[Hit, ...]] | None = None

    @property
    def title(self) -> str:
        """Its name; and where only the newest lines are sorted, that it is so."""
        return _("{view} (the newest {n})").format(view=self.words, n=SORTED) if self._is_cut else self.words

    async def begin(self) -> None:
        """The member's own are read; the first list stands as it was looked at last."""
        try:
            await self.shelf.load()
        finally:
            self._desk.views_changed()
        if self.current is not None and self.shelf.look(self.current) != self.look:
            self.show_listed(self.current)

    def show(self, view: str) -> None:
        """One of those that everybody has, or `back` to the one before the search."""
        if view == "back":
            # Where one stood there: a look at something else is no way to the top.
            standing = self._desk.pager.standing if self.current is not None else self._left
            self.show_listed(self._home, standing=standing)
        else:
            self.show_listed(built_in(view))

    def show_listed(self, one: Listed, *, standing: Standing | None = None) -> None:
        """A view, as it was looked at last."""
        self.current = self._home = one
        self.look = self.shelf.look(one)
        self._ask(one.view.query, one.words, standing=standing)
        self._desk.views_changed()

    async def stand(self, look: Look) -> None:
        """The same list in another order or with other columns; of a view it is remembered."""
        self.look = look
        if self.current is not None:
            await self.shelf.remember(self.current, look)
        self._ask(self.query_text, self.words)

    def changed(self) -> None:
        """There is one more to choose from, or one less."""
        self._desk.views_changed()

    def best(self, query_text: str) -> None:
        """The same, or what is searched for now, with what answers best at the top instead of what is newest."""
        text = query_text or self._asked
        if text:
            self.search(text, _("best of: {words}").format(words=clean(text)), best=True)
        else:
            self._desk.say(_("Search first, with {key}.").format(key=self._desk.session.keys.shown("search")))

    def search(self, query_text: str, words: str, *, best: bool = False) -> None:
        """What a query finds; one that cannot be read is said."""
        self._unview()
        self._ask(query_text, words, best=best)

    def _unview(self) -> None:
        if self.current is not None:
            self._left = self._desk.pager.standing
            # What is searched for is found newest first, whatever the view stood like.
            self.current, self.look = None, look_of(SavedView("", "", columns=self.look.columns))
            self._desk.views_changed()

    def _ask(self, query_text: str, words: str, *, best: bool = False, standing: Standing | None = None) -> None:
        self._typing = False
        try:
            query = self._parse(query_text)
        except QueryError as error:
            # A view may name what there is no more; the list before it stays.
            self._desk.say(trouble_words(error), "alarm")
            return
        self.query_text = query_text
        self._begin(query, query_text, words, best=best, standing=standing)

    def _parse(self, query_text: str) -> Query:
        return parse_query(query_text, me=self._desk.session.me, own_statuses=names_of_statuses(self._desk.session.team))

    def refusal(self, query_text: str) -> Hint | None:
        """What is wrong with a query that is to be asked, and where; None: nothing."""
        try:
            self._parse(query_text)
        except QueryError as error:
            return pointing_hint(query_error_words(error), query_text, error.position) if query_text.strip() else None
        return None

    def typing(self, query_text: str) -> None:
        """The same while it is still typed: what is found so far, or below the line what is wrong and where."""
        self._typing = True
        try:
            query = typing_query(query_text, me=self._desk.session.me, own_statuses=names_of_statuses(self._desk.session.team))
        except QueryError as error:
            # What was found before stays: while it is typed a query is often none yet. How many that are is not said of this one.
            self._is_right = False
            self._desk.hint(pointing_hint(query_error_words(error), query_text, error.position))
            return
        self._unview()
        self.query_text = query_text
        self._begin(query, query_text, _("search: {words}").format(words=query_text))

    def _begin(self, query: Query, query_text: str, words: str, *, best: bool = False, standing: Standing | None = None) -> None:
        desk = self._desk
        desk.status.forget_toast()
        desk.stand_aside()
        if desk.place is not Place.LIST:
            desk.go(Place.LIST)
        self.words, self.query_text = words, query_text
        self.is_home, self._is_right = query_text in VIEWS.values(), True
        self._asked = "" if self.is_home else query_text
        self._is_cut = not best and sorts_only_the_newest(query, self.look.arrangement)
        self.found = Found(query) if query_matcher(query) is not None else None
        # Its own, for what is typed may ask the same: that list must not release the keys that wait for this one.
        opening = object()
        if not self._typing:
            # A key that comes now is meant for the new list: done to the old one it would be done to another customer.
            program_of(desk.screen).hold_keys(opening)
        desk.spawn(self._open(query, self.found, opening, best=best, standing=standing))

    async def only(self, row: ConversationRow) -> None:
        """One conversation alone, from wherever one came; Esc goes back to the view."""
        self._unview()
        self.words, self.found, self.is_home = f"#{row.number}" if row.number else _("one alone"), None, False
        self.query_text = f"number:{row.number}"
        self._desk.list.found = None
        await self._desk.pager.open_on(row)
        self._desk.status.count()

    async def _open(self, query: Query, found: Found | None, opening: object, *, best: bool, standing: Standing | None) -> None:
        desk = self._desk
        # Before the rows are there: they come marked.
        desk.list.found, desk.list.chosen_columns = found, self.look.columns
        try:
            parting = parting_of(self.look.group, desk.reader)
            newest = await desk.pager.open(query, best=best, arrangement=self.look.arrangement, parting=parting, standing=standing)
        finally:
            program_of(desk.screen).release_keys(opening)
        if not newest:
            return
        desk.status.count()
        if found is not None:
            await self._find_snippets(query, found, Order.RELEVANCE if best else Order.NEWEST)

    async def _find_snippets(self, query: Query, found: Found, order: Order) -> None:
        """Where the subject does not say why a conversation is here, a few words of its mail do; they come behind the list."""
        store = self._desk.session.store
        if self._looking is not None:
            self._looking.cancel()
        self._looking = store.ask(lambda: store.search(query, limit=SNIPPETS, order=order), priority=-1)
        try:
            hits = await asyncio.wrap_future(self._looking)
        except ReadGivenUp:
            return
        if self.found is not found:
            return
        snippets: dict[str, str] = {}
        for hit in hits:
            snippets.setdefault(hit.conversation_id, hit.snippet)
        self.found = self._desk.list.found = found.with_snippets(snippets)
        self._desk.list.show(self._desk.pager.window)

    def counted(self, count: int) -> None:
        """How many there are, which is known after they are shown; above `MANY` only that there are more."""
        if self._typing and self._is_right:
            self._desk.hint(words_hint(count_words(count)))

    def typed(self) -> None:
        """The line is closed."""
        self._typing = False

"""The desk as far as it is a list: what stands in it, what is known beside its rows, and which view it is."""

import gc
from dataclasses import replace
from datetime import timedelta

from store.domain.query import moves_with_time
from store.local.rows import ConversationRow
from tui.explained import waits_of
from tui.screens.showing import Showing
from tui.screens.shown_mail import ShownMail
from tui.screens.side_bar import SideBar
from tui.screens.views import Views
from tui.screens.working_screen import WorkingScreen
from tui.session import Session
from tui.view.commands.command import Place
from tui.view.highlight import Matcher
from tui.view.honorific import honorific_for
from tui.view.rows import Reader
from tui.view.window import Window

MOMENT = timedelta(seconds=10)
"""Ages and due times may be so far behind when the list is read again; once a minute they are level."""


class ListingScreen(WorkingScreen):
    """The part of the desk that keeps its list as the store has it."""

    session: Session
    place: Place
    mail: ShownMail
    showing: Showing
    views: Views
    side_bar: SideBar

    def reader(self) -> Reader:
        """Who looks at the list, now."""
        session = self.session
        known, honorific = self.showing.elsewhere.known, honorific_for(session.settings.screen.honorific)
        waits = waits_of(session.settings)
        return Reader(session.me, session.names, session.clock.now(), known, session.statuses, honorific, waits)

    def show_window(self, window: Window[ConversationRow]) -> None:
        """The list stands otherwise."""
        before = self.list.window.selected
        if not window.rows:
            self.list.empty_words = self.status.empty_words()
        self.list.show(window, self._recent_reader() if window.rows is not self.list.window.rows else None)
        if self.is_wide and (before is None or window.selected is None or before.id != window.selected.id):
            self.mail.look_soon()
        self.showing.rows(window.shown)
        self.status.moved()
        self.read_on()
        self.rest_soon()

    def _recent_reader(self) -> Reader:
        """The one of a moment ago, where it differs by the moment alone: every line that was laid out for it stands."""
        before, now = self.list.reader, self.reader()
        is_recent = now.now - before.now < MOMENT and replace(before, now=now.now) == now and before.also_in is now.also_in
        return before if is_recent else now

    def show_anew(self) -> None:
        """The same rows; what is known beside them may be another."""
        self.list.show(self.pager.window, self.reader())
        self.side_bar.counts.soon()

    def time_goes_by(self) -> None:
        """Ages, and what a due time or another moment puts into this list, or takes out of it."""
        self.show_anew()
        if not self.is_at_work():
            # See `tui.starting`: whoever types would feel it.
            gc.collect()
        if moves_with_time(self.pager.query):
            self.spawn(self.pager.refresh())

    def show_emptiness(self) -> None:
        """Why the list is empty may be another reason now."""
        self.list.show_emptiness(self.status.empty_words())

    def read_on(self) -> None:
        """Load more rows where the edge is near."""
        if self.pager.near_edge():
            self.spawn(self.pager.read_on())

    # Which list it is.

    def show_view(self, query_text: str, words: str) -> None:
        """What a query finds."""
        self.views.search(query_text, words)

    @property
    def matcher(self) -> Matcher | None:
        """Where what the list was searched for stands in a text."""
        return self.views.found.matcher if self.views.found is not None else None

    @property
    def view_words(self) -> str:
        """The list's name."""
        return self.views.title

    def views_changed(self) -> None:
        """Another view is shown, or there is another to choose from."""
        self.side_bar.changed()

    def stand_aside(self) -> None:
        """A list is read: what is counted meanwhile would be in its way."""
        self.side_bar.counts.stand_aside()

    def recount(self, *, everything: bool) -> None:
        """The store has news: of the team, where it is of everything."""
        if everything:
            self.side_bar.changed()
        else:
            self.side_bar.counts.soon()

    def counted(self, count: int) -> None:
        """So many are in the list."""
        self.views.counted(count)

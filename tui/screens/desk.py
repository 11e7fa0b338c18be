"""The desk: the list, the reading pane, the comments. It shows the store and asks for commands; what they do is in `tui.actions`."""

import asyncio

from textual import events
from textual.app import ComposeResult

from mailsync.link.outcome import LinkState
from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.local.rows import ConversationRow
from tui.acted import Acted
from tui.actions.next_best import give_back
from tui.calling import Calling, Terminal
from tui.composing import Composing
from tui.opened import Opened, read_opened
from tui.pager import Pager
from tui.screens.arranging import Arranging
from tui.screens.commanding import Commands
from tui.screens.composer_opening import show_composer
from tui.screens.help import HelpScreen
from tui.screens.listing_screen import ListingScreen
from tui.screens.panes import suit
from tui.screens.program import ANSWER, program_of
from tui.screens.showing import Showing
from tui.screens.shown_mail import ShownMail
from tui.screens.side_bar import SideBar
from tui.screens.status_bar import StatusBar
from tui.screens.touring import Guide
from tui.screens.views import Views, first_query
from tui.session import Session
from tui.view.availability import Situation
from tui.view.beside import Beside
from tui.view.commands.command import Place
from tui.view.helping import help_lines
from tui.widgets.conversation_list import ConversationList
from tui.widgets.lines_pane import LinesPane
from tui.widgets.one_line import OneLine
from tui.widgets.prompt import Prompt
from tui.widgets.room import Room
from tui.words import _

AGES_SECONDS = 60.0


class DeskScreen(ListingScreen):
    """Keys in, commands out; changes of the store in, repaints out."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.place = Place.LIST
        self.unfolded = False
        self.beside = Beside.COMMENTS
        self.thrown: tuple[Draft, int] | None = None
        self.mail = ShownMail(self)
        self.status = StatusBar(self)
        self.calling = Calling(session, Terminal(lambda data: program_of(self).call_user(data), lambda words: program_of(self).entitle(words)))
        self.showing = Showing(self)
        self.views = Views(self)
        self.panes = Arranging(self)
        self.side_bar = SideBar(self)
        self.commands = Commands(self)
        self.guide = Guide(self)
        self.pager = Pager(session.store, first_query(session), self.show_window, session.first_window, self.is_at_work, self.is_untouched)
        self._read_first = False

    def compose(self) -> ComposeResult:
        """Banner, panes, toast, status bar, prompt."""
        # Before the first layout: another one would be painted first.
        suit(self, self.app.size)
        yield OneLine(id="banner")
        with Room(id="panes"):
            yield LinesPane(id="side")
            yield ConversationList(self.pager.window, self.reader(), id="list")
            with Room(id="right"):
                yield LinesPane(id="reading", divider=self.is_wide)
                yield LinesPane(id="comments", divider=self.is_wide)
        yield OneLine(id="bar")
        yield Prompt(id="prompt")

    @property
    def row(self) -> ConversationRow | None:
        """The conversation under the cursor."""
        return self.pager.window.selected

    @property
    def situation(self) -> Situation:
        """What decides which commands make sense."""
        session = self.session
        # Mail that is here can be searched, whatever became of the settings.
        role, has_inbox = session.role_at(self.row), bool(session.settings.inboxes) or self.row is not None
        return Situation(self.row, session.me, session.has_team, session.connected, bool(self.marks), role, has_inbox)

    # Life.

    def on_mount(self) -> None:
        """The first page; what follows begins when it is on the screen."""
        self.panes.suit()
        self.list.focus()
        self.list.is_marked = lambda row: self.marks.has(row, self.pager.query)
        self.status.paint()
        program_of(self).on_leaving(self.session.store.changes.subscribe(self.showing.changed_from_any_thread))
        self.set_interval(AGES_SECONDS, self.time_goes_by)

    def on_conversation_list_pointed(self, message: ConversationList.Pointed) -> None:
        """The mouse: a click goes to a line, one on the line one is at opens it. What is being typed is for the line it was begun at."""
        self.hands_on()
        window = self.pager.window
        if self.query_one(Prompt).is_open:
            return
        if message.by:
            self.pager.show(window.moved(message.by))
        elif window.top + message.row == window.cursor:
            self.perform("enter")
        elif window.top + message.row < len(window.rows):
            if self.place is not Place.LIST:
                self.go(Place.LIST)
            self.pager.show(window.placed(window.top + message.row))

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """The mouse: a view of the side bar is shown, another pane is gone to."""
        self.hands_on()
        if self.query_one(Prompt).is_open:
            return
        if message.pane is self.side:
            self.side_bar.click(message.row)
            return
        place = Place.READING if message.pane is self.reading else Place.COMMENTS
        if self.mail.opened is not None and place is not self.place:
            self.go(place)

    def on_conversation_list_resized(self, message: ConversationList.Resized) -> None:
        """So many lines fit: the first time, read the first page."""
        first, self._read_first = not self._read_first, True
        self.pager.window = self.pager.window.resized(message.height)
        self.list.show(self.pager.window)
        if first:
            self.spawn(self._first_page())
        else:
            self.read_on()

    async def _first_page(self) -> None:
        try:
            # An empty list would be painted first; one that stands there already is only brought up to date.
            with self.app.batch_update():
                await (self.pager.refresh() if self.pager.window.rows else self.pager.open(self.pager.query))
            self.status.count()
            self.spawn(self.showing.notices.begin())
            self.spawn(self.panes.begin())
            self.spawn(self.calling.look())
            self.spawn(self.views.begin())
        finally:
            self.call_after_refresh(program_of(self).first_page_is_shown)

    def on_resize(self, event: events.Resize) -> None:
        """Another layout at another width."""
        suit(self, event.size)
        self.panes.suit()
        self.spawn(self.panes.begin())
        self.reading.divider = self.comments.divider = self.is_wide
        self.call_after_refresh(self.status.paint)
        self.call_after_refresh(self.side_bar.changed)
        self.call_after_refresh(self.look)

    # Keys and commands.

    def hear_key(self, event: events.Key) -> bool:
        """Every key, from the app itself: through the widgets' queues the next key would overtake what this one asks for.

        False: somebody is typing at the bottom; it is for them.
        """
        if self.query_one(Prompt).is_open:
            if event.key in ("enter", "escape"):
                # The field hears of it by a message of its own; what is typed ahead is for whatever comes of the answer.
                program_of(self).hold_keys(ANSWER)
            return False
        self.hands_on()
        self.commands.hear_key(event)
        return True

    def perform(self, name: str, argument: str = "") -> None:
        """Do a command by its name, or say why not."""
        self.commands.perform(name, argument)

    # What actions ask of it.

    def before_asking(self) -> None:
        """What was said stands in the way of the line."""
        self.status.forget_toast()

    def after_asking(self) -> None:
        """Back to where one was."""
        self.go(self.place)

    async def read(self, conversation_id: ConversationId) -> Opened | None:
        """A conversation from the store, in the charsets that were chosen."""
        opened = await asyncio.wrap_future(self.session.store.ask(lambda: read_opened(self.session.store, conversation_id)))
        return self.mail.as_read(opened) if opened is not None else None

    def go(self, place: Place) -> None:
        """Move the focus, and at a narrow terminal the pane that is shown."""
        self.place = place
        self.panes.focus_moved()
        if not self.query_one(Prompt).is_open:
            # A search shows its list while it is still typed.
            {Place.LIST: self.list, Place.READING: self.reading}.get(place, self.comments).focus()
        self.mail.talk.entered()
        self.status.paint()
        if place is Place.LIST:
            give_back(self)
        if place is Place.LIST and not self.is_wide:
            self.showing.left_conversation()

    def look(self, *, anew: bool = False) -> None:
        """Show the conversation under the cursor where it is read."""
        if self.place is not Place.LIST or self.is_wide:
            self.mail.look(anew=anew)

    def panes_changed(self) -> None:
        """The panes stand otherwise."""
        self.side_bar.changed()
        self.call_after_refresh(self.status.paint)
        self.call_after_refresh(self.look)

    def show_help(self) -> None:
        """What works here."""
        place, situation, keys = self.place, self.situation, self.session.keys
        self.app.push_screen(
            HelpScreen(
                _("What works here (type to search, PgDn and PgUp turn, Esc leaves)"),
                lambda typed, width: help_lines(place, situation, typed=typed, keys=keys, width=width),
            )
        )

    def shown(self, before: Opened | None, *, anew: bool) -> None:
        """The conversation that is read is laid out; where the list still stands in its place, they change now, in one frame."""
        if self.place is not Place.LIST and not self.has_class("-reading"):
            self.go(self.place)
        if self.mail.opened is not None:
            if self.reserved is not None and self.reserved.conversation_id != self.mail.opened.row.id:
                give_back(self)
            self.showing.read(before, self.mail.opened, anew=anew)

    async def open_composer(self, composing: Composing) -> None:
        """Write; comes back when it is on the screen."""
        # From here on the lease is the composer's.
        self.reserved = None
        await show_composer(self, composing, lambda words: self._composer_left(words, composing))
        program_of(self).release_keys()

    def _composer_left(self, words: str | None, composing: Composing) -> None:
        self.thrown = (composing.thrown_away, len(self.acted_on)) if composing.thrown_away else None
        draft = composing.draft
        if draft.submission_id is not None:
            # Wherever one has gone on to: u is about this mail first.
            self.acted_on.append((Acted(draft.conversation_id, submission=draft.submission_id),))
        if words:
            self.status.composer_left(words, draft)
        self.go(self.place)
        self.look()

    # What it hears.

    def on_link_state(self, state: LinkState) -> None:
        """The server came or went."""
        self.session.line_changed(state)
        self.status.paint()
        self.showing.banner()
        if state.connected and not state.queued:
            self.status.nothing_waits()
        if state.connected:
            # A verb in this home may have brought the store level while we were away: then no event will come for it.
            self.spawn(self.pager.refresh())
            self.look()

"""The desk: the list, the reading pane, the comments. It shows the store and asks for commands; what they do is in `tui.actions`."""

import asyncio
from collections.abc import Callable, Coroutine

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from mailsync.link.link import LinkState
from store.domain.commands import AgentCommand
from store.domain.ids import ConversationId
from store.domain.query import VIEWS, Query, QueryError, parse_query
from store.domain.refusals import AnyRefusal
from store.errors import MadoError
from store.local.rows import ConversationRow
from tui.actions.moving import MOVES
from tui.actions.registry import DEEDS
from tui.composing import Composing
from tui.opened import Opened, read_opened
from tui.pager import Pager
from tui.screens.asking import answer_of
from tui.screens.composer import Composer
from tui.screens.help import HelpScreen
from tui.screens.picker import Picker, Picking
from tui.screens.program import program_of
from tui.screens.showing import Showing
from tui.session import Session
from tui.view.availability import Situation, why_not
from tui.view.helping import help_lines
from tui.view.keymap import BY_NAME, Place, hear
from tui.view.refusals import refusal_words
from tui.view.rows import Reader
from tui.view.trouble import trouble_words
from tui.view.window import Window
from tui.widgets.conversation_list import ConversationList
from tui.widgets.lines_pane import LinesPane
from tui.widgets.one_line import OneLine
from tui.widgets.prompt import Prompt
from tui.words import _

WIDE = 160
LOW = 12
PREVIEW_SECONDS = 0.12
"""With the mail beside the list, a run of `j` shows the last one only: each would repaint half the screen."""
AGES_SECONDS = 60.0
ASKING = frozenset({"search", "command", "comment", "assign", "status", "done", "reply", "reply-all"})
"""Commands that put a question or the composer on the screen: keys typed meanwhile are for it."""
HERE = frozenset({"top", "bottom", "view-tray", "view-mine", "view-all", "redraw", "suspend", "quit"})
"""The commands of the key map that the desk does itself."""


class DeskScreen(Screen[None]):
    """Keys in, commands out; changes of the store in, repaints out."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.place = Place.LIST
        self.unfolded = False
        self.with_timeline = False
        self.acted_on: list[ConversationId] = []
        self.showing = Showing(self)
        self.pager = Pager(session.store, parse_query(VIEWS["tray"], me=session.me), self._show_window)
        self._view_words = _("Work tray")
        self._view_query = VIEWS["tray"]
        self._home_view = (self._view_query, self._view_words)
        self._waiting_key = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def compose(self) -> ComposeResult:
        """Banner, panes, toast, status bar, prompt."""
        yield OneLine(id="banner")
        with Horizontal(id="panes"):
            yield ConversationList(self.reader(), id="list")
            with Horizontal(id="right"):
                yield LinesPane(id="reading")
                yield LinesPane(id="comments")
        yield OneLine(id="bar")
        yield Prompt(id="prompt")

    # What it is made of.

    @property
    def list(self) -> ConversationList:
        """The list."""
        return self.query_one("#list", ConversationList)

    @property
    def reading(self) -> LinesPane:
        """The mail."""
        return self.query_one("#reading", LinesPane)

    @property
    def comments(self) -> LinesPane:
        """The comments, or the timeline."""
        return self.query_one("#comments", LinesPane)

    @property
    def row(self) -> ConversationRow | None:
        """The conversation under the cursor."""
        return self.pager.window.selected

    def reader(self) -> Reader:
        """Who looks at the list, now."""
        return Reader(self.session.me, self.session.names, self.session.clock.now())

    def situation(self) -> Situation:
        """What decides which commands make sense."""
        return Situation(self.row, self.session.me, self.session.has_team, self.session.connected)

    # Life.

    def on_mount(self) -> None:
        """The first page; what follows begins when it is on the screen."""
        self.list.focus()
        self.showing.bar()
        unsubscribe = self.session.store.changes.subscribe(self.showing.changed_from_any_thread)
        program_of(self).on_leaving(unsubscribe)
        self.set_interval(AGES_SECONDS, lambda: self.list.show(self.pager.window, self.reader()))

    def on_conversation_list_resized(self, message: ConversationList.Resized) -> None:
        """So many lines fit: the first time, read the first page."""
        first = self.pager.window.height == 1
        self.pager.window = self.pager.window.resized(message.height)
        self.list.show(self.pager.window)
        if first:
            self.spawn(self._first_page())
        else:
            self.read_on()

    async def _first_page(self) -> None:
        with self.app.batch_update():
            # An empty list would be painted first.
            await self.pager.open(self.pager.query)
        self.showing.count()
        self.showing.offer_drafts()
        self.call_after_refresh(lambda: program_of(self).first_page_is_shown())

    def on_resize(self, event: events.Resize) -> None:
        """Another layout at another width."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.width < 60, "-narrow")
        self.set_class(event.size.height < LOW, "-low")
        self.reading.divider = self.comments.divider = event.size.width >= WIDE
        self.call_after_refresh(self.showing.bar)
        self.call_after_refresh(self.look)

    @property
    def is_wide(self) -> bool:
        """Whether list and mail stand side by side."""
        return self.size.width >= WIDE

    # Keys and commands.

    def hear_key(self, event: events.Key) -> bool:
        """Every key, from the app itself: through the widgets' queues the next key would overtake what this one asks for.

        False: somebody is typing at the bottom; it is for them.
        """
        if self.query_one(Prompt).is_open:
            return False
        key = event.character if event.character and event.is_printable and event.character != " " else event.key
        heard = hear(key, self._waiting_key, self.place)
        self._waiting_key = heard.waiting
        if heard.command is not None:
            self.perform(heard.command.name)
        return True

    def perform(self, name: str, argument: str = "") -> None:
        """Do a command by its name, or say why not."""
        command = BY_NAME.get(name)
        reason = why_not(command, self.situation()) if command else None
        if reason is not None:
            self.say(reason)
        elif name in MOVES:
            self.showing.forget_toast()
            MOVES[name](self)
        elif name in DEEDS:
            self._do(name, argument)
        else:
            self._perform_here(name)

    def _do(self, name: str, argument: str) -> None:
        if name not in ASKING:
            self.spawn(DEEDS[name](self, argument))
            return
        program_of(self).hold_keys()
        self.spawn(DEEDS[name](self, argument)).add_done_callback(lambda _task: program_of(self).release_keys())

    def _perform_here(self, name: str) -> None:
        match name:
            case "top" | "bottom":
                self._to_edge(end=name == "bottom")
            case "view-tray":
                self.show_view(VIEWS["tray"], _("Work tray"), home=True)
            case "view-mine":
                self.show_view(VIEWS["mine"], _("Mine"), home=True)
            case "view-all":
                self.show_view(VIEWS["all"], _("All"), home=True)
            case "view-back":
                self.show_view(*self._home_view)
            case "redraw":
                program_of(self).paint_anew()
            case "suspend":
                self.app.action_suspend_process()
            case "quit":
                program_of(self).leave_in_order()

    def _to_edge(self, *, end: bool) -> None:
        if self.place is Place.LIST:
            self.spawn(self.pager.to_edge(end=end))
        else:
            (self.comments if self.place is Place.COMMENTS else self.reading).to_edge(end=end)

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run it beside the keys; trouble is said, a bug ends the program in order."""
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, MadoError):
            self.say(trouble_words(error), "alarm")
        elif error is not None:
            program_of(self).crash(error)

    # What actions ask of it.

    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence above the status bar."""
        self.showing.toast(words, tone)

    async def ask_line(self, label: str, *, initial: str = "", typed: Callable[[str], None] | None = None, words: tuple[str, ...] = ()) -> str | None:
        """One line typed at the bottom."""
        self.showing.forget_toast()
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.query_one(Prompt).ask(
            label, lambda value: None if answered.done() else answered.set_result(value), initial=initial, typed=typed, words=words
        )
        # The field gets the focus by a message of its own; what was typed ahead must come behind it.
        self.app.call_later(program_of(self).release_keys)
        value = await answered
        self.go(self.place)
        return value

    async def choose(self, picking: Picking) -> str | None:
        """The key of what was picked."""
        return await answer_of(self, Picker(picking))

    async def read(self, conversation_id: ConversationId) -> Opened | None:
        """A conversation from the store."""
        return await asyncio.wrap_future(self.session.store.ask(lambda: read_opened(self.session.store, conversation_id)))

    def go(self, place: Place) -> None:
        """Move the focus, and at a narrow terminal the pane that is shown."""
        self.place = place
        self.set_class(place is not Place.LIST, "-reading")
        {Place.LIST: self.list, Place.READING: self.reading}.get(place, self.comments).focus()
        self.showing.bar()
        if place is Place.LIST and not self.is_wide:
            self.showing.left_conversation()

    def look(self, *, anew: bool = False) -> None:
        """Show the conversation under the cursor where it is read."""
        if self.place is not Place.LIST or self.is_wide:
            self.showing.look(anew=anew)

    def show_view(self, query_text: str, words: str, *, home: bool = False) -> None:
        """Another list; a query that cannot be read is said."""
        try:
            query = parse_query(query_text, me=self.session.me)
        except QueryError as error:
            self.say(trouble_words(error), "alarm")
            return
        if home:
            self._home_view = (query_text, words)
        if self.place is not Place.LIST:
            self.go(Place.LIST)
        self._view_words, self._view_query = words, query_text
        self.spawn(self._open_view(query))

    async def _open_view(self, query: Query) -> None:
        await self.pager.open(query)
        self.showing.count()

    @property
    def view_words(self) -> str:
        """The list's name."""
        return self._view_words

    def show_help(self) -> None:
        """What works here."""
        place, situation = self.place, self.situation()
        self.app.push_screen(
            HelpScreen(_("What works here (type to search, Esc leaves)"), lambda typed, _width: help_lines(place, situation, typed=typed))
        )

    def show_raw(self) -> None:
        """The raw source of the last message."""
        self.showing.raw()

    def open_composer(self, composing: Composing) -> None:
        """Write."""
        self.app.push_screen(Composer(composing, self.is_wide), self._composer_left)
        self.app.call_later(program_of(self).release_keys)

    def _composer_left(self, words: str | None) -> None:
        if words:
            self.say(words)
        self.go(self.place)
        self.look()

    # What it hears.

    def _show_window(self, window: Window[ConversationRow]) -> None:
        before = self.list.window.selected
        if not self.list.window.rows and not window.rows:
            self.list.empty_words = self.showing.empty_words()
        self.list.show(window, self.reader() if window.rows is not self.list.window.rows else None)
        if self.is_wide and (before is None or window.selected is None or before.id != window.selected.id):
            self.showing.look_soon(PREVIEW_SECONDS)
        self.read_on()

    def read_on(self) -> None:
        """Load more rows where the edge is near."""
        if self.pager.near_edge():
            self.spawn(self.pager.read_on())

    def on_link_state(self, _state: LinkState) -> None:
        """The server came or went."""
        self.showing.bar()
        self.showing.banner()

    def on_queued_refusal(self, _command: AgentCommand, refusal: AnyRefusal) -> None:
        """Something queued earlier was refused."""
        words = refusal_words(refusal, self.session.names, self.session.clock.now())
        self.say(_("Queued earlier, and refused: {words}").format(words=words), "alarm")

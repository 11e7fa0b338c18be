"""The app: it opens the home, shows the desk, and whatever ends it, nothing that was written is lost."""

import asyncio
import time
from collections.abc import Callable

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.geometry import Size
from textual.message_pump import MessagePump
from textual.screen import Screen

from store.errors import MadoError
from store.local.wiping import Written
from tui.crash import write_report
from tui.driver import MadoDriver
from tui.first_picture import FirstPicture
from tui.keyboard import Done, Keyboard, Typed, apart
from tui.painting import difference
from tui.screens.composer import Composer
from tui.screens.desk import DeskScreen
from tui.screens.picker import Dialog
from tui.screens.program import QUESTION
from tui.screens.templates import TemplatePicker
from tui.session import Listener, Session
from tui.standing import Standing
from tui.starting import start
from tui.taking import Taken
from tui.telling import listener
from tui.view.keys.keymap import KeyMap
from tui.view.look import Look
from tui.view.memory import TerminalMemory
from tui.view.pace import Pace

HALF_BUILT_SECONDS = 0.02
"""How soon to ask again whether the desk stands."""


class Mado(Standing):
    """One terminal at work."""

    CSS_PATH = "styles/desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "mado"
    BINDINGS = []  # noqa: RUF012 - Textual reads it as a plain class attribute; its own ^Q and ^C would leave without saving

    def __init__(self, session: Session, taken: Taken | None = None, picture: FirstPicture | None = None) -> None:
        self.pace = Pace()
        """Of the line to the terminal; the driver looks for the answers."""
        self._is_behind = False
        super().__init__(driver_class=MadoDriver)
        self.session = session
        session.on_bug = self.crash
        session.to_terminal = self._to_terminal
        self.taken = taken
        """The terminal, when it was taken before; the driver goes on with it."""
        self.desk: DeskScreen | None = None
        self.crashed: str | None = None
        """What went wrong, in words, when a bug ended the program."""
        self.left_behind: tuple[Written, ...] | None = None
        """What was being written when access to the team ended; None: it has not."""
        self._leaving: list[Callable[[], None]] = []
        self._started = False
        self._keyboard = Keyboard(self._hear, self.call_later)
        self.memory = picture.memory if picture else TerminalMemory()
        self._painted_size = Size(picture.columns, picture.lines) if picture else self.size

    @property
    def keys(self) -> KeyMap:
        """Which key asks for what, for whoever sits here."""
        return self.session.keys

    @property
    def look(self) -> Look:
        """Colours and signs."""
        return self.session.look

    def get_default_screen(self) -> DeskScreen:
        """The desk; a screen below it would be painted first."""
        self.theme = "ansi-dark"
        self.desk = DeskScreen(self.session)
        return self.desk

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Textual's way to the terminal; only what is not on it already goes there."""
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self._batch_count:
            super()._display(screen, renderable)
            return
        if self.size != self._painted_size:
            self._painted_size = self.size
            self.memory.forget()
        paces = self.session.settings.screen.slow_line
        if paces and self.pace.is_full(time.monotonic()):
            self._is_behind = True
            return
        super()._display(screen, difference(renderable, self.memory, self.console, self.look, self.pace if paces else None))

    def line_answered(self, count: int, at: float) -> None:
        """The terminal has come as far as that: what was not painted meanwhile is now."""
        for _each in range(count):
            self.pace.answered(at)
        if self._is_behind and not self.pace.is_full(time.monotonic()):
            self._is_behind = False
            self.screen.refresh()

    def first_page_is_shown(self) -> None:
        """Now the engine and the link may begin."""
        desk = self.desk
        if self._started or desk is None:
            return
        self._started = True
        self.release_keys()
        desk.spawn(self._begin(listener(self, desk)))

    async def _begin(self, listener: Listener) -> None:
        if self.desk is not None and self.session.key_problems:
            self.desk.say(" ".join(self.session.key_problems), "alarm")
        await start(self.session, listener)
        for screen in (Composer, TemplatePicker):
            await self.standing(screen, screen)
        if self.session.begins_with_tour and self.desk is not None:
            await self.desk.guide.begin()

    async def on_event(self, event: events.Event) -> None:
        """What is typed goes by the keyboard, which keeps it in order: `e` and `a` of a name must not become commands.

        Nor may a key that is meant for the next list be done to this one.
        """
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            for each in apart(event, self.focused):
                await self._keyboard.press(each)
        else:
            # A key that a widget left alone comes by a second time: it is no new one.
            await super().on_event(event)

    async def _hear(self, event: Typed) -> MessagePump | None:
        if isinstance(event, events.Key) and isinstance(self.screen, DeskScreen | Composer | Dialog) and self.screen.hear_key(event):
            return None
        to = self.focused or self.screen
        await super().on_event(event)
        return to

    def on_done(self, message: Done) -> None:
        """A key has come all the way."""
        self._keyboard.done(message.number)

    def pop_screen(self) -> AwaitComplete:
        """Textual's own; a key on its way through that screen is not waited for."""
        popped = super().pop_screen()
        self.call_later(self._keyboard.done)
        return popped

    def hold_keys(self, what: object = QUESTION) -> None:
        """It comes: keep what is typed until `release_keys`. Esc gives up waiting for a question."""
        self._keyboard.hold(what)

    def release_keys(self, what: object = QUESTION) -> None:
        """It is on the screen, or there is none: what was typed meanwhile is heard now."""
        self._keyboard.release(what)

    def on_leaving(self, call: Callable[[], None]) -> None:
        """Call it before the program ends, whatever ends it."""
        self._leaving.append(call)

    def _to_terminal(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    def paint_anew(self) -> None:
        """Whatever stands on the terminal: paint it all again."""
        self.memory.forget()
        self.refresh(repaint=True, layout=True)

    def call_user(self, sequence: str) -> None:
        """Write a bell or a notification to the terminal."""
        if isinstance(self._driver, MadoDriver):
            self._driver.tell(sequence)

    def entitle(self, words: str) -> None:
        """Give the terminal a title; "" gives it its own back."""
        if isinstance(self._driver, MadoDriver):
            self._driver.entitle(words)

    def leave_in_order(self) -> None:
        """Save what is being written, give the lease back, end. Also the answer to the signals and a terminal that is gone."""
        if self.desk is None or not self.desk.is_mounted:
            # Half built it cannot be taken down.
            asyncio.get_running_loop().call_later(HALF_BUILT_SECONDS, self.leave_in_order)
            return
        self.save()
        self.run_worker(self._leave(), exclusive=True)

    async def _leave(self) -> None:
        composing = [screen.composing for screen in self.screen_stack if hasattr(screen, "composing")]
        for each in composing:
            try:
                await each.leave()
            except MadoError:
                # The text is saved on this machine already; the lease lapses by the server's clock.
                continue
        self.exit(0)

    def end(self, exit_code: int) -> None:
        """End at once; everything is saved."""
        self.exit(exit_code)

    def crash(self, error: BaseException) -> None:
        """A bug: save, note it in the home, end with one sentence."""
        self.save()
        self.crashed = write_report(self.session.home, error)
        self.exit(1)

    def _handle_exception(self, error: Exception) -> None:
        """Textual's own last word: it would print the traceback with every local variable, passwords and mails among them."""
        if isinstance(error, NoMatches) and self._exit:
            # What a program that has ended was still to show is no bug.
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.crash(error)

    def save(self) -> None:
        """Call whatever is to be called before the end, now."""
        calls, self._leaving = self._leaving, []
        for call in calls:
            try:
                call()
            except MadoError:
                continue

    async def action_quit(self) -> None:
        """Textual's own ^Q."""
        self.leave_in_order()

    async def _shutdown(self) -> None:
        """Where Textual takes the screens away: whoever would tell them of something has ended before."""
        if isinstance(self._driver, MadoDriver):
            self._driver.let_signals_end_us()
        await self.session.stop()
        for screen in self.screen_stack:
            if hasattr(screen, "chores"):
                await screen.chores.end()
        await super()._shutdown()

    async def on_unmount(self) -> None:
        """Nothing of the home stays open."""
        await self.session.close()

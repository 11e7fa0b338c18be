"""From keys to commands: what a key asks for, whether it can be done now, and who does it."""

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from textual import events
from textual.screen import Screen

from store.domain.saved_view import BUILT_IN
from tui.actions.moving import MOVES
from tui.actions.port import Desk
from tui.actions.registry import DEEDS
from tui.screens.arranging import Arranging
from tui.screens.asking import Asking
from tui.screens.program import program_of
from tui.screens.status_bar import StatusBar
from tui.view.availability import Situation, why_not
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME
from tui.view.helping import nothing_words
from tui.view.keys.reading import count_with, key_named

HERE = frozenset(
    {"top", "bottom", *(f"view-{view.name}" for view in BUILT_IN), "side-bar", "zoom", "narrower", "wider", "redraw", "suspend", "close", "quit"}
)
"""The commands of the key map that the screen does itself."""


class Commanded(Desk, Protocol):
    """The desk as this module sees it."""

    status: StatusBar
    panes: Arranging

    @property
    def screen(self) -> "Screen[object]": ...
    @property
    def situation(self) -> Situation: ...
    def spawn(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]": ...


class Commands:
    """The commands of one desk."""

    def __init__(self, desk: Commanded) -> None:
        self._desk = desk
        self._waiting_key = ""
        self._count = 0
        self._asking = Asking(lambda: program_of(desk.screen).hold_keys(), lambda: program_of(desk.screen).release_keys())

    def hear_key(self, event: events.Key) -> None:
        """A key that is not typed into anything."""
        self._desk.status.key_pressed()
        keys, key = self._desk.session.keys, key_named(event.key, event.character)
        if keys.counts and not self._waiting_key and (counted := count_with(self._count, key)) is not None:
            self._count = counted
            return
        if self._waiting_key == "g" and self._shows_lettered(key):
            return
        heard = keys.hear(key, self._waiting_key, self._desk.place)
        self._waiting_key = heard.waiting
        if heard.command is not None:
            times, self._count = self._count or 1, 0
            for _time in range(times if heard.command.repeats else 1):
                self.perform(heard.command.name)
        elif not heard.waiting:
            self._count = 0
            self._desk.status.aside(nothing_words(key, keys))

    def _shows_lettered(self, letter: str) -> bool:
        """Whether `g` and this letter show a saved view; what the key map says of them comes first."""
        keys = self._desk.session.keys
        if keys.hear(letter, "g", self._desk.place) != keys.hear(letter, "", self._desk.place):
            return False
        found = self._desk.views.shelf.lettered(letter)
        if found is not None:
            self._waiting_key = ""
            self._desk.views.show_listed(found)
        return found is not None

    def perform(self, name: str, argument: str = "") -> None:
        """Do a command by its name, or say why not."""
        command = BY_NAME.get(name)
        reason = why_not(command, self._desk.situation) if command else None
        if reason is not None:
            self._desk.status.why_not(reason)
        elif name in MOVES:
            self._desk.status.forget_toast()
            MOVES[name](self._desk)
            self._desk.session.on_deed(name)
        elif name in DEEDS:
            self._do(name, argument)
        else:
            self._perform_here(name)

    def _do(self, name: str, argument: str) -> None:
        program = program_of(self._desk.screen)
        if not BY_NAME[name].asks and not (self._desk.marks and BY_NAME[name].task == "sort"):
            # Until it has begun: the very next key, typed in the same stroke, must not move the line under it.
            begun = object()
            program.hold_keys(begun)
            self._desk.spawn(DEEDS[name](self._desk, argument))
            asyncio.get_running_loop().call_soon(program.release_keys, begun)
            return
        self._asking.begin(self._desk.spawn(DEEDS[name](self._desk, argument)))

    def _perform_here(self, name: str) -> None:
        if name in BY_NAME and name.startswith("view-"):
            self._desk.views.show(name.removeprefix("view-"))
            return
        match name:
            case "top" | "bottom":
                self._to_edge(end=name == "bottom")
            case "view-back":
                self._desk.views.show("back")
            case "side-bar":
                self._desk.panes.toggle_side()
            case "zoom":
                self._desk.panes.zoom()
            case "narrower" | "wider":
                self._desk.panes.resize(1 if name == "wider" else -1)
            case "redraw":
                program_of(self._desk.screen).paint_anew()
            case "suspend":
                self._desk.screen.app.action_suspend_process()
            case "close" if self._desk.place is not Place.LIST:
                self.perform("back")
            case "close" | "quit":
                program_of(self._desk.screen).leave_in_order()

    def _to_edge(self, *, end: bool) -> None:
        desk = self._desk
        if desk.place is Place.LIST:
            # What is typed behind it is meant for the line at the edge.
            program, there = program_of(desk.screen), object()
            program.hold_keys(there)
            desk.spawn(desk.pager.to_edge(end=end)).add_done_callback(lambda _task: program.release_keys(there))
            return
        (desk.comments if desk.place is Place.COMMENTS else desk.reading).to_edge(end=end)
        if desk.place is Place.READING:
            desk.mail.scrolled()

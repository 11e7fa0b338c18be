"""A page of lines over everything, which can be searched: the raw source, all headers."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.screens.chores import Chores
from tui.screens.picker import Dialog
from tui.view.commands.command import Place
from tui.view.highlight import NOTHING_FOUND, Findings
from tui.view.spans import Line
from tui.widgets.field import Field
from tui.widgets.keyed import keys_at, reader_for
from tui.widgets.lines_pane import LinesPane
from tui.words import _

_STEPS = {"page-line-down": 1, "page-line-up": -1}
_PAGES = {"page-next": 1, "page-previous": -1}
_MATCHES = {"page-next-match": 1, "page-previous-match": -1}


class Pages(Protocol):
    """What a page is made of; both are called on a thread, a source may have fifty million bytes."""

    def lines(self, width: int) -> Sequence[Line]:
        """All lines, at this width."""
        ...

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """Where the words stand in them."""
        ...


class PageScreen(Dialog):
    """j k Space g G move, / searches, > and < go from match to match, Esc or q leaves."""

    place = Place.PAGE

    def __init__(self, title: str, pages: Pages) -> None:
        super().__init__()
        self._title = title
        self._pages = pages
        self._width = 0
        self._findings = NOTHING_FOUND
        self._here: int | None = None
        self._words = ""
        self._keys = reader_for(self, self.place)
        self.chores = Chores(self, lambda words, _tone: self._say(words))

    def compose(self) -> ComposeResult:
        """Title, page, and the field to search with."""
        with Vertical(id="box"):
            yield Static(self._title, id="title", markup=False)
            yield from self.compose_lines()
            field = Field(id="sought", disabled=True)
            yield field
            yield Static(self.keys_words(), id="hint", markup=False)

    def keys_words(self) -> str:
        """What the keys do, by the map in use."""
        shown = keys_at(self).shown
        words = _("{leave} leaves, {search} searches, {next} and {previous} go on")
        return words.format(
            leave=shown("page-leave"), search=shown("page-search"), next=shown("page-next-match"), previous=shown("page-previous-match")
        )

    def compose_lines(self) -> ComposeResult:
        """What is between the title and the last line."""
        yield LinesPane(id="lines")

    @property
    def _pane(self) -> LinesPane:
        return self.query_one("#lines", LinesPane)

    @property
    def _field(self) -> Input:
        return self.query_one(Input)

    def on_mount(self) -> None:
        """Ready."""
        self._pane.focus()
        self.call_after_refresh(self._lay_out_soon)

    def on_resize(self) -> None:
        """Lay out anew."""
        self.call_after_refresh(self._lay_out_soon)

    def _lay_out_soon(self) -> None:
        if self.is_mounted and self._pane.text_width != self._width:
            self._width = self._pane.text_width
            self.chores.spawn(self._lay_out(self._width))

    async def _lay_out(self, width: int) -> None:
        lines = await asyncio.to_thread(self._pages.lines, width)
        if width == self._width and self.is_mounted:
            self._pane.show(lines, top=self._pane.top)
            if self._words:
                await self._find(self._words)

    # Searching.

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search for what was typed."""
        event.stop()
        self._end_typing()
        self.chores.spawn(self._find(event.value))

    def _begin_typing(self) -> None:
        self._field.disabled = False
        self.add_class("-seeking")
        self._field.focus()

    def _end_typing(self) -> None:
        self._field.disabled = True
        self.remove_class("-seeking")
        self._pane.focus()

    async def _find(self, words: str) -> None:
        self._words, self._here = words, None
        lines = self._pane.lines
        found = await asyncio.to_thread(self._pages.find, lines, words)
        if lines is not self._pane.lines or not self.is_mounted:
            return
        self._findings = found
        self._pane.show(lines, top=self._pane.top, found=found.marks(None))
        if words:
            self._step_match(1)

    def _step_match(self, by: int) -> None:
        count = len(self._findings.matches)
        if not count:
            first_search = _("Search first, with {key}.").format(key=keys_at(self).shown("page-search"))
            self._say(_("Not found: {words}").format(words=self._words) if self._words else first_search)
            return
        first = self._findings.first_from(self._pane.top)
        self._here = (first if by > 0 else (first - 1) % count) if self._here is None else (self._here + by) % count
        self._pane.scroll_into_view(self._findings.line_of(self._here))
        self._pane.show(self._pane.lines, top=self._pane.top, found=self._findings.marks(self._here))
        self._say(_("{n} of {count}: {words}").format(n=self._here + 1, count=count, words=self._words))

    def _say(self, words: str) -> None:
        self.query_one("#hint", Static).update(words)

    def on_key(self, event: events.Key) -> None:
        """Move, search, leave."""
        if self._field.has_focus:
            if event.key == "escape":
                self._end_typing()
                event.stop()
            return
        name = self._keys.hear(event.key, event.character)
        if self.do(name) or self._keys.is_waiting:
            event.stop()
            event.prevent_default()

    def do(self, name: str) -> bool:
        """What a key asks for; False: nothing here."""
        pane = self._pane
        if name == "page-leave":
            self.dismiss(None)
        elif name == "page-search":
            self._begin_typing()
        elif name in _MATCHES:
            self._step_match(_MATCHES[name])
        elif name in _STEPS:
            pane.scroll_by(_STEPS[name])
        elif name in _PAGES:
            pane.scroll_by(_PAGES[name] * max(1, pane.text_height - 1))
        elif name in ("page-top", "page-bottom"):
            pane.to_edge(end=name == "page-bottom")
        else:
            return False
        return True

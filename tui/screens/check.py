"""The check screen: a reply as it will leave, beside the conversation it answers; to be approved, sent back or written anew."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Protocol

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widgets import Static

from tui.screens.page import Pages, PageScreen
from tui.view.check_words import own_check_words
from tui.view.commands.command import Place
from tui.view.keys.reading import narrowed
from tui.view.spans import Line
from tui.widgets.keyed import keys_at
from tui.widgets.lines_pane import LinesPane
from tui.words import _

APPROVE = "approve"
SEND_BACK = "send_back"
EDIT = "edit"
COMMENT = "comment"
_ANSWERS = {"approve": APPROVE, "send-back": SEND_BACK, "write-anew": EDIT, "check-comment": COMMENT}
SIDE_BY_SIDE_FROM = 120
"""Columns; on a narrower screen the conversation stands below."""


Opens = Callable[[int, Callable[[str], None]], Coroutine[object, object, None]]


class CheckPages(Pages, Protocol):
    """The reply, and what it answers."""

    def conversation(self, width: int) -> tuple[Sequence[Line], int]:
        """The conversation's messages at this width, and the line at which reading begins. Called on a thread."""
        ...


class FittedPane(LinesPane):
    """A pane that says when it is another size: its lines are laid out for it."""

    class Resized(Message):
        """Its size is another."""

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Resized())


class CheckScreen(PageScreen):
    """y approves, x sends it back, e writes it anew, c comments, 1 to 9 open a file, Tab goes to the conversation and back."""

    place = Place.CHECK

    def __init__(self, title: str, pages: CheckPages, *, decides: bool, opens: Opens) -> None:
        """`decides` False: its drafter reads what they handed over. `opens`: a file by its number, and where to say what came of it."""
        super().__init__(title, pages)
        self._both = pages
        self._decides = decides
        self._opens = opens
        self._beside = False
        self._shown_widths = (0, 0)

    def compose_lines(self) -> ComposeResult:
        """The reply, and the conversation beside it."""
        with Container(id="both"):
            yield FittedPane(id="lines")
            with Vertical(id="beside"):
                yield Static(_("The conversation"), id="beside-title", markup=False)
                yield FittedPane(id="conversation")

    def keys_words(self) -> str:
        """What the keys do, and where Tab leads."""
        shown = keys_at(self).shown
        deciding = _("{approve} approve, {back} send back, {anew} write it anew, {comment} comment; ").format(
            approve=shown("approve"), back=shown("send-back"), anew=shown("write-anew"), comment=shown("check-comment")
        )
        leaving = _("{leave} leaves, {search} searches").format(leave=shown("page-leave"), search=shown("page-search"))
        other = _("the reply") if self._beside else _("the conversation")
        return _("{key}: {other}; {keys}").format(key=shown("other-side"), other=other, keys=(deciding if self._decides else "") + leaving)

    @property
    def _pane(self) -> LinesPane:
        """The one that is scrolled and searched."""
        return self.query_one("#conversation" if self._beside else "#lines", LinesPane)

    def _lay_out_soon(self) -> None:
        if not self.is_mounted:
            return
        self.set_class(self.size.width >= SIDE_BY_SIDE_FROM, "-beside")
        self.call_after_refresh(self._lay_out_both)

    def on_fitted_pane_resized(self, event: FittedPane.Resized) -> None:
        """The class that puts them side by side has its effect only after this screen's own change of size."""
        event.stop()
        self._lay_out_both()

    def _lay_out_both(self) -> None:
        reply, beside = self.query_one("#lines", LinesPane), self.query_one("#conversation", LinesPane)
        widths = (reply.text_width, beside.text_width)
        if self.is_mounted and widths != self._shown_widths:
            self._shown_widths, self._width = widths, reply.text_width
            self.chores.spawn(self._show_both(reply, beside, widths))

    async def _show_both(self, reply: LinesPane, beside: LinesPane, widths: tuple[int, int]) -> None:
        lines = await asyncio.to_thread(self._pages.lines, widths[0])
        messages, first = await asyncio.to_thread(self._both.conversation, widths[1])
        if widths == self._shown_widths and self.is_mounted:
            begun = bool(beside.lines)
            reply.show(lines, top=reply.top)
            beside.show(messages, top=beside.top if begun else first)
            if self._words:
                await self._find(self._words)

    def _go_over(self) -> None:
        """To the other one; what was searched for is searched for there."""
        self._beside = not self._beside
        self.set_class(self._beside, "-in-conversation")
        self._pane.focus()
        self._say(self.keys_words())
        if self._words:
            self.chores.spawn(self._find(self._words))

    def on_key(self, event: events.Key) -> None:
        """A digit opens a file; the rest is for the page."""
        digit = narrowed(event.character or "")
        if not self._field.has_focus and digit and digit in "123456789":
            self.chores.spawn(self._opens(int(digit), self._say))
            event.stop()
            event.prevent_default()

    def do(self, name: str) -> bool:
        """Decide, or go over."""
        if self._decides and name in _ANSWERS:
            self.dismiss(_ANSWERS[name])
        elif name in _ANSWERS:
            # Its drafter reads it here; a key that says nothing would look broken.
            self._say(own_check_words())
        elif name == "other-side":
            self._go_over()
        else:
            return super().do(name)
        return True

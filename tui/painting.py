"""Writes to the terminal only what is not on it already; Textual repaints whole screens at each layout."""

import re
import time
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from tui.view.look import TODAYS, Look
from tui.view.memory import LINK, TerminalMemory
from tui.view.pace import QUESTION, Pace
from tui.view.signs import twinned

_LINK_NUMBER = re.compile(r"\x1b]8;id=[-0-9]+;")
"""How Rich opens a link (OSC 8), with another number each time a style is made."""


class Difference(CompositorUpdate):
    """Those pieces of an update that are not on the terminal yet."""

    def __init__(self, written: str) -> None:
        self._written = written

    def render_segments(self, console: Console) -> str:  # noqa: ARG002 - Textual's signature
        """What is to be written."""
        return self._written

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same for Rich, as Textual's own updates offer it."""
        yield Segment(self._written)


def difference(
    update: LayoutUpdate | ChopsUpdate, memory: TerminalMemory, console: Console, look: Look = TODAYS, pace: Pace | None = None
) -> Difference | None:
    """What of the update is new, with the question behind it where `pace` wants one; None: nothing.

    Signs become those that the terminal shows, frames and texts of Textual's own too.
    """
    written: list[str] = []
    for y, x, strip in _pieces(update):
        text = twinned(_LINK_NUMBER.sub(LINK, strip.render(console)), ascii=look.ascii, ambiguous=look.ambiguous)
        if strip.cell_length and (new := memory.put(y, x, strip.cell_length, text)):
            written.append(new)
    if not written:
        return None
    if pace is not None and pace.asks(sum(map(len, written)), time.monotonic()):
        written.append(QUESTION)
    return Difference("".join(written))


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, first, last in update.spans:
        for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if piece is not None and x < last and end > first:
                yield y, x, piece

"""Writes to the terminal only what is not on it already: over SSH every byte is felt, and Textual repaints whole screens at each layout."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

BLANKS_TO_ERASE = 6
"""From so many blanks at the end of a piece on, erasing them (ECH, ECMA-48 8.3.38) is shorter than writing them."""


class TerminalMemory:
    """What stands where on the terminal, in the pieces it was written in."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[int, str]]] = {}

    def forget(self) -> None:
        """Something else wrote there: an editor, a shell, a resize."""
        self._rows.clear()

    def put(self, y: int, x: int, width: int, text: str) -> bool:
        """Note a piece; True: it is not there yet and must be written."""
        row = self._rows.setdefault(y, {})
        if row.get(x) == (width, text):
            return False
        for other, (other_width, _text) in list(row.items()):
            if other < x + width and other + other_width > x:
                del row[other]
        row[x] = (width, text)
        return True


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


def difference(update: LayoutUpdate | ChopsUpdate, memory: TerminalMemory, console: Console) -> Difference | None:
    """What of the update is new; None: nothing."""
    written: list[str] = []
    for y, x, strip in _pieces(update):
        text = strip.render(console)
        if strip.cell_length and memory.put(y, x, strip.cell_length, text):
            written.append(f"\x1b[{y + 1};{x + 1}H{_with_erased_end(text)}")
    return Difference("".join(written)) if written else None


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


def _with_erased_end(text: str) -> str:
    """Blanks in no style at the end of a piece are erased instead of written; in a style they end with its reset and stay."""
    bare = text.rstrip(" ")
    blanks = len(text) - len(bare)
    return f"{bare}\x1b[{blanks}X" if blanks >= BLANKS_TO_ERASE else text

"""The lines of the list: its rows in columns, the selected one in one tone, blank ones below."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from store.domain.status import Urgency
from tui.view.columns import columns_for
from tui.view.rows import Marks, Reader, RowFacts, row_spans
from tui.view.spans import Line, Span, line
from tui.view.statuses import Statuses, status_name, urgency_word
from tui.view.width import columns_of, fit
from tui.view.window import Window

Shown = TypeVar("Shown", bound=RowFacts)

NOTHING = Line()


class State(NamedTuple):
    """How a row stands in the list: under the cursor, gone from it, marked for the next command."""

    selected: bool = False
    gone: bool = False
    marked: bool = False


@dataclass
class LaidOut:
    """Rows as they were laid out last, for whoever paints one list again and again: a step of the cursor changes two lines of fifty."""

    _manner: tuple[object, ...] = ()
    _lines: dict[tuple[int, State], tuple[RowFacts, Line]] = field(default_factory=dict)
    """By the row's identity and how it stands there. The row is kept, so that no other one gets its identity."""

    def begin(self, *manner: object) -> None:
        """From here on in this manner; what was laid out in another is forgotten. The very same objects mean the same manner."""
        if len(manner) != len(self._manner) or any(now is not before for now, before in zip(manner, self._manner, strict=True)):
            self._manner = manner
            self._lines.clear()

    def known(self, row: RowFacts, state: State) -> Line | None:
        """The row's line, if it is laid out."""
        found = self._lines.get((id(row), state))
        return found[1] if found is not None else None

    def keep(self, row: RowFacts, line: Line, state: State) -> Line:
        """The line, which is known from now on."""
        self._lines[(id(row), state)] = row, line
        return line


def list_lines(
    window: Window[Shown], reader: Reader, width: int, height: int, empty_words: tuple[str, ...] = (), found: Marks | None = None,
    laid_out: LaidOut | None = None, chosen: tuple[str, ...] = (), is_marked: Callable[[Shown], bool] = lambda _row: False,
) -> list[Line]:  # fmt: skip
    """What stands on the lines of a list so wide and high. `empty_words`: what an empty list says instead of rows; `found`: what was searched for."""
    if not window.rows:
        return [line("  " + words, "quiet" if index else "") for index, words in enumerate(("", *empty_words))][:height]
    columns = columns_for(width, urgent_word=urgency_word(Urgency.VERY_URGENT), widest_status=_widest_status(reader.statuses), chosen=chosen)
    laid_out = laid_out or LaidOut()
    laid_out.begin(columns, reader, found)
    lines = []
    for index, row in enumerate(window.shown[:height], window.top):
        if heading := window.heading(index):
            lines.append(_heading(heading, width))
        state = State(index == window.cursor, row.id in window.gone, is_marked(row))
        known = laid_out.known(row, state)
        if known is None:
            spans = row_spans(row, columns, reader, gone=state.gone, found=found, marked=state.marked)
            known = laid_out.keep(row, _selected(spans, width) if state.selected else Line(spans), state)
        lines.append(known)
    return (lines + [NOTHING] * (height - len(lines)))[:height]


def _heading(words: str, width: int) -> Line:
    """Above a part of the list: words, and a rule that goes on where rows have their columns."""
    text = fit(f"── {words} ", min(width, columns_of(words) + 4))
    return Line((Span(text, "heading"), Span("─" * (width - columns_of(text)), "rule")))


def _selected(spans: tuple[Span, ...], width: int) -> Line:
    """One tone for the whole line: the marks and letters say what the colours said."""
    text = "".join(span.text for span in spans)
    return Line((Span(text + " " * max(0, width - columns_of(text)), "selected"),))


WIDEST_STATUS = 16
"""Columns of a status' name in a list: a longer one is shortened, and its letter and colour say the rest."""


def _widest_status(statuses: Statuses) -> int:
    return min(WIDEST_STATUS, max(columns_of(status_name(key, statuses)) for key, each in statuses.items() if not each.retired))

"""The lines of the list: its rows in columns, the selected one in one tone, blank ones below."""

from collections.abc import Callable
from typing import TypeVar

from store.domain.status import Urgency
from tui.view.columns import columns_for
from tui.view.rows import Marks, Reader, RowFacts, row_spans
from tui.view.spans import Line, Span, line
from tui.view.statuses import Statuses, status_name, urgency_word
from tui.view.width import columns_of
from tui.view.window import Window

Shown = TypeVar("Shown", bound=RowFacts)

NOTHING = Line()


def list_lines(
    window: Window[Shown], reader: Reader, width: int, height: int, empty_words: tuple[str, ...] = (), found: Marks | None = None,
    is_marked: Callable[[Shown], bool] = lambda _row: False,
) -> list[Line]:  # fmt: skip
    """What stands on the lines of a list so wide and high. `empty_words`: what an empty list says instead of rows; `found`: what was searched for."""
    if not window.rows:
        return [line("  " + words, "quiet" if index else "") for index, words in enumerate(("", *empty_words))][:height]
    columns = columns_for(width, urgent_word=urgency_word(Urgency.VERY_URGENT), widest_status=_widest_status(reader.statuses))
    lines = []
    for index, row in enumerate(window.shown[:height], window.top):
        spans = row_spans(row, columns, reader, gone=row.id in window.gone, found=found, marked=is_marked(row))
        if index == window.cursor:
            # One tone for the whole line: the marks and letters say what the colours said.
            text = "".join(span.text for span in spans)
            spans = (Span(text + " " * max(0, width - columns_of(text)), "selected"),)
        lines.append(Line(spans))
    return lines + [NOTHING] * (height - len(lines))


WIDEST_STATUS = 16
"""Columns of a status' name in a list: a longer one is shortened, and its letter and colour say the rest."""


def _widest_status(statuses: Statuses) -> int:
    return min(WIDEST_STATUS, max(columns_of(status_name(key, statuses)) for key, each in statuses.items() if not each.retired))

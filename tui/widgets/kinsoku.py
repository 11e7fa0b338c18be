"""The text that is written, wrapped as Japanese is: Textual's wrapped document with our breaks. Its seam; it keeps Textual's own tables."""

from collections.abc import Iterable

from textual.document._document import Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import get_tab_widths

from tui.view.wrapping import wrap_offsets


class KinsokuDocument(WrappedDocument):
    """Breaks lines where `tui.view.wrapping` does. A line with a tab is not wrapped otherwise than any: a tab takes one column of it."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Wrap every line anew."""
        self._width = width
        self._tab_width = tab_width or self._tab_width
        self._wrap_offsets = self._offsets_of(self.document.lines)
        self._tab_width_cache = self._tabs_of(self.document.lines)
        self._offset_to_line_info = []
        self._line_index_to_offsets = []
        self._number_from(0)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Wrap the lines of an edit anew, and number again what stands below it where that has moved."""
        last_before, last_now = len(self._wrap_offsets) - 1, self.document.line_count - 1
        top = max(0, min(start[0], old_end[0], last_before, last_now))
        old_bottom = min(max(start[0], old_end[0]), last_before)
        new_bottom = min(max(start[0], new_end[0], top), last_now)
        lines = self.document.lines[top : new_bottom + 1]
        offsets = self._offsets_of(lines)
        is_as_high = [len(each) for each in self._wrap_offsets[top : old_bottom + 1]] == [len(each) for each in offsets]
        self._wrap_offsets[top : old_bottom + 1] = offsets
        self._tab_width_cache[top : old_bottom + 1] = self._tabs_of(lines)
        if not is_as_high:
            self._number_from(top)

    def _offsets_of(self, lines: Iterable[str]) -> list[list[int]]:
        return [wrap_offsets(line, self._width) if self._width else [] for line in lines]

    def _tabs_of(self, lines: Iterable[str]) -> list[list[int]]:
        return [[width for _section, width in get_tab_widths(line, self._tab_width)] if "\t" in line else [0] for line in lines]

    def _number_from(self, top: int) -> None:
        """Which row of the screen is which piece of which line, from this line on."""
        row = self._line_index_to_offsets[top - 1][-1] + 1 if top else 0
        del self._offset_to_line_info[row:], self._line_index_to_offsets[top:]
        for index in range(top, len(self._wrap_offsets)):
            pieces = len(self._wrap_offsets[index]) + 1
            self._line_index_to_offsets.append(list(range(row, row + pieces)))
            self._offset_to_line_info.extend((index, piece) for piece in range(pieces))
            row += pieces

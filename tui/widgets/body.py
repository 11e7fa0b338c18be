"""The text of a mail being written: Textual's editor with Japanese words and line breaks, searching, and undo for what a command puts in."""

from textual import events
from textual.binding import Binding
from textual.document._document_navigator import DocumentNavigator
from textual.message import Message
from textual.widgets import TextArea

from tui.view.gate import writable
from tui.view.highlight import Matcher
from tui.view.words import word_end, word_left, word_right
from tui.widgets.kinsoku import KinsokuDocument

Place = tuple[int, int]
"""Line and column, both from 0."""


class Body(TextArea):
    """What is written."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it as a plain class attribute
        Binding("alt+b,alt+left", "cursor_word_left", show=False),
        Binding("alt+f,alt+right", "cursor_word_right", show=False),
        Binding("alt+d", "delete_word_right", show=False),
    ]

    class Pasted(Message):
        """Something of one line was pasted, and stands there: it may be the name of a file that was dragged here."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, text: str) -> None:
        super().__init__(text, id="body", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self.cursor_blink = False

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = KinsokuDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    # Words.

    def get_cursor_word_left_location(self) -> Place:
        """The beginning of the word, or the end of the line above."""
        row, column = self.cursor_location
        if column == 0 and row > 0:
            return row - 1, len(self.document[row - 1])
        return row, word_left(self.document[row], column)

    def get_cursor_word_right_location(self) -> Place:
        """The next word, or the beginning of the line below."""
        row, column = self.cursor_location
        line = self.document[row]
        if column == len(line) and row < self.document.line_count - 1:
            return row + 1, 0
        return row, word_right(line, column)

    def action_delete_word_right(self) -> None:
        """To the end of the word, or with the line end."""
        start, end = self.selection
        row, column = end
        line = self.document[row]
        if start != end:
            self._delete_via_keyboard(start, end)
        elif column < len(line):
            self._delete_via_keyboard(end, (row, word_end(line, column)))
        elif row < self.document.line_count - 1:
            self._delete_via_keyboard(end, (row + 1, 0))

    # What commands do to it.

    def begin(self, text: str, *, read_only: bool) -> None:
        """Another mail's text, of which nothing can be undone; the cursor at its beginning."""
        self.load_text(text)
        self.read_only = read_only
        self.move_cursor((0, 0))
        self.scroll_home(animate=False)

    def become(self, text: str) -> None:
        """Another text, which undo takes back in one step: only what differs is replaced, and the cursor stays where it can."""
        old = self.text
        if old == text:
            return
        above = _common(old, text)
        below = min(_common(old[::-1], text[::-1]), len(old) - above, len(text) - above)
        self.history.checkpoint()
        self.replace(text[above : len(text) - below], _place(old, above), _place(old, len(old) - below))
        self.history.checkpoint()

    @property
    def cursor_letter(self) -> int:
        """How many letters stand before the cursor, line ends counted."""
        row, column = self.cursor_location
        return sum(len(self.document[index]) + 1 for index in range(row)) + column

    @property
    def before_cursor(self) -> str:
        """The line up to the cursor; "" while something is selected."""
        row, column = self.cursor_location
        return self.document[row][:column] if self.selection.is_empty else ""

    def go_behind(self, letters: int) -> None:
        """The cursor behind so many letters."""
        self.move_cursor(_place(self.text, letters))
        self.scroll_cursor_visible()

    def put(self, text: str) -> None:
        """In place of the selection, or at the cursor; the cursor comes behind it."""
        self.history.checkpoint()
        result = self.replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        self.history.checkpoint()

    def take_back(self, text: str) -> None:
        """What was just put in before the cursor is away again; nothing else is."""
        end = self.cursor_location
        start = (end[0], end[1] - len(text))
        if start[1] >= 0 and self.get_text_range(start, end) == text:
            self.delete(start, end)

    def find(self, matcher: Matcher) -> bool:
        """Select the next place it finds, from the cursor round to it again; False: there is none."""
        row, column = max(self.selection.start, self.selection.end)
        count = self.document.line_count
        for step in range(count + 1):
            index = (row + step) % count
            for first, last in matcher(self.document[index]):
                if step or first >= column:
                    self.go_to(index, first, length=last - first)
                    return True
        return False

    def go_to(self, line: int, column: int, *, length: int = 0) -> None:
        """The cursor there, with so many characters selected: where a finding is, or what was searched for. Lines and columns from 0."""
        start = self.clamp_visitable((line, column))
        self.focus()
        self.move_cursor(start)
        if length:
            self.move_cursor(self.clamp_visitable((line, column + length)), select=True)
        self.scroll_cursor_visible(center=True)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if self.read_only:
            return
        # The text is painted as it stands: what steers a terminal stays outside.
        text = writable(event.text)
        self.put(text)
        if len(text.splitlines()) == 1:
            self.post_message(self.Pasted(text))


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _place(text: str, index: int) -> Place:
    return text.count("\n", 0, index), index - (text.rfind("\n", 0, index) + 1)

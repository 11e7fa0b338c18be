"""A field of one line: nothing blinks in it, nothing is selected when one comes to it, and a letter costs no look at the style sheet."""

from textual import events
from textual.binding import Binding
from textual.widgets import Input

from tui.view.gate import writable


class Field(Input):
    """Textual's own. Having nothing to validate, it must not do so: it would find out at its first letter how a valid field looks."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it as a plain class attribute
        Binding("alt+b,alt+left", "cursor_left_word", show=False),
        Binding("alt+f,alt+right", "cursor_right_word", show=False),
        Binding("alt+d", "delete_right_word", show=False),
        Binding("alt+backspace", "delete_left_word", show=False),
    ]

    def __init__(self, *, id: str, disabled: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, select_on_focus=False, disabled=disabled, validate_on=())
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        """All of it on one line; what steers a terminal stays outside, for a field is painted as it stands."""
        event.prevent_default()
        event.stop()
        text = " ".join(writable(event.text).replace("\t", " ").split("\n")).strip()
        if text:
            self.replace(text, *self.selection)

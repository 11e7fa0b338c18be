"""What a command of the composer may ask of it: the one thing its commands and its screen both know."""

from typing import Protocol

from textual.screen import Screen
from textual.widgets import TextArea

from tui.composing import Composing
from tui.screens.composer_fields import Fields
from tui.screens.sending import Sending


class Writer(Protocol):
    """The composer as its commands see it. What stands on it is `composing.draft`, whenever it is read; `composing.change` shows another."""

    composing: Composing
    sending: Sending

    @property
    def screen(self) -> "Screen[object]": ...
    @property
    def fields(self) -> Fields: ...
    @property
    def body(self) -> TextArea: ...
    def show_context(self) -> None: ...
    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence in place of the status bar, until the next key."""
        ...

    def close(self, words: str | None) -> None:
        """Back to the desk with a sentence."""
        ...

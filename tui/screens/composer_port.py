"""What a command of the composer may ask of it: the one thing its commands and its screen both know."""

from typing import Protocol

from textual.screen import Screen

from tui.composing import Composing
from tui.screens.composer_fields import Fields
from tui.screens.sending import Sending
from tui.view.template_search import Shelf
from tui.widgets.body import Body
from tui.widgets.context_pane import ContextPane


class Writer(Protocol):
    """The composer as its commands see it. What stands on it is `composing.draft`, whenever it is read; `composing.change` shows another."""

    composing: Composing
    sending: Sending
    shelf: Shelf
    """The team's templates, as they are looked for."""
    sought: list[str]
    """What was searched for in the text, the latest last."""

    @property
    def screen(self) -> "Screen[object]": ...
    @property
    def fields(self) -> Fields: ...
    @property
    def body(self) -> Body: ...
    @property
    def context(self) -> ContextPane: ...
    async def do(self, name: str) -> None:
        """Do a command by its name."""
        ...

    def show_context(self) -> None: ...
    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence in place of the status bar, until the next key."""
        ...

    def close(self, words: str | None) -> None:
        """Back to the desk with a sentence."""
        ...

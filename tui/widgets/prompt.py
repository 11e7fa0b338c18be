"""The line at the bottom where one types: a search, a command, a comment, a reason."""

import asyncio
from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

Answer = Callable[[str | None], None]
Typed = Callable[[str], None]


class Prompt(Horizontal):
    """Asks for one line. Enter answers with it, Esc with None; `typed` hears every change."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._answer: Answer | None = None
        self._typed: Typed | None = None
        self._words: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """A label and a field."""
        yield Static("", id="prompt-label", markup=False)
        field = Input(id="prompt-input", select_on_focus=False)
        field.cursor_blink = False
        yield field

    @property
    def is_open(self) -> bool:
        """Whether it is asking."""
        return self._answer is not None

    def ask(self, label: str, answer: Answer, *, initial: str = "", typed: Typed | None = None, words: tuple[str, ...] = ()) -> None:
        """Ask; `answer` is called once. `words` are what Tab completes. A question still open is answered with None first."""
        self.close(None)
        self._answer, self._typed, self._words = answer, typed, words
        self.query_one("#prompt-label", Static).update(label)
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = initial
        field.cursor_position = len(initial)
        self.add_class("-shown")
        self.screen.add_class("-asking")
        field.focus()

    def answer_to(self, label: str, *, initial: str = "", typed: Typed | None = None, words: tuple[str, ...] = ()) -> "asyncio.Future[str | None]":
        """The same as a future."""
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.ask(label, lambda value: None if answered.done() else answered.set_result(value), initial=initial, typed=typed, words=words)
        return answered

    def close(self, value: str | None) -> None:
        """End the question with this answer."""
        answer, self._answer, self._typed = self._answer, None, None
        self.remove_class("-shown")
        self.screen.remove_class("-asking")
        if answer is not None:
            answer(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every letter."""
        event.stop()
        if self._typed is not None:
            self._typed(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.close(event.value)

    def on_key(self, event: events.Key) -> None:
        """Esc gives up; Tab completes the last word."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.close(None)
        elif event.key == "tab":
            event.stop()
            event.prevent_default()
            self._complete()

    def _complete(self) -> None:
        field = self.query_one(Input)
        head, blank, last = field.value.rpartition(" ")
        found = [word for word in self._words if last and word.startswith(last)]
        if found:
            field.value = head + blank + found[0] + " "
            field.cursor_position = len(field.value)

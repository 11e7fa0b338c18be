"""The line at the bottom where one types: a search, a command, a comment, a path; below it, where there is something to say, a hint."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from tui.view.commands.command import Place
from tui.view.completing import Completer, Tabbing
from tui.view.hints import NO_HINT, Hint, hint_line, offers_hint
from tui.widgets.field import Field
from tui.widgets.keyed import reader_for
from tui.widgets.one_line import OneLine

Answer = Callable[[str | None], None]
Typed = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """What is asked. `typed` hears every change; `complete` says what Tab offers; `history` is what ↑ brings, the newest last."""

    label: str
    initial: str = ""
    typed: Typed | None = None
    complete: Completer | None = None
    history: Sequence[str] = ()
    hinting: bool = False
    """True: the line of the hint is there from the beginning, so that nothing jumps when it is needed."""
    refusal: Callable[[str], Hint | None] | None = None
    """What keeps Enter from answering, said below the line, which stays to be mended; it answers None where nothing does."""
    asides: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """Keys that lead away from the line for a while: what is called before it is answered with what stands there."""


class Prompt(Vertical):
    """Asks for one line. Enter answers with it, Esc with None."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._answer: Answer | None = None
        self._question = Question("")
        self._tabbing: Tabbing | None = None
        self._ago = 0
        """How far back in the history; 0: what is being typed."""
        self._keys = reader_for(self, Place.PROMPT)
        self._begun = ""
        self._stays: Callable[[], None] = _nothing

    def compose(self) -> ComposeResult:
        """A label and a field, and below them the hint."""
        with Horizontal(id="prompt-line"):
            yield Static("", id="prompt-label", markup=False)
            entry = Field(id="prompt-input")
            yield entry
        yield OneLine(id="prompt-hint")

    @property
    def is_open(self) -> bool:
        """Whether it is asking."""
        return self._answer is not None

    @property
    def _field(self) -> Input:
        return self.query_one(Input)

    def ask(self, question: Question, answer: Answer) -> None:
        """Ask; `answer` is called once. A question still open is answered with None first."""
        self.close(None)
        self._answer, self._question, self._tabbing, self._ago = answer, question, None, 0
        self.query_one("#prompt-label", Static).update(question.label)
        with self._field.prevent(Input.Changed):
            self._field.value = question.initial
        self._field.cursor_position = len(question.initial)
        self.hint(NO_HINT)
        self.add_class("-shown")
        self.screen.add_class("-asking")
        self._field.focus()

    def answer_to(self, question: Question, *, stays: Callable[[], None]) -> "asyncio.Future[str | None]":
        """The same as a future. `stays` is called when Enter has answered nothing."""
        self._stays = stays
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.ask(question, lambda value: None if answered.done() else answered.set_result(value))
        return answered

    def close(self, value: str | None) -> None:
        """End the question with this answer."""
        answer, self._answer = self._answer, None
        self.remove_class("-shown")
        self.screen.remove_class("-asking")
        if answer is not None:
            answer(value)

    def hint(self, hint: Hint) -> None:
        """Say something below the line; a hint that points stands under the character it means. What Tab offers stays until one types on."""
        if self._tabbing is None or len(self._tabbing.offers) == 1:
            self._show_hint(hint)

    def _show_hint(self, hint: Hint) -> None:
        shown = hint is not NO_HINT or self._question.hinting
        self.query_one("#prompt-hint", OneLine).show(hint_line(hint, self._question.label, self.size.width) if shown else None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every letter."""
        event.stop()
        if self._tabbing is not None and event.value != self._tabbing.text:
            self._tabbing = None
            self.hint(NO_HINT)
        if self._question.typed is not None and self.is_open:
            self._question.typed(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        refusal = self._question.refusal(event.value) if self._question.refusal is not None else None
        if refusal is None:
            self.close(event.value)
        else:
            self._tabbing = None
            self._show_hint(refusal)
            self._stays()

    def on_key(self, event: events.Key) -> None:
        """Esc gives up; Tab completes; ↑ and ↓ go through what was typed before."""
        name = "" if event.is_printable else self._keys.hear(event.key, None)
        if name == "prompt-leave":
            self.close(None)
        elif event.key in self._question.asides:
            self._question.asides[event.key]()
            self.close(self._field.value)
        elif name in ("complete", "complete-back"):
            self._complete(1 if name == "complete" else -1)
        elif name in ("history-back", "history-on") and self._question.history:
            self._go_back(1 if name == "history-back" else -1)
        else:
            return
        event.stop()
        event.prevent_default()

    def _complete(self, by: int) -> None:
        entry, complete = self._field, self._question.complete
        if complete is None:
            return
        if self._tabbing is not None and entry.value == self._tabbing.text and len(self._tabbing.offers) > 1:
            self._tabbing = self._tabbing.next(by)
        else:
            offers = tuple(complete(entry.value, entry.cursor_position))
            if not offers:
                return
            self._tabbing = Tabbing(entry.value, offers)
        tabbing = self._tabbing
        self._write(tabbing.text, tabbing.cursor)
        if len(tabbing.offers) > 1:
            self._show_hint(offers_hint(tabbing.offers, tabbing.at))

    def _go_back(self, by: int) -> None:
        history = self._question.history
        if self._ago == 0:
            self._begun = self._field.value
        self._ago = min(max(0, self._ago + by), len(history))
        text = history[-self._ago] if self._ago else self._begun
        self._write(text, len(text))

    def _write(self, text: str, cursor: int) -> None:
        self._field.value = text
        self._field.cursor_position = cursor


def _nothing() -> None:
    """Nobody waits for an answer."""

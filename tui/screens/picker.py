"""Picking one of many by typing a few letters, with a preview where there is one."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.screens.program import ANSWER, program_of
from tui.view.choosing import Choice, matching
from tui.view.commands.command import Place
from tui.view.gate import clean
from tui.view.keys.key_words import key_words
from tui.view.keys.reading import narrowed
from tui.view.spans import Line, Span, line
from tui.view.width import fit
from tui.view.wrapping import wrap
from tui.widgets.field import Field
from tui.widgets.keyed import keys_at, reader_for
from tui.widgets.lines_pane import LinesPane
from tui.words import _

SHOWN = 10
BORDER = 2
"""Lines of a box's border."""
_STEPS = {"pick-down": 1, "letter-down": 1, "pick-up": -1, "letter-up": -1}


@dataclass(frozen=True)
class Picking:
    """What to pick from. `by_letter`: a choice's letter picks it at once, and nothing is typed.

    Where there are more of them than stand in the box, `/`, or a letter that is nobody's, begins to filter them.
    """

    title: str
    choices: tuple[Choice, ...]
    by_letter: bool = False
    preview: Callable[[Choice, int], tuple[Line, ...]] | None = None
    detail: tuple[Line, ...] = ()
    """Lines between the title and the choices."""
    making: Callable[[str], Choice | None] | None = None
    """A choice that what was typed stands for itself: a new tag, a time. It comes behind those that fit."""
    first: str = ""
    """How the first one is made, where there is no choice yet."""
    unfit: str = ""
    """Why what was typed stands for none."""


@dataclass(frozen=True)
class Room:
    """How many lines of a box are for what."""

    choices: int
    detail: int
    has_hint: bool


def room_for(height: int, above: int, choices: int, detail: int) -> Room:
    """Of a terminal so high, `above`: the lines for title and field. What can be picked is seen first, then how, then what it is about."""
    left = height * 9 // 10 - BORDER - above
    shown = min(SHOWN, max(choices, 1), max(left, 1))
    left -= shown
    return Room(shown, min(detail, max(0, left - 1)), left > 0)


def beyond(first: int, shown: int, count: int) -> str:
    """Behind a hint: how many choices stand above and below those that are shown."""
    below = count - first - shown
    return (f"  ↑{first}" if first > 0 else "") + (f"  ↓{below}" if below > 0 else "")


class Dialog(ModalScreen[str | None]):
    """A box over the screen that answers with a word; Esc answers None."""

    is_awaited = False
    """Whether somebody waits for the answer (`tui.screens.asking`): what is typed behind it is for whatever they make of it."""

    def hear_key(self, event: events.Key) -> bool:
        """Every key, from the app itself. A field hears of its Enter by a message of its own: what is typed behind it waits for what comes of it."""
        if event.key == "enter" and self.is_awaited and isinstance(self.focused, Input):
            program_of(self).hold_keys(ANSWER)
        return False

    def stays(self) -> None:
        """Enter has answered nothing."""
        if self.is_awaited:
            program_of(self).release_keys(ANSWER)

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Answer."""
        if self.is_awaited:
            program_of(self).hold_keys(ANSWER)
        return super().dismiss(result)


class Picker(Dialog):
    """Type to narrow, ↑ ↓ (or ^N ^P) to move, Enter to pick."""

    def __init__(self, picking: Picking) -> None:
        super().__init__()
        self._picking = picking
        self._found = picking.choices
        self._hint = ""
        self._at = self._first = 0
        self._by_letter = picking.by_letter
        """False once a filter is typed."""
        self._keys = reader_for(self, lambda: Place.LETTERS if self._by_letter else Place.PICKER)
        self._filters = not picking.by_letter or len(picking.choices) > SHOWN

    def compose(self) -> ComposeResult:
        """Title, field, choices, preview."""
        with Vertical(id="box"):
            yield Static(clean(self._picking.title), id="title", markup=False)
            if self._picking.detail:
                yield LinesPane(id="detail")
            if self._filters:
                field = Field(id="typed")
                field.display = not self._by_letter
                yield field
            yield LinesPane(id="lines")
            if self._picking.preview is not None:
                yield LinesPane(id="preview")
            words = _("{filter} filters, {pick} picks, {leave} leaves") if self._by_letter and self._filters else _("{pick} picks, {leave} leaves")
            keys = keys_at(self)
            pick = keys.shown("letter-pick") if self._by_letter else key_words("enter")
            self._hint = words.format(filter=keys.shown("letter-filter"), pick=pick, leave=keys.shown("pick-leave"))
            yield Static(self._hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        if self._by_letter:
            self.query_one("#lines", LinesPane).focus()
        else:
            self.query_one(Input).focus()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Lay out anew."""
        self.call_after_refresh(self._show)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self._found = matching(self._picking.choices, event.value)
        made = self._picking.making(event.value.strip()) if self._picking.making is not None and event.value.strip() else None
        if made is not None and made.key not in {choice.key for choice in self._found}:
            self._found += (made,)
        self._at = 0
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pick."""
        event.stop()
        self._pick()

    def on_key(self, event: events.Key) -> None:
        """Move, pick, leave."""
        letter = narrowed(event.character or "")
        if self._by_letter and (found := [each for each in self._found if each.letter and each.letter == letter]):
            self.dismiss(found[0].key)
        elif not self._heard(event):
            return
        event.stop()
        event.prevent_default()

    def on_lines_pane_clicked(self, event: LinesPane.Clicked) -> None:
        """The mouse: a choice that is clicked is picked."""
        event.stop()
        at = self._first + event.row
        if event.pane.id == "lines" and at < len(self._found):
            self._at = at
            self._pick()

    def _heard(self, event: events.Key) -> bool:
        """Whether the key asks for something here. A letter that asks for nothing begins to filter."""
        name = self._keys.hear(event.key, event.character) if self._by_letter or not event.is_printable else ""
        if name == "pick-leave":
            self.dismiss(None)
        elif name in _STEPS:
            self._at = min(max(0, self._at + _STEPS[name]), max(0, len(self._found) - 1))
            self._show()
        elif name == "letter-pick":
            self._pick()
        elif self._by_letter and self._filters and event.is_printable and event.character is not None:
            self._begin_to_filter("" if name == "letter-filter" else event.character)
        else:
            return False
        return True

    def _begin_to_filter(self, typed: str) -> None:
        """From here on letters are typed."""
        self._by_letter = False
        field = self.query_one(Input)
        field.display = True
        field.focus()
        field.value = typed
        field.cursor_position = len(typed)

    def _pick(self) -> None:
        if self._found:
            self.dismiss(self._found[self._at].key)
        else:
            self.stays()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        pane = self.query_one("#lines", LinesPane)
        width = pane.text_width
        room = self._room()
        first = self._first = max(0, self._at - room.choices + 1)
        lines = [self._line(choice, width, chosen=index == self._at) for index, choice in enumerate(self._found)][first : first + room.choices]
        pane.show(lines or [line(piece, "quiet") for piece in wrap(self._nothing_words(), width)])
        if self._picking.preview is not None:
            preview = self.query_one("#preview", LinesPane)
            preview.show(self._picking.preview(self._found[self._at], preview.text_width) if self._found else ())
        if detail := self._picking.detail:
            self.query_one("#detail", LinesPane).show(detail if len(detail) <= room.detail else detail[: room.detail])
        hint = self.query_one("#hint", Static)
        hint.display = room.has_hint
        hint.update(self._hint + beyond(first, len(lines), len(self._found)))

    def _nothing_words(self) -> str:
        """What stands in place of the choices where there is none."""
        picking, is_typed = self._picking, self._filters and bool(self.query_one(Input).value.strip())
        return (picking.unfit if is_typed else picking.first) or _("Nothing fits.")

    def _room(self) -> "Room":
        typed = self._filters and not self._by_letter
        return room_for(self.size.height, self.query_one("#title").size.height + typed, len(self._found), len(self._picking.detail))

    def _line(self, choice: Choice, width: int, *, chosen: bool) -> Line:
        letter = f"{choice.letter}  " if self._by_letter and choice.letter else ""
        label = ("> " if chosen else "  ") + letter + choice.label
        hint = f"  {choice.hint}" if choice.hint else ""
        if chosen:
            return line(fit(label + hint, width), "selected")
        return Line((Span(label), Span(hint, "quiet")))

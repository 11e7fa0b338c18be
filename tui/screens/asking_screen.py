"""A screen that can ask: a line at the bottom, a choice, a dialog, a page to read."""

from collections.abc import Callable, Mapping, Sequence

from tui.screens.asking import answer_of, line_of
from tui.screens.editor import read_outside
from tui.screens.page import Pages, PageScreen
from tui.screens.panes import PanedScreen
from tui.screens.picker import Dialog, Picker, Picking
from tui.view.completing import Completer
from tui.view.hints import Hint
from tui.widgets.prompt import Prompt, Question, Typed


class AskingScreen(PanedScreen):
    """What the actions of the desk ask with."""

    def before_asking(self) -> None:
        """A line is about to be typed at the bottom, or a page comes: what was said is over."""

    def after_asking(self) -> None:
        """It was typed, or given up: the focus goes back."""

    async def ask_line(
        self, label: str, *, initial: str = "", typed: Typed | None = None, complete: Completer | None = None, history: Sequence[str] = (),
        hinting: bool = False, refusal: Callable[[str], Hint | None] | None = None, asides: Mapping[str, Callable[[], None]] | None = None,
    ) -> str | None:  # fmt: skip
        """One line typed at the bottom."""
        self.before_asking()
        value = await line_of(self, Question(label, initial, typed, complete, history, hinting, refusal, asides or {}))
        self.after_asking()
        return value

    def hint(self, hint: Hint) -> None:
        """Say something below the line that is typed."""
        self.query_one(Prompt).hint(hint)

    async def show(self, dialog: Dialog) -> str | None:
        """What a dialog says."""
        return await answer_of(self, dialog)

    async def choose(self, picking: Picking) -> str | None:
        """The key of what was picked."""
        return await answer_of(self, Picker(picking))

    def show_over(self, dialog: Dialog) -> None:
        """A box that answers nobody."""
        self.app.push_screen(dialog)

    def show_page(self, title: str, pages: Pages) -> None:
        """A page to read and to search."""
        self.before_asking()
        self.app.push_screen(PageScreen(title, pages))

    def copy(self, text: str) -> None:
        """To the terminal's clipboard (OSC 52)."""
        self.app.copy_to_clipboard(text)

    def step_aside(self, command: str, text: str) -> str:
        """Let another program have the terminal."""
        return read_outside(self.app, command, text)

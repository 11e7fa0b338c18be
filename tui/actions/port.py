"""What an action may ask of the desk: the one thing actions and screens both know."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Protocol

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.local.rows import ConversationRow
from tui.acted import Repeatable, Reserved, Stroke
from tui.calling import Calling
from tui.composing import Composing
from tui.opened import Opened
from tui.pager import Pager
from tui.reading_marks import Marked
from tui.screens.page import Pages
from tui.screens.picker import Dialog, Picking
from tui.screens.shown_mail import ShownMail
from tui.screens.status_bar import StatusBar
from tui.screens.views import Views
from tui.session import Session
from tui.view.availability import Situation
from tui.view.beside import Beside
from tui.view.commands.command import Place
from tui.view.completing import Completer
from tui.view.hints import Hint
from tui.view.marks import MarkSet
from tui.widgets.conversation_list import ConversationList
from tui.widgets.lines_pane import LinesPane


class Guiding(Protocol):
    """`tui.screens.touring.Guide`."""

    @property
    def is_on(self) -> bool: ...
    async def begin(self) -> None: ...
    def end(self) -> None: ...
    def skip(self) -> None: ...


class Desk(Protocol):
    """The main screen as its actions see it."""

    session: Session
    pager: Pager
    place: Place
    mail: ShownMail
    views: Views
    calling: Calling
    unfolded: bool
    beside: Beside
    status: StatusBar
    acted_on: list[Stroke]
    """This terminal's own actions, oldest first: `u` begins at the end."""
    marks: MarkSet
    """What the next sorting command is for; none: the line under the cursor."""
    repeated: Repeatable | None
    """The last sorting command, for `.`."""
    marked: list[Marked]
    """What was set to unread, or read, by hand; likewise."""
    thrown: tuple[Draft, int] | None
    """The text that was thrown away last, and how many actions there were before it."""

    @property
    def guide(self) -> Guiding: ...
    @property
    def row(self) -> ConversationRow | None:
        """The conversation under the cursor, or the one being read."""
        ...

    reserved: Reserved | None
    """What `n` has taken, as long as it is read."""
    passed: set[ConversationId]
    """What `n` has offered already."""

    def mark(self, marks: MarkSet) -> None:
        """These are marked now."""
        ...

    def spawn(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]":
        """Run it beside the keys."""
        ...

    @property
    def list(self) -> ConversationList: ...
    @property
    def reading(self) -> LinesPane: ...
    @property
    def comments(self) -> LinesPane: ...
    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence above the status bar, until the next key that says something else."""
        ...

    async def ask_line(
        self, label: str, *, initial: str = "", typed: Callable[[str], None] | None = None, complete: Completer | None = None,
        history: Sequence[str] = (), hinting: bool = False, refusal: Callable[[str], Hint | None] | None = None,
        asides: Mapping[str, Callable[[], None]] | None = None,
    ) -> str | None:  # fmt: skip
        """One line typed at the bottom; None: given up. `refusal` and `asides`: see `Question`."""
        ...

    @property
    def situation(self) -> Situation:
        """What decides which commands make sense."""
        ...

    def copy(self, text: str) -> None:
        """To the terminal's clipboard."""
        ...

    def step_aside(self, command: str, text: str) -> str:
        """Let another program have the terminal, with the text in a file behind its name; blocks until it ends. What went wrong, "": nothing."""
        ...

    def hint(self, hint: Hint) -> None:
        """Say something below the line that is typed."""
        ...

    async def choose(self, picking: Picking) -> str | None:
        """The key of what was picked; None: given up."""
        ...

    async def show(self, dialog: Dialog) -> str | None:
        """What a dialog says; None: given up."""
        ...

    async def read(self, conversation_id: ConversationId) -> Opened | None:
        """A conversation from the store."""
        ...

    def go(self, place: Place) -> None:
        """Move the focus."""
        ...

    def look(self, *, anew: bool = False) -> None:
        """Show the conversation under the cursor where it is read."""
        ...

    def perform(self, name: str, argument: str = "") -> None:
        """Do a command by its name."""
        ...

    def show_view(self, query_text: str, words: str) -> None:
        """Another list."""
        ...

    def show_help(self) -> None: ...
    def show_over(self, dialog: Dialog) -> None:
        """A box over the screen, which answers nobody."""
        ...

    def show_page(self, title: str, pages: Pages) -> None:
        """A page to read and to search."""
        ...

    async def open_composer(self, composing: Composing) -> None:
        """Write; comes back when it is on the screen."""
        ...

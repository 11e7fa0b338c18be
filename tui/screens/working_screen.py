"""What an agent at work has in hand: marks, what was done and can be taken back or repeated, and whose lines must not move meanwhile."""

import asyncio
from collections.abc import Coroutine
from time import monotonic

from store.domain.ids import ConversationId
from tui.acted import Repeatable, Reserved, Stroke
from tui.pager import Pager
from tui.reading_marks import Marked
from tui.screens.asking_screen import AskingScreen
from tui.screens.chores import Chores
from tui.screens.status_bar import StatusBar
from tui.view.marks import NONE, MarkSet

AT_WORK_SECONDS = 5.0
"""After the last key; then new mail at the top is shown again."""


class WorkingScreen(AskingScreen):
    """The part of the desk that remembers from one key to the next."""

    pager: Pager
    status: StatusBar

    def __init__(self) -> None:
        super().__init__()
        self.acted_on: list[Stroke] = []
        self.marked: list[Marked] = []
        self.marks = NONE
        self.repeated: Repeatable | None = None
        self.reserved: Reserved | None = None
        self.passed: set[ConversationId] = set()
        self._key_at = float("-inf")
        self._rests = False
        self.chores = Chores(self, self.say)

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run it beside the keys."""
        return self.chores.spawn(work)

    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence above the status bar."""
        self.status.toast(words, tone)

    def mark(self, marks: MarkSet) -> None:
        """These are marked now, for the next sorting command."""
        self.marks = marks
        self.list.show(self.pager.window)
        self.status.forget_toast()
        self.status.paint()

    def hands_on(self) -> None:
        """A key was pressed."""
        self._key_at = monotonic()

    def is_at_work(self) -> bool:
        """Whether keys were pressed just now, or something is marked: then no line moves under whoever does it."""
        return bool(self.marks) or monotonic() - self._key_at < AT_WORK_SECONDS

    def is_untouched(self) -> bool:
        """Whether no key was pressed since the start."""
        return self._key_at == float("-inf")

    def rest_soon(self) -> None:
        """Show what came in above as soon as nobody is at work."""
        if self.pager.is_held and not self._rests:
            self._rests = True
            self.set_timer(AT_WORK_SECONDS, self._rest)

    def _rest(self) -> None:
        self._rests = False
        self.pager.let_go()
        self.rest_soon()

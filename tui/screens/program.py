"""The app as its screens see it."""

from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from textual.screen import Screen

T = TypeVar("T")
S = TypeVar("S", bound=Screen[str | None])

QUESTION = "question"
"""What keys wait for, where nothing else is named."""
ANSWER = "answer"
"""They wait for a question that was answered to be taken away."""


class Program(Protocol):
    """What `tui.app.Mado` offers beyond Textual's App."""

    def on_leaving(self, call: Callable[[], None]) -> None:
        """Call it before the program ends, whatever ends it."""
        ...

    def leave_in_order(self) -> None:
        """Save, give back, end."""
        ...

    def paint_anew(self) -> None:
        """Whatever stands on the terminal: paint it all again."""
        ...

    def hold_keys(self, what: object = QUESTION) -> None:
        """A question is on its way to the screen, or a list: what is typed belongs to it."""
        ...

    def release_keys(self, what: object = QUESTION) -> None:
        """It is there, or there is none."""
        ...

    async def standing(self, kind: type[S], make: Callable[[], S]) -> S:
        """The screen of this kind that is kept, mounted and laid out; `make` makes it the first time."""
        ...

    def crash(self, error: BaseException) -> None:
        """A bug: save, say one sentence, end."""
        ...

    def call_user(self, sequence: str) -> None:
        """Write a bell or a notification to the terminal."""
        ...

    def entitle(self, words: str) -> None:
        """Give the terminal a title; "" gives it its own back."""
        ...

    def first_page_is_shown(self) -> None:
        """Now the engine and the link may begin."""
        ...


def program_of(screen: Screen[T]) -> Program:
    """The app of ours that shows this screen."""
    return cast("Program", screen.app)

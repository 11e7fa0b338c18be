"""What is offered below a field while one types in it: a few lines, one of them chosen."""

from collections.abc import Sequence

from tui.view.gate import clean
from tui.view.spans import line
from tui.widgets.lines_pane import LinesPane


class Offers(LinesPane, can_focus=False):
    """Closed while there is nothing to offer. `chosen` None: none of them until an arrow says so."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.offers: tuple[str, ...] = ()
        self.at: int | None = None
        self.display = False

    @property
    def chosen(self) -> str | None:
        """What would be taken now."""
        return None if self.at is None or not self.offers else self.offers[self.at]

    def offer(self, offers: Sequence[str], *, first: bool) -> None:
        """Show these; `first`: the first of them is chosen."""
        self.offers, self.at = tuple(offers), 0 if first and offers else None
        self.display = bool(offers)
        self._paint()

    def close(self) -> bool:
        """Offer nothing; False: nothing was offered."""
        was_open = bool(self.offers)
        self.offer((), first=False)
        return was_open

    def step(self, by: int) -> None:
        """Choose the next, or the one before."""
        if self.offers:
            self.at = (0 if by > 0 else len(self.offers) - 1) if self.at is None else (self.at + by) % len(self.offers)
            self._paint()

    def _paint(self) -> None:
        self.show([line(f"> {clean(each)}", "selected") if index == self.at else line(f"  {clean(each)}") for index, each in enumerate(self.offers)])

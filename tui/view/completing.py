"""What may stand where somebody is typing a line: offers for Tab, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Offer(Protocol):
    """`text` in place of the characters from `start` to `end`; `words` say what it is."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """An offer."""

    text: str
    start: int
    end: int
    words: str = ""


Completer = Callable[[str, int], Sequence[Offer]]
"""What there is to offer for a text and the place of the cursor in it."""


def of_words(words: Sequence[str]) -> Completer:
    """Offers those of the words that begin like the last one typed."""

    def complete(text: str, cursor: int) -> tuple[Completion, ...]:
        start = text.rfind(" ", 0, cursor) + 1
        begun = text[start:cursor]
        return tuple(Completion(each + " ", start, cursor) for each in words if begun and each.startswith(begun))

    return complete


@dataclass(frozen=True, slots=True)
class Tabbing:
    """Tab pressed once or more: what was typed, what is offered, and which of it stands there now."""

    typed: str
    offers: tuple[Offer, ...]
    at: int = 0

    @property
    def text(self) -> str:
        """The line as it stands now."""
        offer = self.offers[self.at]
        return self.typed[: offer.start] + offer.text + self.typed[offer.end :]

    @property
    def cursor(self) -> int:
        """Behind what was put in."""
        offer = self.offers[self.at]
        return offer.start + len(offer.text)

    def next(self, by: int) -> "Tabbing":
        """The offer after this one, or before it."""
        return Tabbing(self.typed, self.offers, (self.at + by) % len(self.offers))

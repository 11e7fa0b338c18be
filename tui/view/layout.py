"""A conversation laid out message by message, the newest first: a long one is on the screen before its beginning is laid out. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.message_head import Shown
from tui.view.reading import message_lines
from tui.view.spans import Line

AT_ONCE_CHARACTERS = 4_000
"""About so much text is laid out between two keys."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How everything is laid out."""

    width: int
    now: datetime
    unfolded: bool = False
    keys: KeyMap = DEFAULT
    """What is named where a key opens or shows more."""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes lines look different; of the moment only its day, which the times depend on."""
        return (self.width, self.now.astimezone().date(), self.unfolded)


@dataclass(frozen=True, slots=True)
class Place:
    """A line by its message, which stays the same when lines come in above it."""

    message: int
    line: int


@dataclass(frozen=True, slots=True)
class _Laid:
    shown: Shown
    key: tuple[object, ...]
    lines: tuple[Line, ...]


class Pieces(Sequence[Line]):
    """The lines of neighbouring messages as one sequence."""

    def __init__(self, pieces: Sequence[Sequence[Line]]) -> None:
        self._pieces = pieces
        self.begins: list[int] = []
        at = 0
        for piece in pieces:
            self.begins.append(at)
            at += len(piece)
        self._length = at

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._length))]
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        piece = bisect_right(self.begins, index) - 1
        return self._pieces[piece][index - self.begins[piece]]

    def __iter__(self) -> Iterator[Line]:
        for piece in self._pieces:
            yield from piece


class Layout:
    """What is laid out of one conversation: its last messages, then, `lay_out_next` by `lay_out_next`, those before them."""

    def __init__(self) -> None:
        self._messages: Sequence[Shown] = ()
        self._laid: list[_Laid | None] = []
        self._first = 0
        self._manner: Manner | None = None
        self._of: object = None
        self._charsets: Mapping[int, str] = {}
        self._also_in: Mapping[int, str] = {}
        self._numbers: list[int] = []
        self.lines = Pieces(())
        """From the first message on that is laid out."""

    def of(self, what: object, messages: Sequence[Shown], manner: Manner, *, charsets: Mapping[int, str], also_in: Mapping[int, str]) -> None:
        """Begin with these messages; what is laid out already of the same `what` in the same manner is kept.

        By index: in which charset a person had it read, and the words for other inboxes that have it.
        """
        kept: list[_Laid | None] = list(self._laid) if what == self._of and self._manner is not None and manner.key == self._manner.key else []
        self._of, self._messages, self._manner, self._charsets, self._also_in = what, messages, manner, charsets, also_in
        self._numbers = []
        number = 1
        for each in messages:
            self._numbers.append(number)
            number += len(each.message.attachments)
        self._laid = [self._if_same(kept[index], index) if index < len(kept) else None for index in range(len(messages))]
        self._first = len(messages)
        self._take_in()

    def _if_same(self, laid: _Laid | None, index: int) -> _Laid | None:
        return laid if laid is not None and laid.key == self._key(index) and laid.shown == self._messages[index] else None

    def _key(self, index: int) -> tuple[object, ...]:
        return (self._numbers[index], self._charsets.get(index, ""), self._also_in.get(index, ""))

    @property
    def is_waiting(self) -> bool:
        """Whether older messages are still to be laid out."""
        return self._first > 0

    def lay_out(self, message: int, height: int) -> None:
        """Have this message and all after it laid out, and at least so many lines, where there are so many."""
        while self._first > 0 and (self._first > message or len(self.lines) < height):
            self._lay_out_one()

    def lay_out_next(self) -> None:
        """Some more of the older ones."""
        characters = 0
        while self._first > 0 and characters < AT_ONCE_CHARACTERS:
            characters += len(self._messages[self._first - 1].message.text)
            self._lay_out_one()

    def _lay_out_one(self) -> None:
        index, manner = self._first - 1, self._manner
        assert manner is not None, "nothing to lay out"
        lines = message_lines(
            self._messages[index], index, manner.width, manner.now, first_number=self._numbers[index], unfolded=manner.unfolded,
            charset=self._charsets.get(index, ""), also_in=self._also_in.get(index, ""), key=manner.keys.shown,
        )  # fmt: skip
        self._laid[index] = _Laid(self._messages[index], self._key(index), lines)
        self._take_in()

    def _take_in(self) -> None:
        while self._first > 0 and self._laid[self._first - 1] is not None:
            self._first -= 1
        self.lines = Pieces([each.lines for each in self._laid[self._first :] if each is not None])

    # Where things are.

    def first_line(self, message: int) -> int:
        """The line of the message's head; 0 for one that is not laid out yet."""
        begins = self._begins
        at = message - self._first
        if not 0 <= at < len(begins):
            return 0
        # All but the first of a conversation begin with a blank line.
        return begins[at] + (1 if message else 0)

    def message_at(self, line: int) -> int:
        """The message that line belongs to."""
        return max(0, self._first + bisect_right(self._begins, line) - 1)

    def place_of(self, line: int) -> Place:
        """The line by its message."""
        message = self.message_at(line)
        at = message - self._first
        return Place(message, line - (self._begins[at] if 0 <= at < len(self._begins) else 0))

    def line_of(self, place: Place) -> int:
        """Where that line is now."""
        at = place.message - self._first
        return self._begins[at] + place.line if 0 <= at < len(self._begins) else 0

    @property
    def _begins(self) -> list[int]:
        return self.lines.begins

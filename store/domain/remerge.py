"""A template has changed while its text is in a draft: what the template changed and what the agent changed come together, line by line."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

Lines = tuple[str, ...]


class Clash(msgspec.Struct, frozen=True):
    """Lines that both have changed: somebody must choose between `mine` and `new`."""

    mine: Lines
    new: Lines


class _Change(msgspec.Struct, frozen=True):
    """Lines `start` to `end` (excluded) of the base are these now; an insertion where both are the same."""

    start: int
    end: int
    lines: Lines

    @property
    def inserts(self) -> bool:
        return self.start == self.end


def three_way(base: str, mine: str, new: str) -> tuple[Lines | Clash, ...]:
    """The lines of `mine`, with what became of `base` in `new` done to them too.

    `mine` may have more around the base, a greeting, a signature, a quotation: it stays around what the base has become.
    """
    old = tuple(base.split("\n"))
    ours = _without_surroundings(_changes(old, mine.split("\n")), len(old))
    theirs = _changes(old, new.split("\n"))
    pieces: list[Lines | Clash] = []
    at = 0
    while ours or theirs:
        of_mine, of_new, start, end = _next_cluster(ours, theirs, len(old))
        pieces += [old[at:start], _joined(old, start, end, of_mine, of_new)]
        del ours[: len(of_mine)], theirs[: len(of_new)]
        at = end
    pieces.append(old[at:])
    return tuple(piece for piece in pieces if piece)


def clashes(pieces: Sequence[Lines | Clash]) -> tuple[Clash, ...]:
    """What is still to be chosen, in order."""
    return tuple(piece for piece in pieces if isinstance(piece, Clash))


def together(pieces: Sequence[Lines | Clash], take_new: Sequence[bool]) -> str:
    """The text, with one choice for each clash: True takes the template's lines."""
    choices = iter(take_new)
    lines: list[str] = []
    for piece in pieces:
        if isinstance(piece, Clash):
            lines += piece.new if next(choices) else piece.mine
        else:
            lines += piece
    return "\n".join(lines)


def difference(old: str, new: str) -> tuple[str, ...]:
    """The lines of both, `-` before those that went, `+` before those that came, two blanks before those that stayed."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [f"  {line}" for line in before[i1:i2]]
        else:
            lines += [f"- {line}" for line in before[i1:i2]] + [f"+ {line}" for line in after[j1:j2]]
    return tuple(lines)


def _changes(old: Sequence[str], lines: Sequence[str]) -> list[_Change]:
    opcodes = SequenceMatcher(None, old, lines, autojunk=False).get_opcodes()
    return [_Change(i1, i2, tuple(lines[j1:j2])) for tag, i1, i2, j1, j2 in opcodes if tag != "equal"]


def _without_surroundings(changes: list[_Change], length: int) -> list[_Change]:
    """A change at an edge is cut at an empty line: what lies beyond it stands around the base, and is no change of it."""
    if changes and (first := changes[0]).start == 0 < first.end and "" in first.lines:
        cut = len(first.lines) - first.lines[::-1].index("")
        changes[:1] = [_Change(0, 0, first.lines[:cut]), _Change(0, first.end, first.lines[cut:])]
    if changes and (last := changes[-1]).end == length > last.start and "" in last.lines:
        cut = last.lines.index("")
        changes[-1:] = [_Change(last.start, length, last.lines[:cut]), _Change(length, length, last.lines[cut:])]
    return changes


def _next_cluster(ours: Sequence[_Change], theirs: Sequence[_Change], length: int) -> tuple[list[_Change], list[_Change], int, int]:
    """The next changes that touch the same lines, of both sides, and which lines of the base these are."""
    # At the end of the base the template's lines come first: mine stand below it.
    heads = [(change.start, change.end, 2 * (change.start == length)) for change in ours[:1]] + [
        (change.start, change.end, 1) for change in theirs[:1]
    ]
    first = theirs[0] if min(heads)[2] == 1 else ours[0]
    start, end = first.start, first.end
    of_mine: list[_Change] = []
    of_new: list[_Change] = []
    grown = True
    while grown:
        grown = False
        for side, taken, others in ((ours, of_mine, of_new), (theirs, of_new, of_mine)):
            change = side[len(taken)] if len(taken) < len(side) else None
            if change is not None and (change is first or (first in (*taken, *others) and _touches(change, first, end, length))):
                taken.append(change)
                end, grown = max(end, change.end), True
    return of_mine, of_new, start, end


def _touches(change: _Change, first: _Change, end: int, length: int) -> bool:
    if change.inserts and first.start == end == change.start:
        # At an edge of the base mine stands outside, and what the template added inside.
        return 0 < end < length or change == first
    return change.start < end


def _joined(old: Lines, start: int, end: int, of_mine: Sequence[_Change], of_new: Sequence[_Change]) -> Lines | Clash:
    mine, new = _done(old, start, end, of_mine), _done(old, start, end, of_new)
    if not of_new or mine == new:
        return mine
    return new if not of_mine else Clash(mine, new)


def _done(old: Lines, start: int, end: int, changes: Sequence[_Change]) -> Lines:
    lines: list[str] = []
    at = start
    for change in changes:
        lines += [*old[at : change.start], *change.lines]
        at = change.end
    return (*lines, *old[at:end])

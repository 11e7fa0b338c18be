"""A reading text split into runs: what was written, what is quoted with the line that says whose it is, what is passed on, what is signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailsync.mime.quoting.quote_marks import (
    ATTRIBUTION_LINES,
    QUOTED,
    begins_forwarded,
    is_attribution,
    is_sure_attribution,
    may_begin_attribution,
    may_begin_old_mail,
    names_a_day,
    original_message,
)
from mailsync.mime.quoting.signatures import signature_lines

MOST_PIECES = 300
"""Of somebody's own text between quotations in which a signature is looked for, beside the last: no person answers a mail in more."""


class RunKind(StrEnum):
    """What a run of lines is."""

    TEXT = "text"
    QUOTE = "quote"
    SIGNATURE = "signature"
    FORWARDED = "forwarded"
    """Somebody else's, and new to whoever reads it: a mail that is passed on, with what says so and all it quotes."""


@dataclass(frozen=True)
class Run:
    """Neighbouring lines of one kind, their line ends included."""

    kind: RunKind
    text: str


def runs_of(text: str) -> tuple[Run, ...]:
    """The runs of a reading text, in order: `"".join(run.text for run in runs_of(text)) == text`."""
    ended = text.split("\n")
    kinds = line_kinds(ended)
    runs: list[Run] = []
    begun = 0
    for at in range(1, len(ended) + 1):
        if at == len(ended) or kinds[at] is not kinds[begun]:
            piece = "\n".join(ended[begun:at]) + ("\n" if at < len(ended) else "")
            runs.append(Run(kinds[begun], piece))
            begun = at
    return tuple(run for run in runs if run.text)


def line_kinds(lines: Sequence[str]) -> list[RunKind]:
    """What each line is. Blank lines belong to a quote only between two of its lines."""
    kinds = [RunKind.TEXT] * len(lines)
    at = 0
    while at < len(lines):
        if QUOTED.match(lines[at]):
            at = _prefixed(lines, at, kinds)
        elif not may_begin_old_mail(lines[at]):
            at += 1
        elif begins_forwarded(lines, at):
            _mark(kinds, at, _filled(lines, at), RunKind.FORWARDED)
            break
        elif (body := original_message(lines, at)) is not None or is_sure_attribution(lines[at]):
            body = at + 1 if body is None else body
            at = _unprefixed(lines, at, body, kinds)
        else:
            at += 1
    begun = pieces = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] is not kinds[begun]:
            if kinds[begun] is RunKind.TEXT and ((pieces := pieces + 1) <= MOST_PIECES or at == len(lines)):
                for number in signature_lines(lines[begun:at], first=begun == 0):
                    kinds[begun + number] = RunKind.SIGNATURE
            begun = at
    return kinds


def _prefixed(lines: Sequence[str], start: int, kinds: list[RunKind]) -> int:
    """Mark a quotation whose lines have a prefix, and the attribution above it; where it ends."""
    end = last = start
    while end < len(lines) and (QUOTED.match(lines[end]) or not lines[end].strip()):
        last = end if lines[end].strip() else last
        end += 1
    _mark(kinds, _attribution_above(lines, start, kinds), last + 1)
    return last + 1


def _attribution_above(lines: Sequence[str], start: int, kinds: Sequence[RunKind]) -> int:
    """Where the attribution of the quotation at `start` begins; `start` when it has none."""
    end = start
    while end > max(0, start - 2) and not lines[end - 1].strip():
        end -= 1
    if end == 0 or kinds[end - 1] is not RunKind.TEXT:
        return start
    begin = end - 1
    found = begin if is_attribution(lines[begin:end]) else start
    if found == begin and names_a_day(lines[begin]):
        return found
    while end - begin < ATTRIBUTION_LINES and begin and kinds[begin - 1] is RunKind.TEXT and lines[begin - 1].strip():
        begin -= 1
        if may_begin_attribution(lines[begin]) and is_attribution(lines[begin:end]):
            found = begin
    return found


def _unprefixed(lines: Sequence[str], start: int, body: int, kinds: list[RunKind]) -> int:
    """Mark an old mail under its header: up to where its prefixed lines end, or, having none, to the end of all."""
    first = body
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first < len(lines) and QUOTED.match(lines[first]):
        _mark(kinds, start, first)
        return first
    _mark(kinds, start, _filled(lines, start))
    return len(lines)


def _filled(lines: Sequence[str], start: int) -> int:
    """Behind the last line, from `start` on, that says anything."""
    end = len(lines)
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def _mark(kinds: list[RunKind], start: int, end: int, kind: RunKind = RunKind.QUOTE) -> None:
    kinds[start:end] = [kind] * (end - start)

"""The text of a draft: which lines are the writer's own, and which are quotation, its heading or the signature, which nobody checks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from store.domain.draft import Draft
from store.domain.finding import Finding

MOST_SIGNATURE_LINES = 20
LINES_KEPT = 512
"""Looked at before: the mails of a mailing have most of their lines in common."""

_ATTRIBUTION = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit)\b.{0,60}[:：]?\s*$"
    r"|(?:書きました"
    r"|書いた|書かれました|のメール|のメッセージ)\s*[:：]?\s*$"
    r"|^(?=.*\d{4}).*[:：]\s*$"
)
_ORIGINAL = re.compile(
    r"\s*-{3,}\s*(?:original message|forwarded message|begin forwarded|original-nachricht|元のメッセージ|元のメール|オリジナルメッセージ"
    r"|転送メッセージ|転送"
    r"|引用元).{0,20}-*\s*$",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(r"\s*(?:From|差出人|送信者)\s*[:：]\s*\S")
_OUTLOOK_NEXT = re.compile(r"\s*(?:Sent|To|Date|送信日時|宛先|日時)\s*[:：]\s*\S")
_RULE = re.compile(r"\s*(?:[^\w\s]|[_ー]){6,}\s*$")
_CONTACT = re.compile(r"tel|fax|e-?mail|https?:|www\.|電話|〒|[\w.+-]+@[\w-]+\.|\d{2,4}-\d{2,4}-\d{3,4}|株式会社", re.IGNORECASE)
CITED = re.compile(r"「[^「」\n]*」|『[^『』\n]*』|“[^“”\n]*”|\"[^\"\n]*\"|`[^`\n]*`")
"""What stands in quotation marks: said as an example, or by somebody else."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as ASCII; every letter keeps its place."""
    return text if text.isascii() else text.translate(_WIDE)


@dataclass(frozen=True)
class OwnLine:
    """A line the writer wrote: its number from 1, and what it says (`narrow`: with ASCII for full-width letters)."""

    number: int
    text: str

    @cached_property
    def narrow(self) -> str:
        """The text with ASCII for full-width letters, letter for letter."""
        return narrow(self.text)


_own_line = lru_cache(LINES_KEPT)(OwnLine)


@dataclass(frozen=True)
class Passage:
    """Own lines that follow each other, joined by spaces so that a sentence may go over a line's end; letters keep their places."""

    lines: tuple[OwnLine, ...]

    @cached_property
    def text(self) -> str:
        """The lines, each with one space behind it."""
        return "".join(line.narrow + " " for line in self.lines)

    def finding(self, code: str, severity: str, span: tuple[int, int], *words: str) -> Finding:
        """A finding about these letters of `text`."""
        start, end = span
        for line in self.lines:
            if start <= len(line.text):
                return Finding(code, severity, line.number, start + 1, "body", words, max(0, min(end, len(line.text)) - start))
            start, end = start - len(line.text) - 1, end - len(line.text) - 1
        raise AssertionError("a span within the text")


class DraftText:
    """A draft's body, read once for all checks."""

    def __init__(self, draft: Draft, signature: str = "") -> None:
        self.lines = draft.body.split("\n")
        foreign = _quoted(self.lines)
        foreign |= _signed(self.lines, foreign, signature)
        self.own = tuple(_own_line(number, text) for number, text in enumerate(self.lines, 1) if number - 1 not in foreign and text.strip())
        self.quoted = "\n".join(self.lines[at] for at in sorted(foreign))

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The own lines in runs."""
        runs: list[list[OwnLine]] = []
        for line in self.own:
            if runs and runs[-1][-1].number == line.number - 1:
                runs[-1].append(line)
            else:
                runs.append([line])
        return tuple(Passage(tuple(run)) for run in runs)

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[OwnLine, re.Match[str]]]:
        """Every match in an own line, in its narrow text."""
        for line in self.own:
            for match in pattern.finditer(line.narrow):
                yield line, match


def _quoted(lines: Sequence[str]) -> set[int]:
    found = {at for at, line in enumerate(lines) if line.lstrip().startswith(">")}
    for at in sorted(found):
        above = at - 1
        while above >= 0 and above not in found and not lines[above].strip() and above >= at - 2:
            above -= 1
        if above >= 0 and above not in found and _ATTRIBUTION.search(lines[above]):
            found.add(above)
    for at, line in enumerate(lines):
        outlook = _OUTLOOK.match(line) and at + 1 < len(lines) and _OUTLOOK_NEXT.match(lines[at + 1])
        if outlook or _ORIGINAL.match(line):
            return found | set(range(at, len(lines)))
    return found


def _signed(lines: Sequence[str], foreign: set[int], signature: str) -> set[int]:
    """The signature's lines: below `-- `, the writer's own wherever it stands, or a card under a rule."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        if at not in foreign and re.fullmatch(r"-- ?\r?", line):
            found.update(_until_foreign(lines, at, foreign))
            break
    found |= _as_set(lines, signature)
    own = [at for at, line in enumerate(lines) if line.strip() and at not in foreign and at not in found]
    for at in own[-MOST_SIGNATURE_LINES:]:
        below = [other for other in own if other > at]
        if _RULE.match(lines[at]) and below and at != own[0] and any(_CONTACT.search(lines[other]) for other in below):
            found.update((at, *below))
            break
    return found


def _until_foreign(lines: Sequence[str], start: int, foreign: set[int]) -> range:
    return range(start, next((at for at in range(start, len(lines)) if at in foreign), len(lines)))


def _as_set(lines: Sequence[str], signature: str) -> set[int]:
    """Where the writer's signature stands, line for line; blank lines do not count."""
    wanted = [line.strip() for line in signature.split("\n") if line.strip()]
    filled = [(at, line.strip()) for at, line in enumerate(lines) if line.strip()]
    for first in range(len(filled) - len(wanted), -1, -1) if wanted else ():
        run = filled[first : first + len(wanted)]
        if [text for _, text in run] == wanted:
            return {at for at, _ in run}
    return set()

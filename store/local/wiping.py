"""Access has ended: a home's copy of the team's mail is removed, and the home stays shut until its owner joins anew.

What its owner wrote and no server has stays as text in the home, without what it quotes: a quotation is the customer's, not theirs.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from store.errors import MadoError, NotPermitted
from store.local.waiting_files import WAITING

MARK = "access-ended"
"""An empty file in the home; written first, so that a wipe that was cut off is finished at the next opening."""
OWN_WORDS = "unsent.txt"
KEPT = "kept.db"

_ATTRIBUTION = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d\b.*[:\uff1a]\s*$")
"""As a reply's first text has it above the quotation: it names the customer."""


class Written(msgspec.Struct, frozen=True):
    """Something its owner wrote: a reply in work, a comment."""

    text: str
    at: datetime | None = None


class AccessOver(NotPermitted):
    """This home belongs to somebody who is no member any more."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"access to the team has ended, and its mail was removed from {home}; with a new invitation, `mado join` opens it again", home=home
        )


class WordsNotKept(MadoError):
    """What its owner wrote could not be saved, so that everything is as it was."""

    def __init__(self, place: Path, problem: str) -> None:
        super().__init__(
            f"access to the team has ended, but what you wrote could not be kept in {place} ({problem}); nothing was removed: "
            "mend that, and start again",
            place=place,
            problem=problem,
        )


def wipe(home: Path, written: Sequence[Written] = ()) -> Path | None:
    """Remove mail, search index, mirror and drafts; returns where the own words are now, None without any. Close the store before.

    Done twice it is as done once.

    Raises:
        WordsNotKept: Nothing was removed.
    """
    try:
        place = set_aside(home, [line for each in written for line in own_words(each)])
        (home / MARK).touch(mode=0o600)
    except OSError as error:
        raise WordsNotKept(home / OWN_WORDS, error.strerror or type(error).__name__) from error
    _remove(home)
    return place


def set_aside(home: Path, lines: Sequence[str]) -> Path | None:
    """Add lines to the file of what its owner wrote and had not sent; returns the file, None without any word."""
    words = "\n".join(lines)
    if not words.strip():
        return None
    place = home / OWN_WORDS
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8", errors="replace") as file:
        file.write(words + "\n")
        file.flush()
        os.fsync(file.fileno())
    return place


def refuse_if_over(home: Path) -> None:
    """Return if the home may be opened.

    Raises:
        AccessOver: It may not; whatever a wipe had left is gone now.
    """
    if (home / MARK).exists():
        _remove(home)
        raise AccessOver(home)


def let_in(home: Path) -> None:
    """Its owner is a member again."""
    (home / MARK).unlink(missing_ok=True)


def _remove(home: Path) -> None:
    shutil.rmtree(home / "cache", ignore_errors=True)
    shutil.rmtree(home / WAITING, ignore_errors=True)
    # Drafts, and searches that name customers; also what was set aside, or kept from before an upgrade: `kept.db.version-1`.
    for path in home.glob("kept.*"):
        path.unlink(missing_ok=True)


def own_words(written: Written) -> Iterator[str]:
    """What is its author's alone, under a line that says when it was saved."""
    lines = written.text.splitlines()
    own = [line for line, below in zip(lines, [*lines[1:], ""], strict=True) if not _is_theirs(line, below)]
    if any(line.strip() for line in own):
        yield "---" if written.at is None else f"--- {written.at:%Y-%m-%d %H:%M} UTC"
        yield from own


def _is_theirs(line: str, below: str) -> bool:
    """A quoted line, or the one above it that says whose it is. What was written between quoted lines is one's own."""
    return line.startswith(">") or (below.startswith(">") and _ATTRIBUTION.search(line) is not None)

"""Access has ended: a home's copy of the team's mail is removed, and the home stays shut until its owner joins anew.

What its owner wrote and had not sent stays as text in the home, without what it quotes: a quotation is the customer's, not theirs.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from store.domain.draft import Draft
from store.errors import NotPermitted

MARK = "access-ended"
"""An empty file in the home; written first, so that a wipe that was cut off is finished at the next opening."""
OWN_WORDS = "unsent.txt"
KEPT = "kept.db"


class AccessOver(NotPermitted):
    """This home belongs to somebody who is no member any more."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"access to the team has ended, and its mail was removed from {home}; with a new invitation, `mado join` opens it again", home=home
        )


def wipe(home: Path, drafts: Sequence[Draft] = ()) -> Path | None:
    """Remove mail, search index, mirror and drafts; returns where the own words of `drafts` are now, None without any. Close the store before.

    Done twice it is as done once.
    """
    place = set_aside(home, [line for draft in drafts for line in own_words(draft)])
    (home / MARK).touch(mode=0o600)
    _remove(home)
    return place


def set_aside(home: Path, lines: Sequence[str]) -> Path | None:
    """Add lines to the file of what its owner wrote and had not sent; returns the file, None without any word."""
    words = "\n".join(lines)
    if not words.strip():
        return None
    place = home / OWN_WORDS
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
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
    # Drafts, and searches that name customers; also what was set aside, or kept from before an upgrade: `kept.db.version-1`.
    for path in home.glob("kept.*"):
        path.unlink(missing_ok=True)


def own_words(draft: Draft) -> Iterator[str]:
    """What is its author's alone, under a line that says when it was saved."""
    lines = draft.body.splitlines()
    quoted = next((n for n, line in enumerate(lines) if line.startswith(">")), None)
    # The line above a quotation names the customer and the date: it goes with it.
    own = lines if quoted is None else lines[: max(0, quoted - 1)]
    if any(line.strip() for line in own):
        yield "---" if draft.saved_at is None else f"--- {draft.saved_at:%Y-%m-%d %H:%M} UTC"
        yield from own

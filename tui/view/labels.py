"""Where a conversation belongs and who is with it, in a few words: tags, folder, followers, when it comes back, by when it is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from store.domain.ids import MemberKey
from store.domain.status import Category
from tui.view.ages import day_and_time
from tui.view.due_times import due_words
from tui.view.gate import clean
from tui.view.width import columns_of, shorten
from tui.words import _

COMES_BACK = "↻"
FOLLOWED = "f"
UNREAD = "o"
SHARE = 3
"""Labels take at most one part in so many of the cell they stand in."""


class Labelled(Protocol):
    """What must be known of a conversation; `store.local`'s ConversationRow is one."""

    @property
    def category(self) -> Category: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def folder(self) -> str: ...
    @property
    def followers(self) -> tuple[MemberKey, ...]: ...
    @property
    def wake_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...


def label_words(row: Labelled) -> str:
    """`#返品 #vip complaints/2026`, cleaned."""
    return " ".join((*(f"#{clean(tag)}" for tag in row.tags), *([clean(row.folder)] if row.folder else [])))


def labels_beside(row: Labelled, columns: int) -> str:
    """The labels as they stand at the end of a cell so wide; "" where there are none."""
    words = label_words(row)
    return shorten(words, max(4, columns // SHARE)) if words and columns_of(words) and columns >= 12 else ""


def wake_label(row: Labelled, now: datetime) -> str:
    """`↻14:00` today, `↻12-01` later: when a conversation on hold comes back."""
    if row.wake_at is None or row.category is not Category.WAITING:
        return ""
    local, today = row.wake_at.astimezone(), now.astimezone()
    return COMES_BACK + (f"{local:%H:%M}" if local.date() == today.date() else f"{local:%m-%d}")


def facts_words(row: Labelled, names: Sequence[str], now: datetime) -> str:
    """What stands above the comments. `names`: those of the followers."""
    facts = [label_words(row)]
    if row.wake_at is not None and row.category is Category.WAITING:
        facts.append(_("back {at}").format(at=day_and_time(row.wake_at, now)))
    if row.due_at is not None:
        facts.append(due_words(row.due_at, now))
    if names:
        facts.append(_("followed by {names}").format(names=", ".join(names)))
    return "  ".join(each for each in facts if each)

"""Statuses as the team names them, and the six categories that drive all logic (conversations.md, "Status and category")."""

from enum import IntEnum, StrEnum

import msgspec

from store.domain.ids import StatusKey


class Category(StrEnum):
    """What the logic reads; a status belongs to exactly one."""

    OPEN = "open"
    CHECK = "check"
    OUTBOX = "outbox"
    WAITING = "waiting"
    DONE = "done"
    JUNK = "junk"


IN_WORK_TRAY = frozenset({Category.OPEN, Category.CHECK, Category.OUTBOX})
"""The categories that ask somebody to act."""

FINISHED = frozenset({Category.DONE, Category.JUNK})
"""The categories in which nothing is expected of anybody: no due time counts there."""


class Urgency(IntEnum):
    """How soon; separate from the status."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2


class Status(msgspec.Struct, frozen=True):
    """A status of the team's. Colour is never its only sign: `letter` stands beside it in every list."""

    key: StatusKey
    category: Category
    name_ja: str
    name_en: str
    letter: str
    order: int
    colour: str = ""
    """One of `COLOURS`; "": that of its category."""
    hot_key: str = ""
    """The key that chooses it where a status is asked for; "" for none."""
    retired: bool = False
    """It is chosen no more; conversations that bear it keep it."""


COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "magenta", "grey")
"""What a terminal of sixteen colours can tell apart."""

NEW = StatusKey("new")
IN_PROGRESS = StatusKey("in_progress")
AWAITING_CHECK = StatusKey("awaiting_check")
QUEUED = StatusKey("queued")
HOLD = StatusKey("hold")
DONE = StatusKey("done")
NO_REPLY = StatusKey("no_reply")
JUNK = StatusKey("junk")

BUILT_IN: dict[StatusKey, Status] = {
    status.key: status
    for status in (
        Status(NEW, Category.OPEN, "未処理", "New", "N", 10),
        Status(IN_PROGRESS, Category.OPEN, "処理中", "In progress", "P", 20),
        Status(AWAITING_CHECK, Category.CHECK, "チェック待ち", "Awaiting check", "C", 30),
        Status(QUEUED, Category.OUTBOX, "送信待ち", "Queued to send", "Q", 40),
        Status(HOLD, Category.WAITING, "保留", "On hold", "H", 50),
        Status(DONE, Category.DONE, "処理済み", "Done", "D", 60),
        Status(NO_REPLY, Category.DONE, "対応不要", "No reply needed", "X", 70),
        Status(JUNK, Category.JUNK, "迷惑", "Junk", "J", 80),
    )
}


def category_of(key: StatusKey) -> Category:
    """The category of a built-in status; of one that is not known here `open`, so that nobody loses sight of it."""
    status = BUILT_IN.get(key)
    return status.category if status is not None else Category.OPEN


def own_category(status: Status | None) -> Category | None:
    """What a change to this status must say: the category of one of the team's own; None of a built-in one, which says its own."""
    return None if status is None or status.key in BUILT_IN else status.category

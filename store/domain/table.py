"""The table of docs/conversations.md, "Status and category", as data: what happens, from where, to where, and who says so.

`decide` asks here where a status goes; the tests hold the rows against the page's lines.
"""

from collections.abc import Mapping
from enum import StrEnum, auto

import msgspec

from store.domain.conversation import Conversation
from store.domain.ids import StatusKey
from store.domain.message import Kind
from store.domain.status import AWAITING_CHECK, DONE, IN_PROGRESS, NEW, QUEUED, Category


class Happening(StrEnum):
    """What can move a status. The values stand as `reason` in `StatusChanged` and `OwnerChanged`."""

    CONVERSATION_OPENED = auto()
    WE_WROTE_FIRST = auto()
    MAIL_STARTED = auto()
    READ = auto()
    COMPOSER_OPENED = auto()
    COMPOSER_LEFT = auto()
    CHECK_REQUESTED = auto()
    SENT_BACK = auto()
    APPROVED = auto()
    REPLY_QUEUED = auto()
    REPLY_ACCEPTED = auto()
    REPLY_CANCELLED = auto()
    REPLY_HELD = auto()
    REPLY_UNKNOWN = auto()
    REPLY_NOT_SENT = auto()
    REPLY_REFUSED = auto()
    CUSTOMER_WROTE = auto()
    REOPENED = auto()
    FOLLOWED_UP = auto()
    NOTED = auto()
    BOUNCED = auto()
    CUSTOMER_WROTE_ON_JUNK = auto()
    ANSWERED_OUTSIDE = auto()
    OWNER_MOVED = auto()
    SET_BY_HAND = auto()
    DUE_SET = auto()
    LEASE_LAPSED = auto()
    MERGED = auto()
    WAKE_TIME = auto()
    DONE_WITHOUT_REPLY = auto()
    MEMBER_DEACTIVATED = auto()
    INBOX_LOST = auto()


class Goal(StrEnum):
    """Where a status goes that is not always the same one."""

    STAYS = auto()
    AS_BEFORE = auto()
    """As it would be had the composer not opened."""
    WITH_OWNER = auto()
    """In progress; New when nobody owns it."""
    CHOSEN = auto()
    """The one in the command: chosen at send, or by hand."""


Target = StatusKey | Goal


class Row(msgspec.Struct, frozen=True):
    """One line. `law` is the first column of its line in the page, "" for one that its rules only imply; `to` names every category it applies to."""

    law: str
    what: Happening
    who: str
    to: Mapping[Category, Target]
    only: StatusKey | None = None
    """Of that category, only this status moves."""


def _everywhere(target: Target) -> dict[Category, Target]:
    return dict.fromkeys(Category, target)


STAYS_EVERYWHERE = _everywhere(Goal.STAYS)

AFTER_CUSTOMER_REPLY: dict[Category, Target] = {
    Category.OPEN: Goal.STAYS,
    Category.CHECK: Goal.STAYS,  # held, see the fence
    Category.OUTBOX: Goal.STAYS,  # held
    Category.WAITING: Goal.WITH_OWNER,
    Category.DONE: NEW,
    Category.JUNK: Goal.STAYS,
}
"""A reply wakes a conversation, except one judged to be junk."""

WAKING_KINDS = frozenset({Kind.MAIL, Kind.LIST})
"""What counts as a customer writing; anything else is noted."""


def _reply(category: Category) -> dict[Category, Target]:
    return {category: AFTER_CUSTOMER_REPLY[category]}


ROWS: tuple[Row, ...] = (
    Row("new conversation", Happening.CONVERSATION_OPENED, "watcher", {Category.OPEN: NEW}),
    Row("", Happening.WE_WROTE_FIRST, "watcher", {Category.OPEN: DONE}),
    Row("", Happening.MAIL_STARTED, "agent with reply right", {Category.OPEN: IN_PROGRESS}),
    Row("reading", Happening.READ, "anyone", STAYS_EVERYWHERE),
    Row("open composer", Happening.COMPOSER_OPENED, "agent with reply right", {Category.OPEN: IN_PROGRESS}, only=NEW),
    Row("leave composer empty", Happening.COMPOSER_LEFT, "agent with reply right", _everywhere(Goal.AS_BEFORE)),
    Row("request check", Happening.CHECK_REQUESTED, "drafter", _everywhere(AWAITING_CHECK)),
    Row("send back (差し戻し)", Happening.SENT_BACK, "checker", {Category.CHECK: IN_PROGRESS}),
    Row("approve", Happening.APPROVED, "checker", {Category.CHECK: QUEUED}),
    Row("", Happening.REPLY_QUEUED, "agent with reply right", _everywhere(QUEUED)),
    Row("SMTP accepted", Happening.REPLY_ACCEPTED, "server", {Category.OUTBOX: Goal.CHOSEN}),
    Row("send cancelled or undone in its hold", Happening.REPLY_CANCELLED, "sender, leader", {Category.OUTBOX: IN_PROGRESS}),
    Row("send stopped by the fence", Happening.REPLY_HELD, "server", {Category.OUTBOX: Goal.STAYS}),
    Row("outcome unknown", Happening.REPLY_UNKNOWN, "server", {Category.OUTBOX: Goal.STAYS}),
    Row("", Happening.REPLY_NOT_SENT, "sender, leader", {Category.OUTBOX: IN_PROGRESS}),
    Row("SMTP refused", Happening.REPLY_REFUSED, "server", {Category.OUTBOX: IN_PROGRESS}),
    Row(
        "customer writes; category open/check/outbox/waiting",
        Happening.CUSTOMER_WROTE,
        "watcher",
        _reply(Category.OPEN) | _reply(Category.CHECK) | _reply(Category.OUTBOX) | _reply(Category.WAITING),
    ),
    Row("customer writes on `done`, within the reopen window (14 days, per inbox)", Happening.REOPENED, "watcher", _reply(Category.DONE)),
    Row("… after the window", Happening.FOLLOWED_UP, "watcher", {Category.DONE: Goal.STAYS}),
    Row("auto-reply or bounce on `done`", Happening.NOTED, "watcher", STAYS_EVERYWHERE),
    Row(
        "auto-reply or bounce on `done`",
        Happening.BOUNCED,
        "watcher",
        {Category.OPEN: IN_PROGRESS, Category.WAITING: IN_PROGRESS, Category.DONE: IN_PROGRESS},
    ),
    Row("customer writes on `junk`", Happening.CUSTOMER_WROTE_ON_JUNK, "watcher", _reply(Category.JUNK)),
    Row("answered outside (rule 10)", Happening.ANSWERED_OUTSIDE, "watcher", _everywhere(DONE)),
    Row("take, assign, release", Happening.OWNER_MOVED, "agent", STAYS_EVERYWHERE),
    Row("status by hand", Happening.SET_BY_HAND, "agent", _everywhere(Goal.CHOSEN)),
    Row("lease lapses", Happening.LEASE_LAPSED, "timer", _everywhere(Goal.AS_BEFORE)),
    Row("due time by hand", Happening.DUE_SET, "agent", STAYS_EVERYWHERE),
    Row("merge", Happening.MERGED, "agent", STAYS_EVERYWHERE),
    Row("wake time", Happening.WAKE_TIME, "timer", {Category.WAITING: Goal.WITH_OWNER}),
    Row("done without any reply", Happening.DONE_WITHOUT_REPLY, "agent", _everywhere(Goal.CHOSEN)),
    Row("member deactivated", Happening.MEMBER_DEACTIVATED, "admin", STAYS_EVERYWHERE),
    Row("", Happening.INBOX_LOST, "admin", STAYS_EVERYWHERE),
)

TABLE: dict[Happening, Row] = {row.what: row for row in ROWS}


def status_after(what: Happening, state: Conversation, chosen: StatusKey | None = None) -> StatusKey:
    """The status that `what` leads to; the present one where the table has nothing for its category.

    `chosen` is the status of the command, for the rows that take one.
    """
    row = TABLE[what]
    if row.only is not None and state.status != row.only:
        return state.status
    target = row.to.get(state.category, Goal.STAYS)
    match target:
        case Goal.STAYS:
            return state.status
        case Goal.AS_BEFORE:
            return state.lease_before.status if state.lease_before else state.status
        case Goal.WITH_OWNER:
            return IN_PROGRESS if state.owner else NEW
        case Goal.CHOSEN:
            return chosen or state.status
        case _:
            return StatusKey(target)

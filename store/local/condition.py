"""A piece of SQL, and of whom, when and for whom it is asked: what the fields of a query are made of."""

from datetime import datetime

import msgspec

from store.clock import local_now
from store.domain.ids import MemberKey
from store.local.expressions import Target
from store.sqlite.connection import SqlValue

NOBODY = frozenset({"", "none", "nobody", "-"})


class Condition(msgspec.Struct, frozen=True):
    """A piece of SQL and what it binds."""

    sql: str
    params: tuple[SqlValue, ...] = ()


class Around(msgspec.Struct, frozen=True):
    """What a query means depends on who asks, when, and of what."""

    me: MemberKey | None
    target: Target
    now: datetime = msgspec.field(default_factory=local_now)
    """In the zone of whoever asks: their day begins at their midnight."""
    drafts: tuple[str, ...] = ()
    """Conversations with a draft, for `has:draft`."""
    one_by_one: bool = False
    """Lines are looked at until a page is full: ask the index about each, instead of for all that has the words."""

    def looking_at_each(self) -> "Around":
        """The same, one by one."""
        return msgspec.structs.replace(self, one_by_one=True)


TRUE = Condition("1")
FALSE = Condition("c.n < 0")
"""Not plain `0`: SQLite then finds no use for the index that `INDEXED BY` demands, and refuses."""

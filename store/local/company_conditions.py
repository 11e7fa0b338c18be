"""What a query asks of a conversation's place in the house: its tags, its folder, who follows it, whom its comments name."""

from store.local.condition import FALSE, NOBODY, Around, Condition
from store.local.expressions import Target
from store.local.schema import LIST_MARK
from store.sqlite.connection import SqlValue


def tag(value: str, _: Around) -> Condition:
    """Bears the tag."""
    return Condition("instr(? || c.tags || ?, ? || ? || ?) > 0", (LIST_MARK, LIST_MARK, LIST_MARK, value, LIST_MARK))


def folder(value: str, _: Around) -> Condition:
    """The folder, and those inside it; `none`: in no folder."""
    if value in NOBODY:
        return Condition("c.folder = ''")
    return Condition("(c.folder = ? OR (c.folder > ? AND c.folder < ?))", (value, f"{value}/", f"{value}0"))


def follower(value: str, around: Around) -> Condition:
    """Followed by a member."""
    member = around.me if value == "me" else value.casefold()
    if member is None:
        return FALSE
    return Condition("instr(? || c.followers || ?, ? || ? || ?) > 0", (LIST_MARK, LIST_MARK, LIST_MARK, member, LIST_MARK))


def mentions(value: str, around: Around) -> Condition:
    """Conversations in which somebody was named in a comment; `me` also where all were."""
    member = around.me if value == "me" else value.casefold()
    names: tuple[SqlValue, ...] = (member, "all")
    if around.target is Target.COMMENT:
        return Condition("EXISTS (SELECT 1 FROM mention x WHERE x.comment = k.n AND x.member IN (?, ?))", names)
    return Condition(
        "(c.comments > 0 AND EXISTS (SELECT 1 FROM comment y JOIN mention x ON x.comment = y.n WHERE y.conversation = c.n AND x.member IN (?, ?)))",
        names,
    )

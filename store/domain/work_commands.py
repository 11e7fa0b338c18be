"""What a member asks for about a conversation's place in the work: tags, folder, followers, due time."""

from datetime import datetime

from store.domain.command import Command
from store.domain.ids import MemberKey


class ChangeTags(Command, frozen=True, kw_only=True, tag=True):
    """Put tags on and take tags off."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class MoveToFolder(Command, frozen=True, kw_only=True, tag=True):
    """Put it into a folder, `complaints/2026`; "" takes it out."""

    folder: str


class SetDue(Command, frozen=True, kw_only=True, tag=True):
    """Say by when it is to be answered; None: no time. Of what is finished only None."""

    due_at: datetime | None


class Follow(Command, frozen=True, kw_only=True, tag=True):
    """Follow it, or invite a colleague to; a guest may follow, and invite nobody."""

    member: MemberKey | None = None
    """None: oneself."""


class Unfollow(Command, frozen=True, kw_only=True, tag=True):
    """Follow it no more; of another, by who invited them, the owner or a leader."""

    member: MemberKey | None = None

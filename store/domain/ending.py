"""That somebody's access to the team has ended: what the server has written down of it, and when a home is emptied for it."""

from datetime import datetime

import msgspec

from store.domain.ids import MemberKey
from store.domain.people import Member


class Ending(msgspec.Struct, frozen=True):
    """Written down once, when a member is deactivated. `by_date`: nobody did it, their end date came."""

    member: MemberKey
    epoch: int
    """Of the journal in which it stands: one that came out of a backup says nothing."""
    by_date: bool


def is_sure(ending: Ending, me: Member | None, epoch: int | None, now: datetime) -> bool:
    """Whether the home of `me`, whose mirror is of `epoch`, is to be emptied. `now` is of this machine's clock.

    Another team, another member, a team that was restored since: no. A date is believed where this home was told the same one, and where
    both clocks, the server's and this one, say that it has come.
    """
    if me is None or ending.member != me.key or ending.epoch != epoch:
        return False
    return not ending.by_date or (me.ends_at is not None and me.ends_at <= now)

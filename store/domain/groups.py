"""Groups of members, and absences: team facts that say whom a name means, and who takes over."""

from datetime import datetime

import msgspec

from store.domain.ids import GroupKey, MemberKey


class Group(msgspec.Struct, frozen=True):
    """Several members under one name: `@billing` in a comment means each of them."""

    key: GroupKey
    name: str
    members: tuple[MemberKey, ...] = ()
    retired: bool = False


class Absence(msgspec.Struct, frozen=True):
    """Somebody is away until `until`; what is assigned to them meanwhile goes to `stand_in`. `until` None: they are here."""

    member: MemberKey
    until: datetime | None = None
    stand_in: MemberKey | None = None

    def lasts(self, now: datetime) -> bool:
        """Whether they are away at `now`."""
        return self.until is not None and now < self.until

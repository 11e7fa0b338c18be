"""End dates that came out of a backup: they may have been put off since it was made, so that none of them ends anybody for good."""

from datetime import datetime

import msgspec

from store.domain.ids import MemberKey
from store.domain.people import Member
from store.team import statements as s
from store.team.connection import Connection
from store.team.reading import all_members
from store.team.rows import run, value

NAME = "end_dates_from_backup"


def doubt_end_dates(connection: Connection) -> None:
    """The team was restored just now: whoever has an end date has it from the backup."""
    dates = {member.key: member.ends_at for member in all_members(connection) if member.active and member.ends_at is not None}
    run(connection, s.PUT_META, name=NAME, value=msgspec.json.encode(dates).decode())


def doubted_end_dates(connection: Connection) -> dict[MemberKey, datetime]:
    """Those dates; one that was set anew since is another."""
    kept = value(connection, s.GET_META, name=NAME)
    return msgspec.json.decode(kept, type=dict[MemberKey, datetime]) if isinstance(kept, str) else {}


def is_doubted(member: Member, doubted: dict[MemberKey, datetime]) -> bool:
    """Whether a member's date is still the backup's."""
    return member.ends_at is not None and doubted.get(member.key) == member.ends_at

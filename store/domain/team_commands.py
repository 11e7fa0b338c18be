"""What a member asks for about the team, not about a conversation; decided by `store.domain.team`."""

from datetime import datetime

import msgspec

from store.domain.check_commands import SaveCheckPolicy
from store.domain.field_values import FieldValue
from store.domain.groups import Group
from store.domain.ids import GroupKey, MemberKey, StatusKey
from store.domain.saved_view import SavedView
from store.domain.status import Status
from store.domain.template import Template
from store.domain.word_commands import SaveWords


class SaveTemplate(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Make a template, or its next version."""

    template: Template
    over: int | None = None
    """Only over this version of it, 0: only where there is none; None: over any."""


class WithdrawTemplate(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Nobody may insert it any more."""

    key: str


class SaveStatus(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Make a status of the team's own, or change one; its category stays what it was made with."""

    status: Status


class RetireStatus(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Nobody may choose it any more; conversations that bear it keep it."""

    key: StatusKey


class SaveGroup(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Make a group, or change its name or members."""

    group: Group


class RetireGroup(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Nobody may name it any more."""

    key: GroupKey


class SetAbsence(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Somebody is away until then, and who takes over; `until` None: they are back. For others, a leader's."""

    member: MemberKey
    until: datetime | None = None
    stand_in: MemberKey | None = None


class SaveField(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Give a merge field of the team's own a value; an empty one takes it away."""

    field: FieldValue


class SaveView(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Make a view for everybody, or change one."""

    view: SavedView


class RetireView(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Nobody has it any more; members' own are their own."""

    name: str


TeamCommand = (
    SaveTemplate
    | WithdrawTemplate
    | SaveStatus
    | RetireStatus
    | SaveGroup
    | RetireGroup
    | SetAbsence
    | SaveWords
    | SaveField
    | SaveCheckPolicy
    | SaveView
    | RetireView
)

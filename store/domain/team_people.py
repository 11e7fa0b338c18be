"""The rules about groups, and about who is away and who stands in."""

import re

from msgspec.structs import replace

from store.domain.commands import SetAbsence
from store.domain.context import Context
from store.domain.events import AbsenceSet, GroupSaved, TeamEvent
from store.domain.groups import Absence, Group
from store.domain.ids import GroupKey
from store.domain.mentions import EVERYONE
from store.domain.refusals import Malformed, NameTaken, NotAllowed, Refusal, UnknownGroup, UnknownMember

KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}", re.ASCII)
LONGEST_NAME = 60
MOST_MEMBERS = 2_000


def save_group(group: Group, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Make one, or change its name and members; each member once, in the order given."""
    wanted = replace(group, name=group.name.strip(), members=tuple(dict.fromkeys(group.members)), retired=False)
    if KEY.fullmatch(wanted.key) is None or not 0 < len(wanted.name) <= LONGEST_NAME or len(wanted.members) > MOST_MEMBERS:
        return Malformed("a group needs a key of small letters, digits, `_` or `-`, and a name")
    if str(wanted.key) in {*context.members, *EVERYONE}:
        return NameTaken("key", wanted.key)
    stranger = next((member for member in wanted.members if member not in context.members), None)
    if stranger is not None:
        return UnknownMember(stranger)
    return () if wanted == context.team.groups.get(wanted.key) else (GroupSaved(wanted),)


def retire_group(key: GroupKey, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Nobody names it any more."""
    old = context.team.groups.get(key)
    if old is None:
        return UnknownGroup(key)
    return () if old.retired else (GroupSaved(replace(old, retired=True)),)


def set_absence(command: SetAbsence, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """One's own absence, or by a leader that of another."""
    if command.member != context.me and not context.leads:
        return NotAllowed("leader")
    for named in (command.member, command.stand_in):
        if named is not None and named not in context.members:
            return UnknownMember(named)
    if command.stand_in == command.member:
        return Malformed("nobody stands in for themselves")
    if command.until is not None and (command.until.tzinfo is None or command.until <= context.now):
        return Malformed("`until` is a time in the future, with its zone")
    absence = Absence(command.member, command.until, command.stand_in if command.until else None)
    return () if absence == context.team.absences.get(command.member, Absence(command.member)) else (AbsenceSet(absence),)

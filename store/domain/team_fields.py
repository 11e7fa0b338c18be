"""The rules about the team's own merge fields."""

import re
from datetime import date

from msgspec.structs import replace

from store.domain.context import Context
from store.domain.events import FieldSaved, TeamEvent
from store.domain.field_names import BUILT_IN, HOLIDAYS
from store.domain.field_values import FieldOf, FieldValue
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Role
from store.domain.refusals import Malformed, NotAllowed, Refusal, UnknownInbox, UnknownMember

MAY_KEEP = frozenset({Role.ADMIN, Role.LEADER, Role.AGENT})
"""Who keeps what the team shares for its replies: templates and fields."""

NAME = re.compile(r"[^\W_](?:[\w .-]{0,58}\w)?")
VALUE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029{}]{0,2000}")
DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
MOST_VALUES = 5_000


def save_field(field: FieldValue, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Give it a value, or take that away. One's own is everybody's to keep; of an inbox, whose who work there; else of all who see everything."""
    of = field.of.strip().casefold() if field.belongs is FieldOf.DOMAIN else field.of.strip()
    field = replace(field, name=field.name.strip(), value=" ".join(field.value.split()), of=of)
    refusal = _misshapen(field, context) or _not_theirs(field, context)
    if refusal is not None:
        return refusal
    if context.team.fields.get(field.id, replace(field, value="")) == field:
        return ()
    if field.value and field.id not in context.team.fields and len(context.team.fields) >= MOST_VALUES:
        return Malformed(f"the team has {MOST_VALUES} values of fields already")
    return (FieldSaved(field),)


def _misshapen(field: FieldValue, context: Context) -> Refusal | None:
    if NAME.fullmatch(field.name) is None or VALUE.fullmatch(field.value) is None:
        return Malformed("a field has a name of letters and digits, and a value on one line without braces")
    if field.name in BUILT_IN:
        return Malformed(f"the field `{field.name}` is filled by madoguchi itself")
    if field.name in HOLIDAYS and not _are_days(field.value):
        return Malformed("holidays are dates such as 2026-12-29, with commas between them")
    return _nobodys(field, context)


def _nobodys(field: FieldValue, context: Context) -> Refusal | None:
    """Where it belongs to what there is not."""
    if field.belongs is FieldOf.INBOX and context.inboxes is not None and field.of not in context.inboxes:
        return UnknownInbox(field.of)
    if field.belongs is FieldOf.MEMBER and field.of not in context.members:
        return UnknownMember(field.of)
    if field.belongs is FieldOf.DOMAIN and DOMAIN.fullmatch(field.of) is None:
        return Malformed("a domain is written like example.jp")
    return Malformed("a value for the team belongs to nobody else") if field.belongs is FieldOf.TEAM and field.of else None


def _not_theirs(field: FieldValue, context: Context) -> NotAllowed | None:
    actor = context.actor
    if field.belongs is FieldOf.MEMBER and MemberKey(field.of) == actor.key:
        return NotAllowed("reply_right") if actor.role is Role.GUEST else None
    if actor.role not in MAY_KEEP or (field.belongs is FieldOf.MEMBER and not context.leads):
        return NotAllowed("leader")
    if actor.inboxes and not (field.belongs is FieldOf.INBOX and InboxKey(field.of) in actor.inboxes):
        return NotAllowed("inbox")
    return None


def _are_days(text: str) -> bool:
    try:
        return all(date.fromisoformat(day.strip()) for day in text.split(",") if day.strip())
    except ValueError:
        return False

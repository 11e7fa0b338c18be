"""The rules about the team itself: which command goes to which rule, and who may give it."""

from collections.abc import Mapping

from store.domain.commands import (
    RetireGroup,
    RetireStatus,
    SaveField,
    SaveGroup,
    SaveStatus,
    SaveTemplate,
    SaveWords,
    SetAbsence,
    TeamCommand,
    WithdrawTemplate,
)
from store.domain.context import Context
from store.domain.events import TeamEvent
from store.domain.refusals import NotAllowed, Refusal
from store.domain.team_fields import MAY_KEEP, save_field
from store.domain.team_people import retire_group, save_group, set_absence
from store.domain.team_statuses import retire_status, save_status
from store.domain.team_templates import save_template, withdraw_template
from store.domain.team_words import save_words
from store.domain.template import Template

TeamDecision = tuple[TeamEvent, ...] | Refusal


def decide_team(command: TeamCommand, templates: Mapping[str, Template], context: Context) -> TeamDecision:
    """What a command about the team comes to. Versions are counted here; what the client says of them is not read."""
    if not context.actor.active:
        return NotAllowed("leader")
    match command:
        case SetAbsence():
            return set_absence(command, context)
        case SaveField(field=field):
            return save_field(field, context)
        case SaveTemplate() | WithdrawTemplate():
            return _of_keepers(command, templates, context)
        case _:
            return _of_leaders(command, context)


def _of_keepers(command: SaveTemplate | WithdrawTemplate, templates: Mapping[str, Template], context: Context) -> TeamDecision:
    if context.actor.role not in MAY_KEEP:
        return NotAllowed("leader")
    if isinstance(command, WithdrawTemplate):
        return withdraw_template(command.key, templates, context)
    return save_template(command, templates, context)


def _of_leaders(command: SaveStatus | RetireStatus | SaveGroup | RetireGroup | SaveWords, context: Context) -> TeamDecision:
    """Statuses, groups and the house's words mean the same to everybody: a leader's to keep."""
    if not context.leads:
        return NotAllowed("leader")
    match command:
        case SaveStatus(status=status):
            return save_status(status, context)
        case RetireStatus(key=status_key):
            return retire_status(status_key, context)
        case SaveGroup(group=group):
            return save_group(group, context)
        case RetireGroup(key=group_key):
            return retire_group(group_key, context)
        case SaveWords():
            return save_words(command, context)

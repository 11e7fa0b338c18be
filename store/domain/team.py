"""The rules about the team itself: which command goes to which rule, and who may give it."""

from collections.abc import Mapping

from store.domain.check_policy import CheckPolicy, problem_with_policy
from store.domain.commands import (
    RetireGroup,
    RetireStatus,
    RetireView,
    SaveCheckPolicy,
    SaveField,
    SaveGroup,
    SaveStatus,
    SaveTemplate,
    SaveView,
    SaveWords,
    SetAbsence,
    TeamCommand,
    WithdrawTemplate,
)
from store.domain.context import Context
from store.domain.events import CheckPolicySaved, TeamEvent
from store.domain.refusals import Malformed, NotAllowed, Refusal
from store.domain.team_fields import MAY_KEEP, save_field
from store.domain.team_people import retire_group, save_group, set_absence
from store.domain.team_statuses import retire_status, save_status
from store.domain.team_templates import save_template, withdraw_template
from store.domain.team_views import retire_view, save_view
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


_OfLeaders = SaveStatus | RetireStatus | SaveGroup | RetireGroup | SaveWords | SaveCheckPolicy | SaveView | RetireView


def _of_leaders(command: _OfLeaders, context: Context) -> TeamDecision:
    """Statuses, groups, shared views, the house's words and what needs a check mean the same to everybody: a leader's to keep."""
    if not context.leads:
        return NotAllowed("leader")
    match command:
        case SaveStatus(status=status):
            said: TeamDecision = save_status(status, context)
        case RetireStatus(key=status_key):
            said = retire_status(status_key, context)
        case SaveGroup(group=group):
            said = save_group(group, context)
        case RetireGroup(key=group_key):
            said = retire_group(group_key, context)
        case SaveView(view=view):
            said = save_view(view, context)
        case RetireView(name=name):
            said = retire_view(name, context)
        case SaveWords():
            said = save_words(command, context)
        case SaveCheckPolicy(policy=policy):
            said = save_check_policy(policy, context)
    return said


def save_check_policy(policy: CheckPolicy, context: Context) -> TeamDecision:
    """Say anew which replies need a check."""
    if (problem := problem_with_policy(policy, context.members)) is not None:
        return Malformed(problem)
    return () if policy == context.team.check_policy else (CheckPolicySaved(policy),)

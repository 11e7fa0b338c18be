"""The rules about the team itself: which command goes to which rule, and who may give it."""

from collections.abc import Mapping

from store.domain.check_policy import CheckPolicy, problem_with_policy
from store.domain.commands import RetireGroup, RetireStatus, SaveCheckPolicy, SaveGroup, SaveStatus, SetAbsence, TeamCommand, WithdrawTemplate
from store.domain.context import Context
from store.domain.events import CheckPolicySaved, TeamEvent
from store.domain.people import Role
from store.domain.refusals import Malformed, NotAllowed, Refusal
from store.domain.team_people import retire_group, save_group, set_absence
from store.domain.team_statuses import retire_status, save_status
from store.domain.team_templates import save_template, withdraw_template
from store.domain.template import Template

TeamDecision = tuple[TeamEvent, ...] | Refusal
MAY_KEEP_TEMPLATES = frozenset({Role.ADMIN, Role.LEADER, Role.AGENT})


def decide_team(command: TeamCommand, templates: Mapping[str, Template], context: Context) -> TeamDecision:
    """What a command about the team comes to. Versions are counted here; what the client says of them is not read."""
    if not context.actor.active:
        return NotAllowed("leader")
    if isinstance(command, SetAbsence):
        return set_absence(command, context)
    if isinstance(command, SaveStatus | RetireStatus | SaveGroup | RetireGroup | SaveCheckPolicy):
        return _of_leaders(command, context)
    if context.actor.role not in MAY_KEEP_TEMPLATES:
        return NotAllowed("leader")
    if isinstance(command, WithdrawTemplate):
        return withdraw_template(command.key, templates, context.actor)
    return save_template(command, templates, context.actor)


def _of_leaders(command: SaveStatus | RetireStatus | SaveGroup | RetireGroup | SaveCheckPolicy, context: Context) -> TeamDecision:
    """Statuses and groups mean the same to everybody: a leader's to keep."""
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
        case SaveCheckPolicy(policy=policy):
            return save_check_policy(policy, context)


def save_check_policy(policy: CheckPolicy, context: Context) -> TeamDecision:
    """Say anew which replies need a check."""
    if (problem := problem_with_policy(policy, context.members)) is not None:
        return Malformed(problem)
    return () if policy == context.team.check_policy else (CheckPolicySaved(policy),)

"""The rules about the team itself: templates and their versions."""

from collections.abc import Mapping

from msgspec.structs import replace

from store.domain.commands import SaveTemplate, TeamCommand, WithdrawTemplate
from store.domain.context import Context
from store.domain.events import TeamEvent, TemplateSaved
from store.domain.people import Role
from store.domain.refusals import Malformed, NotAllowed, Refusal
from store.domain.template import Template

MAY_KEEP_TEMPLATES = frozenset({Role.ADMIN, Role.LEADER, Role.AGENT})


def decide_team(command: TeamCommand, templates: Mapping[str, Template], context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """What a command about the team comes to. The version is counted here; what the client says of it is not read."""
    if not context.actor.active or context.actor.role not in MAY_KEEP_TEMPLATES:
        return NotAllowed("leader")
    if isinstance(command, WithdrawTemplate):
        return _withdraw(command.key, templates)
    return _save(command, templates)


def _save(command: SaveTemplate, templates: Mapping[str, Template]) -> tuple[TeamEvent, ...] | Refusal:
    template = command.template
    if not template.key.strip() or not template.name.strip() or not template.body.strip():
        return Malformed("a template needs a key, a name and a body")
    old = templates.get(template.key)
    if old is not None and replace(template, version=old.version, withdrawn=False) == old:
        return ()
    return (TemplateSaved(replace(template, version=old.version + 1 if old else 1, withdrawn=False)),)


def _withdraw(key: str, templates: Mapping[str, Template]) -> tuple[TeamEvent, ...] | Refusal:
    old = templates.get(key)
    if old is None:
        return Malformed(f"there is no template `{key}`")
    return () if old.withdrawn else (TemplateSaved(replace(old, version=old.version + 1, withdrawn=True)),)

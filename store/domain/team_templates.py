"""The rules about templates and their versions."""

from collections.abc import Mapping

from msgspec.structs import replace

from store.domain.commands import SaveTemplate
from store.domain.events import TeamEvent, TemplateSaved
from store.domain.people import Member
from store.domain.refusals import Malformed, NotAllowed, Refusal
from store.domain.template import Template


def save_template(command: SaveTemplate, templates: Mapping[str, Template], actor: Member) -> tuple[TeamEvent, ...] | Refusal:
    """Make one, or its next version. Who sees some inboxes only keeps those of these inboxes."""
    template = command.template
    if not template.key.strip() or not template.name.strip() or not template.body.strip():
        return Malformed("a template needs a key, a name and a body")
    old = templates.get(template.key)
    if not _is_theirs(template, actor) or (old is not None and not _is_theirs(old, actor)):
        return NotAllowed("inbox")
    if old is not None and replace(template, version=old.version, withdrawn=False) == old:
        return ()
    return (TemplateSaved(replace(template, version=old.version + 1 if old else 1, withdrawn=False)),)


def withdraw_template(key: str, templates: Mapping[str, Template], actor: Member) -> tuple[TeamEvent, ...] | Refusal:
    """Nobody may insert it any more."""
    old = templates.get(key)
    if old is None:
        return Malformed(f"there is no template `{key}`")
    if not _is_theirs(old, actor):
        return NotAllowed("inbox")
    return () if old.withdrawn else (TemplateSaved(replace(old, version=old.version + 1, withdrawn=True)),)


def _is_theirs(template: Template, actor: Member) -> bool:
    """Whether it is inserted only where they belong: what colleagues send elsewhere is no business of theirs."""
    return not actor.inboxes or (bool(template.inboxes) and set(template.inboxes) <= set(actor.inboxes))

"""The rules about templates: who keeps them, and their versions."""

import re
from collections.abc import Mapping

from msgspec.structs import replace

from store.domain.commands import SaveTemplate
from store.domain.context import Context
from store.domain.events import TeamEvent, TemplateSaved
from store.domain.refusals import Malformed, NameTaken, NotAllowed, Refusal, TemplateOutdated, UnknownGroup
from store.domain.template import Template, owner_of

HOT_KEY = re.compile(r"[a-z0-9]{0,8}", re.ASCII)
LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")
"""A name, a key, a folder, a subject."""
LONGEST_BODY = 100_000
MOST_FOLDERS = 8


def save_template(command: SaveTemplate, templates: Mapping[str, Template], context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Make one, or its next version. Who sees some inboxes only keeps those of these inboxes; a group's are its members' to keep."""
    template = _tidy(command.template)
    old = templates.get(template.key)
    refusal = _misshapen(template) or _not_theirs(template, old, context) or _not_over(command, old) or _taken(template, templates)
    if refusal is not None:
        return refusal
    stranger = next((group for group in template.groups if group not in context.team.groups), None)
    if stranger is not None:
        return UnknownGroup(stranger)
    if old is not None and replace(template, version=old.version, withdrawn=False) == old:
        return ()
    return (TemplateSaved(replace(template, version=old.version + 1 if old else 1, withdrawn=False)),)


def withdraw_template(key: str, templates: Mapping[str, Template], context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Nobody may insert it any more."""
    old = templates.get(key)
    if old is None:
        return Malformed(f"there is no template `{key}`")
    if (refusal := _not_theirs(old, old, context)) is not None:
        return refusal
    return () if old.withdrawn else (TemplateSaved(replace(old, version=old.version + 1, withdrawn=True)),)


def _tidy(template: Template) -> Template:
    subject = " ".join(template.subject.split()) if template.subject else None
    return replace(template, name=" ".join(template.name.split()), subject=subject or None)


def _misshapen(template: Template) -> Malformed | None:
    folder = template.folder or ()
    if not template.key.strip() or not template.name or not template.body.strip():
        return Malformed("a template needs a key, a name and a body")
    lines = (template.key, template.name, *folder, *([template.subject] if template.subject else ()))
    misshapen = any(LINE.fullmatch(line) is None or line != line.strip() for line in lines)
    if misshapen or any("/" in one for one in folder) or len(folder) > MOST_FOLDERS:
        return Malformed("the key, name, subject and folders of a template are one line each, of 200 letters at most")
    if len(template.body) > LONGEST_BODY or "\x00" in template.body:
        return Malformed("the text of a template has 100,000 letters at most")
    if HOT_KEY.fullmatch(template.hot_key) is None:
        return Malformed("a hot key is made of 1 to 8 small letters and digits")
    if owner_of(template.key) != template.person:
        return Malformed("the keys of a person's own templates begin with `~` and the person, and no others do")
    return None


def _not_theirs(template: Template, old: Template | None, context: Context) -> NotAllowed | None:
    """Whether it is inserted only where they belong: what colleagues send elsewhere is no business of theirs."""
    actor = context.actor
    for one in (template, old):
        if one is None:
            continue
        if one.person is not None:
            return None if one.person == actor.key else NotAllowed("author")
        if actor.inboxes and not (one.inboxes and set(one.inboxes) <= set(actor.inboxes)):
            return NotAllowed("inbox")
        groups = [context.team.groups[key] for key in one.groups if key in context.team.groups]
        if groups and not context.leads and not any(actor.key in group.members for group in groups):
            return NotAllowed("leader")
    return None


def _not_over(command: SaveTemplate, old: Template | None) -> TemplateOutdated | None:
    now = old.version if old is not None else 0
    if command.over is None or command.over == now:
        return None
    return TemplateOutdated(command.template.key, old.name if old is not None else command.template.name, command.over, now)


def _taken(template: Template, templates: Mapping[str, Template]) -> NameTaken | None:
    """A hot key means one template to whoever types it; a person's own may mean another to them."""
    if not template.hot_key:
        return None
    others = (one for one in templates.values() if one.key != template.key and not one.withdrawn and one.person == template.person)
    return next((NameTaken("hot_key", one.name) for one in others if one.hot_key == template.hot_key), None)

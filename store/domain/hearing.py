"""What a member is told of the journal: nothing of an inbox that is not theirs, and nothing of another's own templates. Pure."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from store.domain.events import FieldSaved, Recorded, ReplyQueued, TeamEvent, TemplateSaved
from store.domain.field_values import FieldOf
from store.domain.ids import InboxKey, MemberKey
from store.domain.template import Template, TemplateUses, owner_of


def as_told(recorded: Recorded, inbox: InboxKey | None, inboxes: Collection[InboxKey], who: MemberKey | None = None) -> Recorded | None:
    """An event as `who`, with these inboxes (none: with every one), is told it; None: not at all. `inbox` None: it is about the team.

    `who` None: somebody who has no template of their own.
    """
    if inbox is not None and inboxes and inbox not in inboxes:
        return None
    match recorded.event:
        case TemplateSaved(template=template):
            told = _template_told(template, inboxes, who)
            return recorded if told is template else None if told is None else replace(recorded, event=TemplateSaved(told))
        case FieldSaved():
            return recorded if _is_told_of_field(recorded.event, inboxes) else None
        case ReplyQueued(templates=used) if any(owner_of(one.key) not in {None, who} for one in used):
            return replace(recorded, event=replace(recorded.event, templates=tuple(one for one in used if owner_of(one.key) in {None, who})))
        case _:
            return recorded


def told_apart(recorded: Recorded) -> frozenset[MemberKey]:
    """Who is told of an event what nobody else is."""
    match recorded.event:
        case TemplateSaved(template=template):
            return frozenset() if template.person is None else frozenset({template.person})
        case ReplyQueued(templates=used):
            return frozenset(owner for one in used if (owner := owner_of(one.key)) is not None)
        case _:
            return frozenset()


def templates_of(templates: Iterable[Template], inboxes: Collection[InboxKey], who: MemberKey | None = None) -> tuple[Template, ...]:
    """Those that `who`, with these inboxes, may insert somewhere."""
    return tuple(template for template in templates if template.person in {None, who} and _is_of(template, inboxes))


def uses_of(uses: Iterable[TemplateUses], templates: Iterable[Template]) -> tuple[TemplateUses, ...]:
    """How often these templates were used."""
    keys = {template.key for template in templates}
    return tuple(one for one in uses if one.key in keys)


def facts_of(events: Iterable[TeamEvent], inboxes: Collection[InboxKey]) -> tuple[TeamEvent, ...]:
    """What the team agreed on, as far as somebody with these inboxes is told of it."""
    return tuple(event for event in events if not isinstance(event, FieldSaved) or _is_told_of_field(event, inboxes))


def _template_told(template: Template, inboxes: Collection[InboxKey], who: MemberKey | None) -> Template | None:
    if template.person is not None:
        return template if template.person == who else None
    if _is_of(template, inboxes):
        return template
    # Whoever knew it as one of theirs forgets it: withdrawn, and without words.
    return Template(template.key, "", "", version=template.version, inboxes=template.inboxes, withdrawn=True)


def _is_told_of_field(event: FieldSaved, inboxes: Collection[InboxKey]) -> bool:
    return event.field.belongs is not FieldOf.INBOX or not inboxes or InboxKey(event.field.of) in inboxes


def _is_of(template: Template, inboxes: Collection[InboxKey]) -> bool:
    return not inboxes or not template.inboxes or not set(inboxes).isdisjoint(template.inboxes)

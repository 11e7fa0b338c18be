"""What a member is told of the journal: nothing of an inbox that is not theirs, and of its templates only that they are none of theirs. Pure."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from store.domain.events import Recorded, TemplateSaved
from store.domain.ids import InboxKey
from store.domain.template import Template


def as_told(recorded: Recorded, inbox: InboxKey | None, inboxes: Collection[InboxKey]) -> Recorded | None:
    """An event as somebody with these inboxes (none: with every one) is told it; None: not at all. `inbox` None: it is about the team."""
    if not inboxes or inbox in inboxes:
        return recorded
    if inbox is not None:
        return None
    if not isinstance(recorded.event, TemplateSaved) or _is_of(recorded.event.template, inboxes):
        return recorded
    # Whoever knew it as one of theirs forgets it: withdrawn, and without words.
    key, version, scope = recorded.event.template.key, recorded.event.template.version, recorded.event.template.inboxes
    return replace(recorded, event=TemplateSaved(Template(key, "", "", version=version, inboxes=scope, withdrawn=True)))


def templates_of(templates: Iterable[Template], inboxes: Collection[InboxKey]) -> tuple[Template, ...]:
    """Those that somebody with these inboxes may insert somewhere."""
    return tuple(template for template in templates if _is_of(template, inboxes))


def _is_of(template: Template, inboxes: Collection[InboxKey]) -> bool:
    return not inboxes or not template.inboxes or not set(inboxes).isdisjoint(template.inboxes)

"""The team's templates at the server: those a command names, how often each was used, and every version there ever was."""

from collections.abc import Collection
from datetime import datetime

from store.domain.events import Recorded, ReplyQueued, TemplateSaved
from store.domain.hearing import as_told
from store.domain.ids import InboxKey, MemberKey, TemplateKey
from store.domain.template import Template, TemplateRef, TemplateUses, TemplateVersion
from store.team import statements as s
from store.team.connection import Connection
from store.team.rows import read_recorded, read_template, run, run_all, value


def templates_named(connection: Connection, used: Collection[TemplateRef]) -> dict[str, Template]:
    """These, in their newest version, as far as there are such."""
    found = run_all(connection, [(s.TEMPLATE, {"key": one.key}) for one in used])
    return {template.key: template for rows in found for template in (read_template(row[0]) for row in rows)}


def note_uses(connection: Connection, recorded: Recorded) -> None:
    """A reply was handed over: what it was made with was used once more, each once."""
    if not isinstance(recorded.event, ReplyQueued):
        return
    month = month_of(recorded.at)
    for key in dict.fromkeys(one.key for one in recorded.event.templates):
        before = value(connection, s.USES_IN_MONTH, key=key, month=month)
        run(connection, s.PUT_TEMPLATE_USES, key=key, month=month, n=1 + (before if isinstance(before, int) else 0))


def template_uses(connection: Connection) -> tuple[TemplateUses, ...]:
    """Of every template and month."""
    return tuple(TemplateUses(TemplateKey(key), month, n) for key, month, n in run(connection, s.TEMPLATE_USES))


def month_of(at: datetime) -> str:
    """`2026-11`."""
    return f"{at:%Y-%m}"


def versions(connection: Connection, *, key: str, inboxes: Collection[InboxKey], who: MemberKey) -> tuple[TemplateVersion, ...]:
    """Every version of a template, oldest first, as far as `who` is told of it."""
    found: list[TemplateVersion] = []
    needle = b'"TemplateSaved"'
    for (body,) in run(connection, s.EVENTS_OF_TEAM):
        if needle not in body:
            continue
        recorded = as_told(read_recorded(body), None, inboxes, who)
        if recorded is not None and isinstance(recorded.event, TemplateSaved) and recorded.event.template.key == key and recorded.event.template.name:
            found.append(TemplateVersion(recorded.at, recorded.by, recorded.event.template))
    return tuple(found)

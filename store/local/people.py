"""Members, templates and what the team agreed on, as the mirror has them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from store.domain.events import TeamEvent
from store.domain.ids import TemplateKey
from store.domain.people import Member
from store.domain.team_facts import TeamFacts, fact_key, folded
from store.domain.template import Template, TemplateRef, TemplateUses
from store.sqlite.connection import Connection

_USED = "used:"
"""In `fact`: `used:2026-11:KEY`, and how often."""

_member_reader = msgspec.msgpack.Decoder(Member)
_team_reader: msgspec.msgpack.Decoder[TeamEvent] = msgspec.msgpack.Decoder(TeamEvent)
_template_reader = msgspec.msgpack.Decoder(Template)


def load_members(connection: Connection) -> tuple[Member, ...]:
    """Everybody, those who left included, by key."""
    return tuple(_member_reader.decode(row[0]) for row in connection.execute("SELECT packed FROM member ORDER BY key"))


def save_member(connection: Connection, member: Member) -> None:
    """Make or replace one."""
    connection.execute("INSERT OR REPLACE INTO member VALUES (?, ?)", (member.key, msgspec.msgpack.encode(member)))


def load_templates(connection: Connection) -> tuple[Template, ...]:
    """Every template in its newest version, withdrawn ones included, by key."""
    return tuple(_template_reader.decode(row[0]) for row in connection.execute("SELECT packed FROM template ORDER BY key"))


def save_template(connection: Connection, template: Template) -> None:
    """Make or replace one."""
    connection.execute("INSERT OR REPLACE INTO template VALUES (?, ?)", (template.key, msgspec.msgpack.encode(template)))


def load_team(connection: Connection) -> TeamFacts:
    """The team's own statuses, its groups, and who is away."""
    return folded(_team_reader.decode(row[0]) for row in connection.execute("SELECT packed FROM team_fact ORDER BY key"))


def save_team_event(connection: Connection, event: TeamEvent) -> None:
    """Keep what this says of a status, a group or an absence; nothing of other events."""
    if (key := fact_key(event)) is not None:
        connection.execute("INSERT OR REPLACE INTO team_fact VALUES (?, ?)", (key, msgspec.msgpack.encode(event)))


def put_uses(connection: Connection, uses: Iterable[TemplateUses]) -> None:
    """How often templates were used, instead of what was known of it."""
    connection.execute("DELETE FROM fact WHERE key GLOB ?", (f"{_USED}*",))
    connection.execute_many("INSERT INTO fact VALUES (?, ?)", [(f"{_USED}{one.month}:{one.key}", one.n) for one in uses])


def note_uses(connection: Connection, at: datetime, used: Iterable[TemplateRef]) -> None:
    """A reply was handed over: what it was made with was used once more, each once."""
    for key in dict.fromkeys(one.key for one in used):
        name = f"{_USED}{at:%Y-%m}:{key}"
        before = connection.value("SELECT value FROM fact WHERE key = ?", (name,)) or 0
        connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, before + 1))


def load_uses(connection: Connection) -> tuple[TemplateUses, ...]:
    """Of every template and month."""
    rows = connection.execute("SELECT substr(key, ?), value FROM fact WHERE key GLOB ?", (len(_USED) + 1, f"{_USED}*"))
    return tuple(TemplateUses(TemplateKey(name.partition(":")[2]), name.partition(":")[0], n) for name, n in rows)

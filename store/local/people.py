"""Members, templates and what the team agreed on, as the mirror has them."""

import msgspec

from store.domain.events import TeamEvent
from store.domain.people import Member
from store.domain.team_facts import TeamFacts, fact_key, folded
from store.domain.template import Template
from store.sqlite.connection import Connection

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

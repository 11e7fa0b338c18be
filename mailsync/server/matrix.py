"""Who may do what, as one table: each call's right, and for each command the roles that may give it at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from mailsync.server.authorise import RIGHTS, Right
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.needs import COMMAND_NEEDS, GIVERS, Needs, command_types
from store.domain.events import AnyEvent, MailingMoved, TeamEvent
from store.domain.people import Role


class Hears(StrEnum):
    """Who is told of an event."""

    INBOX = "members of its inbox"
    TEAM = "everybody"


@dataclass(frozen=True)
class Row:
    """A line of the table: `what` names a call, a command or an event; `needs` what it takes; `roles` who has it."""

    kind: str
    what: str
    needs: str
    roles: frozenset[Role]
    inbox: bool
    """Whether it is refused in an inbox that is not the member's."""


def event_types() -> tuple[type, ...]:
    """Every event there is."""
    return get_args(AnyEvent)


def hears(event: type) -> Hears:
    """Who is told of it."""
    return Hears.TEAM if event in get_args(TeamEvent) and event is not MailingMoved else Hears.INBOX


def rows() -> Iterator[Row]:
    """The whole table: calls, commands, events, in the order in which they are declared."""
    everybody = frozenset(Role)
    for endpoint in ENDPOINTS:
        roles = everybody if endpoint.right is Right.ENTER else frozenset(role for role in Role if endpoint.right in RIGHTS[role])
        yield Row("call", f"{endpoint.method} {endpoint.path}", endpoint.right, roles, endpoint.scoped)
    for command in command_types():
        needs = COMMAND_NEEDS.get(command, Needs.NOBODY)
        yield Row("command", command.__name__, needs, GIVERS[needs], hasattr(command, "conversation_id"))
    for event in event_types():
        heard = hears(event)
        yield Row("event", event.__name__, heard, everybody, heard is Hears.INBOX)

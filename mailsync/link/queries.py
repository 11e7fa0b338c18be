"""What may stand behind the `?` of a call: one Struct a call, for the handler, the typed client and the OpenAPI document alike."""

from enum import StrEnum
from typing import Annotated

import msgspec

from store.domain.ids import ConversationId, Seq

PAGE = 500
EVENTS_PAGE = 1000
LONGEST_ID = 200

Number = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Position = Annotated[Seq, msgspec.Meta(ge=0, le=2**62)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10**18)]
"""The server gives as many as it thinks right, and never more than it was asked for; 0 asks for one."""
AnId = Annotated[ConversationId, msgspec.Meta(max_length=LONGEST_ID)]


class SnapshotQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at most."""

    after: AnId | None = None
    limit: Count = PAGE


class Part(StrEnum):
    """Which conversations."""

    OPEN = "open"
    CLOSED = "closed"


class NewestQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers below `below`; without it, from the newest."""

    part: Part = Part.OPEN
    below: Number | None = None
    limit: Count = PAGE


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events with seq > `since`; without it, from the first one on."""

    since: Position | None = None
    limit: Count = EVENTS_PAGE


class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From after `since`; without it, from now on."""

    since: Position | None = None


class PollQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From after `since`; `presence` as the last Hello counted it: another one is answered at once. `wait`: seconds, if the server likes."""

    since: Position | None = None
    presence: Count = 0
    wait: Count = 25


class TemplateQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which template."""

    key: Annotated[str, msgspec.Meta(max_length=LONGEST_ID)] = ""

"""What this terminal has done, for `u`: one entry a stroke, whether that was one conversation or ten thousand."""

from typing import NamedTuple

from store.domain.ids import ConversationId, Seq
from store.domain.lease import Token
from store.domain.sorting import SortingCommand


class Acted(NamedTuple):
    """One conversation of a stroke. `seq`: the event to take back; None: one's own last action there."""

    conversation_id: ConversationId
    seq: Seq | None = None


Stroke = tuple[Acted, ...]


class Reserved(NamedTuple):
    """A lease that was taken by `n`: nobody else begins to reply while one reads. `token` None: the server was away."""

    conversation_id: ConversationId
    token: Token | None
    has_text: bool


class Repeatable(NamedTuple):
    """A sorting command as it was given last; `.` gives it again, to another conversation. `said`: what it says."""

    command: SortingCommand
    said: str
    counts: bool

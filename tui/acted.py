"""What this terminal has done, for `u`: one entry a stroke, whether that was one conversation or ten thousand."""

from typing import NamedTuple

from store.domain.ids import ConversationId, Seq
from store.domain.sorting import SortingCommand


class Acted(NamedTuple):
    """One conversation of a stroke. `seq`: the event to take back; None: one's own last action there."""

    conversation_id: ConversationId
    seq: Seq | None = None


Stroke = tuple[Acted, ...]


class Repeatable(NamedTuple):
    """A sorting command as it was given last; `.` gives it again, to another conversation. `said`: what it says."""

    command: SortingCommand
    said: str
    counts: bool

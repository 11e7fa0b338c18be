"""What this terminal has done, for `u`: one entry a stroke, whether that was one conversation or ten thousand."""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from store.domain.ids import ConversationId, Seq, SubmissionId
from store.domain.lease import Token
from store.domain.sorting import SortingCommand


class Acted(NamedTuple):
    """One conversation of a stroke. `seq`: the event to take back; None: one's own last action there. `submission`: the mail that was handed over."""

    conversation_id: ConversationId
    seq: Seq | None = None
    submission: SubmissionId | None = None


Stroke = tuple[Acted, ...]


def mails_last(done: Sequence[Stroke]) -> tuple[Acted, ...]:
    """The mails that were handed over since anything else was done, the newest first."""
    return tuple(stroke[0] for stroke in takewhile(lambda stroke: stroke[0].submission is not None, reversed(done)))


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

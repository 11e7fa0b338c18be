"""Who watches an inbox, sends for it and keeps its times: one server at a time, proved by a token that is checked in every write.

No clock decides who may take over: whoever wants to watches the holder's beat by its own monotonic clock (`mailsync.server.duties`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from store.domain.ids import InboxKey
from store.team import statements as s
from store.team.connection import Connection
from store.team.errors import DutyLost
from store.team.rows import run, to_micros

T = TypeVar("T")

THE_REST = InboxKey("")
"""The duty for conversations of inboxes that the settings do not name any more."""
NOBODY = ""


class Duty(msgspec.Struct, frozen=True):
    """A hold on an inbox's work. `named`: all inboxes that have a duty of their own."""

    inbox: InboxKey
    token: int
    named: frozenset[InboxKey]

    def covers(self, inbox: InboxKey) -> bool:
        """Whether work of that inbox belongs to it."""
        return inbox == self.inbox or (self.inbox == THE_REST and inbox not in self.named)


class Beat(msgspec.Struct, frozen=True):
    """A sign of life of whoever has a duty; one that does not change is none."""

    token: int
    beat: int


class Claim(msgspec.Struct, frozen=True):
    """Who wants an inbox's work. `silent`: a beat that has not changed for too long; `alone`: no other server can be at work."""

    inbox: InboxKey
    named: frozenset[InboxKey]
    holder: str
    silent: Beat | None
    alone: bool


def holder_of(connection: Connection, *, claim: Claim) -> Beat | None:
    """The last beat of the one who keeps the claim from being taken; None: it can be."""
    rows = run(connection, s.GET_DUTY, inbox=claim.inbox)
    token, theirs, beat, _ = rows[0] if rows else (0, NOBODY, 0, 0)
    free = claim.alone or theirs in {NOBODY, claim.holder} or claim.silent == Beat(token, beat)
    return None if free else Beat(token, beat)


def take_duty(connection: Connection, *, claim: Claim, now: datetime) -> Duty | Beat:
    """Take the work of an inbox; the answer is its holder's last beat if there is one to be respected."""
    if (theirs := holder_of(connection, claim=claim)) is not None:
        return theirs
    rows = run(connection, s.GET_DUTY, inbox=claim.inbox)
    token, _, beat, _ = rows[0] if rows else (0, NOBODY, 0, 0)
    run(connection, s.PUT_DUTY, inbox=claim.inbox, token=token + 1, holder=claim.holder, beat=beat + 1, beat_at=to_micros(now))
    return Duty(claim.inbox, token + 1, claim.named)


def beat_duties(connection: Connection, *, duties: Sequence[Duty], now: datetime) -> frozenset[InboxKey]:
    """Show that we are alive; returns the inboxes whose work is another's by now."""
    return frozenset(duty.inbox for duty in duties if not run(connection, s.BEAT_DUTY, which=duty.inbox, held=duty.token, now_at=to_micros(now)))


def give_up_duties(connection: Connection, *, duties: Sequence[Duty], now: datetime) -> None:
    """Let others take them at once."""
    for duty in duties:
        rows = run(connection, s.GET_DUTY, inbox=duty.inbox)
        if rows and rows[0][0] == duty.token:
            run(connection, s.PUT_DUTY, inbox=duty.inbox, token=duty.token, holder=NOBODY, beat=rows[0][2] + 1, beat_at=to_micros(now))


def fenced(work: Callable[[Connection], T], duty: Duty) -> Callable[[Connection], T]:
    """`work`, which is done only while `duty` holds."""

    def checked(connection: Connection) -> T:
        rows = run(connection, s.GET_DUTY, inbox=duty.inbox)
        if not rows or rows[0][0] != duty.token:
            raise DutyLost(duty.inbox)
        return work(connection)

    return checked

"""The right to reply, with an end: tokens, pulses and what they are worth at a moment (conversations.md, "Never two replies")."""

from datetime import datetime, timedelta

import msgspec

from store.domain.ids import MemberKey, Revision, SubmissionId

LEASE_SECONDS = timedelta(minutes=2)
"""A lease lasts this long after its last pulse."""
PULSE_SECONDS = timedelta(seconds=30)
"""How often the holder's machine renews it."""
IDLE_AFTER = timedelta(minutes=10)
"""Without typing for this long it is shown idle, and others may take over."""
LAPSES_AFTER_IDLE = timedelta(minutes=30)
"""Without typing for this long it lapses even though pulses come."""
ASK_SECONDS = timedelta(seconds=60)
"""How long a request for somebody's lease stands."""


class Token(msgspec.Struct, frozen=True, order=True):
    """A fencing token; compared epoch first, so that none from before a restore can win."""

    epoch: int
    n: int


class Lease(msgspec.Struct, frozen=True):
    """Who is writing, since when, on which terminal, having seen what."""

    by: MemberKey
    token: Token
    since: datetime
    seen_revision: Revision
    terminal: str
    """The client's own id of the terminal: the same person elsewhere takes over without asking."""


class Claim(msgspec.Struct, frozen=True):
    """What a lease turns into when a send is accepted; it ends only when the mail is accepted, refused or cancelled."""

    by: MemberKey
    token: Token
    submission_id: SubmissionId
    since: datetime


class Pulse(msgspec.Struct, frozen=True):
    """The server's soft knowledge of a lease: kept beside the journal, because one event every 30 s a writer would drown it."""

    renewed_at: datetime
    typed_at: datetime


def lease_is_live(lease: Lease | None, pulse: Pulse | None, now: datetime) -> bool:
    """Whether the lease still keeps others out at `now`; a missing pulse counts from the lease's start."""
    if lease is None:
        return False
    renewed_at, typed_at = (pulse.renewed_at, pulse.typed_at) if pulse else (lease.since, lease.since)
    return now - renewed_at < LEASE_SECONDS and now - typed_at < LAPSES_AFTER_IDLE


def lease_is_idle(lease: Lease, pulse: Pulse | None, now: datetime) -> bool:
    """Whether its holder has not typed for so long that a colleague may take over."""
    return now - (pulse.typed_at if pulse else lease.since) >= IDLE_AFTER

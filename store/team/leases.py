"""The leases of the journal and their holders' pulses, in memory: what presence, timers and `decide` read every few seconds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from store.domain.ids import ConversationId, InboxKey, MemberKey
from store.domain.lease import LEASE_SECONDS, Pulse, Token, lease_is_live
from store.team import statements as s
from store.team.connection import Connection
from store.team.rows import from_micros, read_conversation, run, to_micros
from store.team.values import LeaseNow, Published

Pulses = Mapping[ConversationId, tuple[Token, Pulse]]


class LeaseBook:
    """Belongs to the event loop. The truth of a pulse is the database's: `decide` asks there (`pulse_of`)."""

    def __init__(self, leases: Sequence[LeaseNow], pulses: Pulses) -> None:
        self._leases: dict[ConversationId, LeaseNow] = {held.conversation_id: held for held in leases}
        self._pulses: dict[ConversationId, tuple[Token, Pulse]] = dict(pulses)

    def pulse_of(self, conversation_id: ConversationId, token: Token) -> Pulse | None:
        """What is known of the holder of this very token; None: nothing since the lease began."""
        found = self._pulses.get(conversation_id)
        return found[1] if found is not None and found[0] == token else None

    def of(self, conversation_id: ConversationId) -> LeaseNow | None:
        """The lease of a conversation with its pulse."""
        held = self._leases.get(conversation_id)
        return held and msgspec.structs.replace(held, pulse=self.pulse_of(conversation_id, held.lease.token))

    def all(self) -> tuple[LeaseNow, ...]:
        """Every one."""
        return tuple(held for held in map(self.of, tuple(self._leases)) if held is not None)

    def touch(
        self, by: MemberKey, conversation_id: ConversationId, token: Token, now: datetime, *, typed: bool
    ) -> Callable[[Connection], None] | None:
        """Take a pulse: what is to be written down of it, or None when that lease is not `by`'s, not current, or dead."""
        held = self.of(conversation_id)
        if held is None or held.lease.token != token or held.lease.by != by or not lease_is_live(held.lease, held.pulse, now):
            return None
        typed_at = now if typed else held.pulse.typed_at if held.pulse else held.lease.since
        pulse = Pulse(renewed_at=now, typed_at=typed_at)
        self._pulses[conversation_id] = (token, pulse)
        return partial(_put_pulse, conversation_id=conversation_id, token=token, pulse=pulse)

    def end_all_of(
        self, by: MemberKey, now: datetime, ends_in: Callable[[InboxKey], bool] = lambda _inbox: True
    ) -> tuple[tuple[LeaseNow, Callable[[Connection], None]], ...]:
        """Nobody keeps this member's leases there alive any more: they are dead from now on. Each with what is to be written down of it."""
        return tuple((held, self._end(held, now)) for held in self.all() if held.lease.by == by and ends_in(held.inbox))

    def _end(self, held: LeaseNow, now: datetime) -> Callable[[Connection], None]:
        pulse = Pulse(now - LEASE_SECONDS, held.pulse.typed_at if held.pulse else held.lease.since)
        self._pulses[held.conversation_id] = (held.lease.token, pulse)
        return partial(_put_pulse, conversation_id=held.conversation_id, token=held.lease.token, pulse=pulse)

    def learn(self, pulses: Pulses) -> tuple[ConversationId, ...]:
        """Take over the pulses that other servers took; returns where there was a new one."""
        new: list[ConversationId] = []
        for conversation_id, (token, pulse) in pulses.items():
            known = self._pulses.get(conversation_id)
            if known is None or known[0] != token or known[1].renewed_at < pulse.renewed_at:
                self._pulses[conversation_id] = (token, pulse)
                new.append(conversation_id)
        return tuple(new)

    def follow(self, published: Published) -> None:
        """Take over what a command did to a lease."""
        conversation_id = published.recorded[-1].conversation_id
        if conversation_id is None or published.inbox is None:
            return
        if published.lease is None:
            self._leases.pop(conversation_id, None)
            self._pulses.pop(conversation_id, None)
        else:
            self._leases[conversation_id] = LeaseNow(conversation_id, published.inbox, published.lease, None)


def pulse_of(connection: Connection, conversation_id: ConversationId, token: Token) -> Pulse | None:
    """What is known of the holder of this very token; None: nothing since the lease began."""
    rows = run(connection, s.GET_PULSE, id=conversation_id, epoch=token.epoch, n=token.n)
    return Pulse(from_micros(rows[0][0]), from_micros(rows[0][1])) if rows else None


def pulses(connection: Connection) -> dict[ConversationId, tuple[Token, Pulse]]:
    """Every one."""
    return {
        ConversationId(conversation_id): (Token(epoch, n), Pulse(from_micros(renewed_at), from_micros(typed_at)))
        for conversation_id, epoch, n, renewed_at, typed_at in run(connection, s.PULSES)
    }


def standing(connection: Connection) -> tuple[LeaseNow, ...]:
    """Every lease of the journal."""
    states = (read_conversation(row[0]) for row in run(connection, s.STATES_LEASED))
    return tuple(LeaseNow(state.id, state.inbox, state.lease, None) for state in states if state.lease is not None)


def renew_all(connection: Connection, leases: Sequence[LeaseNow], now: datetime) -> None:
    """A server that was away is not the holders' fault: every lease counts as just renewed. Typing does not."""
    for held in leases:
        known = pulse_of(connection, held.conversation_id, held.lease.token)
        pulse = Pulse(renewed_at=now, typed_at=known.typed_at if known else held.lease.since)
        _put_pulse(connection, conversation_id=held.conversation_id, token=held.lease.token, pulse=pulse)


def _put_pulse(connection: Connection, *, conversation_id: ConversationId, token: Token, pulse: Pulse) -> None:
    run(
        connection,
        s.PUT_PULSE,
        conversation_id=conversation_id,
        epoch=token.epoch,
        n=token.n,
        renewed_at=to_micros(pulse.renewed_at),
        typed_at=to_micros(pulse.typed_at),
    )

"""The leases of the journal and their holders' pulses, in memory: what presence, timers and `decide` read every few seconds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from store.domain.ids import ConversationId, MemberKey
from store.domain.lease import LEASE_SECONDS, Pulse, Token, lease_is_live
from store.sqlite.connection import Connection
from store.team import statements as s
from store.team.rows import run, to_micros
from store.team.values import LeaseNow, Published


class LeaseBook:
    """Written by the event loop; `pulse_of` is also read by the writer's thread, one dictionary look-up at a time."""

    def __init__(self, leases: Sequence[LeaseNow], pulses: Mapping[ConversationId, tuple[Token, Pulse]], opened_at: datetime) -> None:
        """A server that was away is not the holders' fault: at `opened_at` every lease counts as just renewed. Typing does not."""
        self._leases: dict[ConversationId, LeaseNow] = {held.conversation_id: held for held in leases}
        self._pulses: dict[ConversationId, tuple[Token, Pulse]] = {}
        for held in leases:
            token, pulse = pulses.get(held.conversation_id, (held.lease.token, None))
            typed_at = pulse.typed_at if pulse and token == held.lease.token else held.lease.since
            self._pulses[held.conversation_id] = (held.lease.token, Pulse(renewed_at=opened_at, typed_at=typed_at))

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

    def end_all_of(self, by: MemberKey, now: datetime) -> tuple[LeaseNow, ...]:
        """Nobody keeps this member's leases alive any more: they are dead from now on, and may be lapsed."""
        held = tuple(one for one in self.all() if one.lease.by == by)
        for one in held:
            typed_at = one.pulse.typed_at if one.pulse else one.lease.since
            self._pulses[one.conversation_id] = (one.lease.token, Pulse(now - LEASE_SECONDS, typed_at))
        return held

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

"""From where a member may call, and with which certificate; held in memory too, for every call asks. And what they were told of passwords."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from store.clock import Clock
from store.domain.ids import InboxKey, MemberKey
from store.team import people_statements as p
from store.team.connection import Connection
from store.team.errors import CertificateTaken
from store.team.rows import run, to_json, to_micros
from store.team.trust_facts import note
from store.team.writing import Ask, Write, Written

LOOK_AGAIN_SECONDS = 0.5
"""Another server process may have changed it."""


class Doors(msgspec.Struct, frozen=True):
    """Every member's networks (as they are written, `192.0.2.0/24`), whose each certificate is, and who has a confirmed second factor."""

    networks: Mapping[MemberKey, tuple[str, ...]] = {}
    certificates: Mapping[str, MemberKey] = {}
    second_factors: frozenset[MemberKey] = frozenset()

    def certificates_of(self, key: MemberKey) -> tuple[str, ...]:
        """The names of one member's certificates."""
        return tuple(name for name, member in self.certificates.items() if member == key)


class Handed(msgspec.Struct, frozen=True):
    """A shared mailbox password that a member was told; `mark` is its keyed hash."""

    member: MemberKey
    inbox: InboxKey
    mark: str


_read_networks = msgspec.json.Decoder(tuple[str, ...]).decode


class Access:
    """What stands beside the members, and is nobody else's business."""

    def __init__(self, clock: Clock, write: Write, ask: Ask) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask
        self._doors: Doors | None = None
        self._looked_at = 0.0

    async def doors(self) -> Doors:
        """As of at most half a second ago."""
        moment = self._clock.monotonic()
        if self._doors is None or moment - self._looked_at >= LOOK_AGAIN_SECONDS:
            self._doors, self._looked_at = await self._ask(_doors), moment
        return self._doors

    def forget(self) -> None:
        """Something of it has changed: look again at the next call."""
        self._doors = None

    async def allow(self, key: MemberKey, networks: Sequence[str], by: MemberKey, place: str) -> None:
        """A member calls from these networks only; none: from anywhere the house allows."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            run(connection, p.DROP_NETWORKS_OF, whose=key)
            if networks:
                run(connection, p.PUT_NETWORKS, member=key, networks=to_json(tuple(networks)))
            note(connection, now, by, "networks_set", place, member=key, networks=",".join(networks))
            return None, ()

        await self._write(work)
        self.forget()

    async def bind(self, key: MemberKey, names: Sequence[str], by: MemberKey, place: str) -> None:
        """These certificates, and no others, are the member's.

        Raises:
            CertificateTaken: One is somebody else's.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            for name in names:
                rows = run(connection, p.CERTIFICATE_OF, name=name)
                if rows and rows[0][0] != key:
                    raise CertificateTaken(name)
            run(connection, p.DROP_CERTIFICATES_OF, whose=key)
            for name in names:
                run(connection, p.PUT_CERTIFICATE, name=name, member=key)
            note(connection, now, by, "certificates_set", place, member=key, count=len(names))
            return None, ()

        await self._write(work)
        self.forget()

    async def hand_out(self, key: MemberKey, marks: Mapping[InboxKey, str]) -> None:
        """Remember that a member was told these inboxes' passwords."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            put_handed_out(connection, key, marks, now)
            return None, ()

        if marks:
            await self._write(work)

    async def handed_out(self) -> tuple[Handed, ...]:
        """All that was ever told to anybody."""
        rows = await self._ask(lambda connection: run(connection, p.HANDED_OUT))
        return tuple(Handed(MemberKey(member), InboxKey(inbox), mark) for member, inbox, mark in rows)


def put_handed_out(connection: Connection, key: MemberKey, marks: Mapping[InboxKey, str], now: datetime) -> None:
    """The same as `hand_out`, inside a transaction."""
    for inbox, mark in marks.items():
        run(connection, p.PUT_HANDED_OUT, member=key, inbox=inbox, mark=mark, at=to_micros(now))


def _doors(connection: Connection) -> Doors:
    return Doors(
        {MemberKey(member): _read_networks(networks) for member, networks in run(connection, p.NETWORKS)},
        {name: MemberKey(member) for name, member in run(connection, p.CERTIFICATES)},
        frozenset(MemberKey(row[0]) for row in run(connection, p.CONFIRMED_FACTORS)),
    )

"""What the calls work with: the desk and everything beside it, put together once at the start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mailsync.server.gatekeeper import Gatekeeper
from mailsync.server.lines import Lines
from mailsync.server.offers import Offers
from mailsync.server.passwords import Passwords
from mailsync.server.sealing import Sealing
from mailsync.server.stream import Hub
from mailsync.server.trust import Trust
from store.clock import Clock
from store.domain.ids import InboxKey
from store.team.desk import TeamDesk


@dataclass
class Door:
    """Where members find the server, and its certificate's fingerprint: what invitations carry. Known once it listens."""

    url: str = ""
    fingerprint: str | None = None


@dataclass(frozen=True)
class House:
    """One server. `hint`: there may be new mail in an inbox. `addresses`: what each inbox may write from, lower case."""

    desk: TeamDesk
    clock: Clock
    hub: Hub
    offers: Offers
    passwords: Passwords
    sealing: Sealing
    hint: Callable[[InboxKey], None]
    addresses: Mapping[InboxKey, tuple[str, ...]] = field(default_factory=dict)
    door: Door = field(default_factory=Door)
    trust: Trust = field(default_factory=Trust)
    lines: Lines = field(default_factory=Lines)

    @cached_property
    def gate(self) -> Gatekeeper:
        """Who shows out those whose session has ended."""
        return Gatekeeper(self.desk, self.hub, self.clock)

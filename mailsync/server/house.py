"""What the calls work with: the desk and everything beside it, put together once at the start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mailsync.server.lines import Lines
from mailsync.server.offers import Offers
from mailsync.server.passwords import Passwords
from mailsync.server.stream import Hub
from mailsync.server.throttle import Throttle
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
    """One server. `hint`: there may be new mail in an inbox. `addresses`: what each inbox writes from, lower case."""

    desk: TeamDesk
    clock: Clock
    hub: Hub
    offers: Offers
    passwords: Passwords
    throttle: Throttle
    hint: Callable[[InboxKey], None]
    addresses: Mapping[InboxKey, str] = field(default_factory=dict)
    door: Door = field(default_factory=Door)
    lines: Lines = field(default_factory=Lines)

"""What the house demands of whoever calls: from where, with what certificate, with a second factor, and for how long."""

from dataclasses import dataclass, field
from datetime import timedelta

from mailsync.server.places import Network, is_in, networks_of
from store.domain.people import Member, Role, roles_of
from store.settings.settings import Settings
from store.team.access import Doors
from store.team.sessions import SessionRules


@dataclass(frozen=True)
class Trust:
    """The house's rules; those of single members lie in `Doors`."""

    allow: tuple[Network, ...] = ()
    proxies: tuple[Network, ...] = ()
    proxy_header: str = ""
    second_factor: frozenset[Role] = frozenset()
    sessions: SessionRules = field(default_factory=SessionRules)

    def takes(self, place: str, *, by_socket: bool) -> bool:
        """Whether the house takes calls from there; this machine's own sockets are inside it."""
        return by_socket or not self.allow or is_in(place, self.allow)

    def takes_member(self, member: Member, place: str, doors: Doors, *, by_socket: bool) -> bool:
        """Whether it takes this member's calls from there."""
        own = doors.networks.get(member.key)
        return by_socket or own is None or is_in(place, networks_of(own))

    def asks_second_factor(self, member: Member) -> bool:
        """Whether one of the member's roles needs it."""
        return not self.second_factor.isdisjoint(roles_of(member))


def trust_of(settings: Settings) -> Trust:
    """The rules of the server's settings."""
    trust = settings.trust
    return Trust(
        networks_of(trust.allow),
        networks_of(trust.proxies),
        trust.proxy_header,
        frozenset(trust.second_factor),
        SessionRules(timedelta(days=trust.idle_days), timedelta(days=trust.session_days)),
    )

"""Who may call what: one function, asked by the one dispatcher before every call."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailsync.server.errors import NotYours, WhoAreYou
from store.domain.ids import InboxKey
from store.domain.people import Member, Role, is_here, role_in, roles_of, sees

__all__ = ["RIGHTS", "Caller", "Right", "Transport", "authorise", "sees"]


class Transport(StrEnum):
    """How a call reached us; `OPEN` is TCP without TLS from another machine."""

    UNIX = "unix"
    TLS = "tls"
    LOOPBACK = "loopback"
    OPEN = "open"


class Right(StrEnum):
    """What a call needs. What a command needs beyond `SPEAK` is for the team's rules to say (`store.domain.decide`)."""

    ENTER = "enter"
    """Nobody needs to be known: the invitation or the password is in the call."""
    OWN = "own"
    """About oneself: one's sessions, password, second factor."""
    READ = "read"
    SPEAK = "speak"
    WORK = "work"
    LEAD = "lead"
    """About colleagues who are not above oneself."""
    ADMINISTER = "administer"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.LEADER: frozenset(Right) - {Right.ADMINISTER},
    Role.AGENT: frozenset({Right.ENTER, Right.OWN, Right.READ, Right.SPEAK, Right.WORK}),
    Role.CHECKED: frozenset({Right.ENTER, Right.OWN, Right.READ, Right.SPEAK, Right.WORK}),
    Role.GUEST: frozenset({Right.ENTER, Right.OWN, Right.READ, Right.SPEAK}),
}
"""A role's rights, in every inbox in which it is the member's."""

SESSION_LETTERS = 12
"""Enough of a session's hash to find it in the list."""

OF_THE_TEAM = frozenset({Right.LEAD, Right.ADMINISTER})
"""What concerns people goes by the member's own role, not by one they have in an inbox."""


@dataclass(frozen=True)
class Caller:
    """Who calls; `member` None: nobody we know. `session_id` is what can be ended, "" where the Unix account or a certificate says who it is."""

    member: Member | None
    transport: Transport
    session_id: str = ""
    place: str = ""
    """The address, or `unix:UID`; "" where it is not known."""
    at: datetime | None = None
    """By the server's clock; None: a test that does not care."""
    welcome: bool = True
    """False: the house, or this member's own list, takes no calls from there."""
    unfinished: bool = False
    """Their role needs a second factor, and they have none yet: nothing but setting one up is open to them."""
    opened_at: datetime | None = None
    """When the session was opened."""

    @property
    def where(self) -> str:
        """For the audit log: by what they got in, and from where."""
        by = f"session {self.session_id[:SESSION_LETTERS]}" if self.session_id else self.transport.value
        return f"{by} from {self.place or 'an unknown address'}"

    @property
    def known(self) -> Member:
        """The member; only after `authorise` for a right but ENTER.

        Raises:
            WhoAreYou: There is none.
        """
        if self.member is None:
            raise WhoAreYou("This call needs a session: join with an invitation, or log in again.")
        return self.member


def authorise(caller: Caller, right: Right, inbox: InboxKey | None) -> None:
    """Return if the caller has the right in that inbox; `inbox` None: the call concerns none.

    Raises:
        WhoAreYou: Nobody we know.
        NotYours: Known, but not allowed.
    """
    if not caller.welcome:
        raise NotYours("Calls from this address are not taken.")
    if right is Right.ENTER:
        return
    member = caller.known
    if not (member.active if caller.at is None else is_here(member, caller.at)):
        raise WhoAreYou("This session has ended.")
    if caller.unfinished and right is not Right.OWN:
        raise NotYours("This role needs a second factor first: `mado session totp on`.")
    if not _has(member, right, inbox):
        raise NotYours(f"A member with the role {role_in(member, inbox)} may not do this.")
    if not sees(member, inbox):
        raise NotYours("This belongs to an inbox that is not yours.")


def _has(member: Member, right: Right, inbox: InboxKey | None) -> bool:
    if right in OF_THE_TEAM:
        return right in RIGHTS[member.role]
    if inbox is not None:
        return right in RIGHTS[role_in(member, inbox)]
    # Which inbox it concerns, if any, is asked when the body is read; until then the best of their roles counts.
    return any(right in RIGHTS[role] for role in roles_of(member))

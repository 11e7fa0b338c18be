"""Who may call what: one function, asked by the one dispatcher before every call."""

from dataclasses import dataclass
from enum import StrEnum

from mailsync.server.errors import NotYours, WhoAreYou
from store.domain.ids import InboxKey
from store.domain.people import Member, Role


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
    READ = "read"
    SPEAK = "speak"
    WORK = "work"
    ADMINISTER = "administer"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.LEADER: frozenset({Right.ENTER, Right.READ, Right.SPEAK, Right.WORK}),
    Role.AGENT: frozenset({Right.ENTER, Right.READ, Right.SPEAK, Right.WORK}),
    Role.CHECKED: frozenset({Right.ENTER, Right.READ, Right.SPEAK, Right.WORK}),
    Role.GUEST: frozenset({Right.ENTER, Right.READ, Right.SPEAK}),
}
"""A role's rights, in every inbox the member belongs to."""


@dataclass(frozen=True)
class Caller:
    """Who calls; `member` None: nobody we know. `session_id` is what can be ended, "" where the Unix account says who it is."""

    member: Member | None
    transport: Transport
    session_id: str = ""

    @property
    def known(self) -> Member:
        """The member; only after `authorise` for a right but ENTER.

        Raises:
            WhoAreYou: There is none.
        """
        if self.member is None:
            raise WhoAreYou("This call needs a session: join with an invitation, or log in again.")
        return self.member


def sees(member: Member, inbox: InboxKey | None) -> bool:
    """Whether an inbox is one of the member's; None is about the team, which everybody sees."""
    return inbox is None or not member.inboxes or inbox in member.inboxes


def authorise(caller: Caller, right: Right, inbox: InboxKey | None) -> None:
    """Return if the caller has the right in that inbox; `inbox` None: the call concerns none.

    Raises:
        WhoAreYou: Nobody we know.
        NotYours: Known, but not allowed.
    """
    if right is Right.ENTER:
        return
    member = caller.known
    if not member.active:
        raise WhoAreYou("This session has ended.")
    if right not in RIGHTS[member.role]:
        raise NotYours(f"A member with the role {member.role} may not do this.")
    if not sees(member, inbox):
        raise NotYours("This belongs to an inbox that is not yours.")

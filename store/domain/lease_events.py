"""What happened to the right to reply."""

from store.domain.event import Event
from store.domain.ids import MemberKey, Revision
from store.domain.lease import Token


class LeaseTaken(Event, frozen=True, tag=True):
    """Somebody writes. `broken_from`: whose lease was taken over, and why."""

    by: MemberKey
    token: Token
    seen_revision: Revision
    terminal: str
    broken_from: MemberKey | None = None
    reason: str = ""


class LeaseReleased(Event, frozen=True, tag=True):
    """The composer was left."""

    token: Token
    has_text: bool


class LeaseLapsed(Event, frozen=True, tag=True):
    """Nobody renewed it, or nobody typed."""

    token: Token
    has_text: bool


class LeaseAsked(Event, frozen=True, tag=True):
    """A colleague would like to write."""

    by: MemberKey

"""Who asks, when, and what only the server knows of the moment: what `decide` may read beside the state."""

from datetime import datetime

import msgspec

from store.domain.check_policy import MailFacts
from store.domain.events import ConversationEvent
from store.domain.ids import InboxKey, MemberKey
from store.domain.lease import Pulse
from store.domain.people import Member, Role
from store.domain.refusals import Refusal
from store.domain.team_facts import TeamFacts
from store.domain.template import Template

Decision = tuple[ConversationEvent, ...] | Refusal
"""What a command comes to; `()`: taken, and nothing changed."""

LEADING = frozenset({Role.ADMIN, Role.LEADER})


class Opening(msgspec.Struct, frozen=True):
    """What only the server can give a new conversation."""

    number: int
    reply_token: str = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The world around one decision. The server itself acts as `people.SERVER` with the role of an admin."""

    actor: Member
    now: datetime
    epoch: int = 1
    """Changes when a database is restored; tokens of an earlier one are worth nothing."""
    pulse: Pulse | None = None
    """Of the conversation's lease."""
    members: frozenset[MemberKey] = frozenset()
    """The active ones who see this inbox: whoever does not cannot be given anything here."""
    leaders: frozenset[MemberKey] = frozenset()
    own_addresses: frozenset[str] = frozenset()
    """Of all our inboxes, lower case."""
    reopen_days: int = 14
    names: dict[MemberKey, str] = {}
    """How members are called, for `@田中` in a comment; may be empty."""
    inboxes: frozenset[InboxKey] | None = None
    """Of the house; None: not known here, and not asked."""
    opening: Opening | None = None
    """What a conversation would get that a split opens now."""
    team: TeamFacts = TeamFacts()
    """The team's own statuses, its groups, and who is away."""
    files: frozenset[tuple[str, int]] | None = None
    """SHA-256 and size of what has arrived for the comment that is to be made; None: not known here, and not asked."""
    cannot_send: frozenset[MemberKey] = frozenset()
    """Active members who may not send any more (guests, checked ones): read when a ticket is issued for them."""
    templates: dict[str, Template] = {}
    """Those that the command names, in their newest version."""
    checked: frozenset[MemberKey] = frozenset()
    """Those of them whose replies leave only with another's yes."""
    mail: MailFacts | None = None
    """What the server read in the reply that is handed over; None: nobody could."""
    frozen_sha256: str | None = None
    """What lies at the server of the reply that is to be approved, or to leave (`approval.reply_hash`); None: not known here, and not asked."""
    yes: tuple[MemberKey, ...] = ()
    """Who approved what is handed over, as a row of their mailing; the server alone says so."""
    own_role: Role | None = None
    """The actor's role in every inbox for which none is named, where `actor` has the one that counts in this; None: the same."""

    @property
    def me(self) -> MemberKey:
        """The actor's key."""
        return self.actor.key

    @property
    def leads(self) -> bool:
        """Whether the actor may take over, cancel and move what belongs to others."""
        return self.actor.role in LEADING or self.actor.key in self.leaders

    def role_at(self, inbox: InboxKey) -> Role:
        """The actor's role in another inbox."""
        return next((one.role for one in self.actor.roles if one.inbox == inbox), self.own_role or self.actor.role)

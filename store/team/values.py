"""What goes into the team's desk and comes out of it, as values."""

from datetime import datetime

import msgspec

from store.domain.check_policy import MailFacts
from store.domain.commands import AnyCommand, TeamCommand
from store.domain.conversation import Conversation
from store.domain.events import Recorded, TeamEvent
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, Seq, SubmissionId
from store.domain.lease import Lease, Pulse
from store.domain.outbox import Submission
from store.domain.people import SERVER, Member, Role
from store.domain.refusals import AnyRefusal
from store.domain.template import Template, TemplateUses

THE_SERVER = Member(SERVER, "", Role.ADMIN)
"""Who gives the watcher's, the timers' and the outbox's commands."""


class Executed(msgspec.Struct, frozen=True, tag_field="answer", tag="done"):
    """The command was taken; its events in order, none when it changed nothing. `conversation_id`: whom it concerned, aliases resolved."""

    as_of: Seq
    recorded: tuple[Recorded, ...]
    conversation_id: ConversationId | None = None
    of: str = ""
    """Which command it was (`store.team.fingerprint`); "" where none was kept."""


class Rejected(msgspec.Struct, frozen=True, tag_field="answer", tag="refused"):
    """The team's rules say no; the same key gets the same no again."""

    as_of: Seq
    refusal: AnyRefusal
    of: str = ""
    """As above."""


Outcome = Executed | Rejected


class Order(msgspec.Struct, frozen=True):
    """A command, who gives it, and its idempotency key; without one it is done each time it comes."""

    actor: Member
    key: CommandKey | None
    command: AnyCommand | TeamCommand
    where: str = ""
    """Session and address it came from, for the audit log."""
    mail: MailFacts | None = None
    """What the server read in the reply that the command hands over."""
    yes: tuple[MemberKey, ...] = ()
    """Who approved it, as a row of a mailing; never from outside."""


class Published(msgspec.Struct, frozen=True):
    """The events of one command, after their commit. `inbox` None: they are about the team. `lease`: the conversation's, after them."""

    inbox: InboxKey | None
    recorded: tuple[Recorded, ...]
    lease: Lease | None = None


class WatchCursor(msgspec.Struct, frozen=True):
    """How far the watcher has told the journal of a mailbox: everything of `uidvalidity` up to `highest_uid`."""

    uidvalidity: int
    highest_uid: int


class LeaseNow(msgspec.Struct, frozen=True):
    """A lease that stands in the journal, and what is known of its holder's pulse. Whether it is live is for `store.domain.lease` to say."""

    conversation_id: ConversationId
    inbox: InboxKey
    lease: Lease
    pulse: Pulse | None


class OutboxItem(msgspec.Struct, frozen=True):
    """A submission in its conversation. `due_at`: when something is to be tried next, None when nothing is."""

    conversation_id: ConversationId
    number: int
    inbox: InboxKey
    subject: str
    submission: Submission
    attempts: int
    due_at: datetime | None


class Frozen(msgspec.Struct, frozen=True):
    """A submission with the bytes that leave; they were frozen when the reply was queued."""

    item: OutboxItem
    mime: bytes


class RemarkKept(msgspec.Struct, frozen=True):
    """What a checker said when a reply was sent back."""

    submission_id: SubmissionId
    by: MemberKey
    at: datetime
    conversation_id: ConversationId
    number: int
    inbox: InboxKey
    kind: str
    remark: str


class SavedDraft(msgspec.Struct, frozen=True):
    """A draft kept beside the agent's own copy; `body` is the client's JSON, never read here."""

    conversation_id: ConversationId
    saved_at: datetime
    body: bytes


class SnapshotPart(msgspec.Struct, frozen=True):
    """Conversations in order of id, as of `seq`; `next` None: that was all."""

    seq: Seq
    conversations: tuple[Conversation, ...]
    next: ConversationId | None
    members: tuple[Member, ...]
    templates: tuple[Template, ...]
    team: tuple[TeamEvent, ...] = ()
    """What folds to the team's facts: its statuses, groups and absences."""


class StatesPart(msgspec.Struct, frozen=True):
    """Conversations as they lie in the database, in JSON, as of `seq`; `next`: the number below which to go on, None: that was all."""

    seq: Seq
    states: tuple[bytes, ...]
    next: int | None
    members: tuple[Member, ...] = ()
    templates: tuple[Template, ...] = ()
    team: tuple[TeamEvent, ...] = ()
    uses: tuple[TemplateUses, ...] = ()


class Invited(msgspec.Struct, frozen=True):
    """A new member and the secret of their invitation, told once."""

    member: Member
    secret: str
    expires_at: datetime


class Entered(msgspec.Struct, frozen=True):
    """A member with a new session; `session` is its secret, told once. `device`: what the home shows when it logs in again."""

    member: Member
    session: str
    device: str = ""


class SessionOwner(msgspec.Struct, frozen=True):
    """Whose session it is; `session_id` is its hash, by which it can be ended."""

    member: Member
    session_id: str
    created_at: datetime | None = None

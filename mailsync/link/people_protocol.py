"""What travels about people and trust: sessions, passwords, second factors, members and what lets them in. JSON, by msgspec."""

from datetime import datetime

import msgspec

from store.domain.ids import ConversationId, InboxKey, MemberKey, StatusKey
from store.domain.people import InboxRole, Member, Role


class SessionInfo(msgspec.Struct, frozen=True):
    """An open session. `session_id` names it and opens nothing; `how`: `invitation password second_factor`; `current`: the one that asks."""

    session_id: str
    terminal: str
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime
    place: str = ""
    how: str = ""
    current: bool = False


class Ended(msgspec.Struct, frozen=True):
    """How many were ended."""

    count: int


class NewPassword(msgspec.Struct, frozen=True):
    """`old` None: there is none yet, which is taken from a session that is minutes old, or over the Unix socket."""

    new: str
    old: str | None = None


class PasswordShown(msgspec.Struct, frozen=True):
    """The own password once more: a session alone does not change what lets one in. `code`: where a second factor is on."""

    password: str
    code: str | None = None


class CodeShown(msgspec.Struct, frozen=True):
    """A code of the authenticator app."""

    code: str


class FactorState(msgspec.Struct, frozen=True):
    """Whether a second factor is on, whether the role asks for one, and how many recovery codes are left."""

    on: bool
    required: bool
    codes_left: int


class FactorBegun(msgspec.Struct, frozen=True):
    """A new secret for the app: as it is typed, and as a link. Told once; on after a code of it was shown."""

    secret: str
    uri: str


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Each works once, instead of a code of the app. Told once."""

    codes: tuple[str, ...]


class MemberChange(msgspec.Struct, frozen=True):
    """How a member is to be from now on, whole."""

    name: str
    role: Role
    inboxes: tuple[InboxKey, ...] = ()
    roles: tuple[InboxRole, ...] = ()
    ends_at: datetime | None = None


class InviteAgain(msgspec.Struct, frozen=True):
    """`reset`: password, second factor, devices and sessions end now; `back`: somebody who left returns."""

    reset: bool = False
    back: bool = False


class Networks(msgspec.Struct, frozen=True):
    """From where a member may call; none: from anywhere the house allows."""

    networks: tuple[str, ...] = ()


class CertificateNames(msgspec.Struct, frozen=True):
    """`sha256:HEX` or `subject:CN=…`; with one, the member's sessions work only together with it."""

    names: tuple[str, ...] = ()


class LeftBehind(msgspec.Struct, frozen=True):
    """An open conversation that needs another owner."""

    id: ConversationId
    number: int
    inbox: InboxKey
    subject: str
    status: StatusKey


class PendingReply(msgspec.Struct, frozen=True):
    """A reply of theirs that is not known to have left: held, for its sender may not send any more; a `sending` or `unknown` one may have left."""

    id: ConversationId
    number: int
    submission_id: str
    state: str


class Lost(msgspec.Struct, frozen=True):
    """`conversations`: nobody's now, by category; `leases`: how many were freed; `replies`: theirs there, as `PendingReply` says."""

    conversations: dict[str, tuple[LeftBehind, ...]]
    leases: int
    replies: tuple[PendingReply, ...]


class MemberDetails(msgspec.Struct, frozen=True):
    """What only an admin sees of a member."""

    member: Member
    has_password: bool
    second_factor: bool
    networks: tuple[str, ...]
    certificates: tuple[str, ...]
    sessions: int
    invited_until: datetime | None
    lost: Lost | None = None
    """What was theirs in inboxes that they see no more, where that has just been changed."""


class Deactivated(msgspec.Struct, frozen=True):
    """A member was ended. `conversations`: theirs, by category; `leases`: how many were freed; `passwords`: inboxes whose they know."""

    member: Member
    conversations: dict[str, tuple[LeftBehind, ...]]
    leases: int
    replies: tuple[PendingReply, ...]
    passwords: tuple[InboxKey, ...]


class PasswordToChange(msgspec.Struct, frozen=True):
    """A shared mailbox password that is still the one these members were told before they left."""

    inbox: InboxKey
    members: tuple[MemberKey, ...]

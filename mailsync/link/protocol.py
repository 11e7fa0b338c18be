"""What travels between a client and the team's server: one declaration for both ends. JSON, by msgspec.

Every call but `POST /v1/join` and `POST /v1/sessions` carries `Authorization: Bearer SESSION`, or comes over a Unix socket whose peer's
uid the server knows (SO_PEERCRED). Errors are `Problem` with status 400 (malformed), 401 (who are you?), 403 (not you), 404, 409 (epoch),
413, 429, 503. A refusal by the team's rules is an answer, not an error: 200 with `Refused`.

Which calls there are, what goes in and comes out, stands in the server's table (`mailsync.server.endpoints`): `docs/api.md`, and the
typed client `mailsync.link.calls`, are made from it.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from store.domain.check import Check
from store.domain.commands import AgentCommand, TeamCommand
from store.domain.ending import Ending
from store.domain.events import Recorded
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, Seq, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import OutboxState, RecipientResult
from store.domain.people import InboxRole, Member, Role
from store.domain.read_marks import ReadMark
from store.domain.refusals import AnyRefusal

VERSION = 2
"""Of this page; a client and a server that differ say so instead of guessing."""


PROBLEM = "Mado-Problem"
"""The header of an error that is the server's own; what has none was said by something on the way."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a call was not taken: `error` is a word for programs, `message` a sentence for people, without secrets."""

    error: str
    message: str
    ended: Ending | None = None
    """With `access_ended`: what the server has written down of it, told to who shows a session of that member."""


class InboxOffer(msgspec.Struct, frozen=True):
    """An inbox as a member gets it on joining. `password` only where the house shares it; `ca_pem` a CA's contents, not its path."""

    key: InboxKey
    address: str
    mailboxes: tuple[str, ...]
    host: str
    port: int
    tls: str
    user: str
    auth: str = "password"
    name: str = ""
    sent: str | None = None
    ca_pem: str | None = None
    password: str | None = None
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    addresses: tuple[str, ...] = ()
    writing: dict[str, str | bool | tuple[str, ...]] = {}
    """`[inbox.writing]` of the house, as far as it differs from the defaults."""


class JoinRequest(msgspec.Struct, frozen=True):
    """`invitation` is the secret inside the invitation; `password` (optional) lets the member log in again later."""

    invitation: str
    terminal: str
    password: str | None = None
    code: str | None = None
    """Where the member has a second factor already."""


class LoginRequest(msgspec.Struct, frozen=True):
    """A new session for somebody who has a password. `device`: what this home was given when it last got in."""

    member: MemberKey
    password: str
    terminal: str
    code: str | None = None
    device: str | None = None


class Joined(msgspec.Struct, frozen=True):
    """`session` is the secret of the new session; it is told once and stored as a hash."""

    member: Member
    session: str
    inboxes: tuple[InboxOffer, ...]
    device: str = ""
    """Shown at the next log-in from this home: who guesses elsewhere does not keep it waiting."""
    unfinished: bool = False
    """The role needs a second factor first; until then nothing else is open."""
    waiting_steps: tuple[str, ...] = ()
    """The house's own, of `[list]`; none: as everywhere."""


class Me(msgspec.Struct, frozen=True):
    """Who the caller is, and the server's constants."""

    member: Member
    epoch: int
    seq: Seq
    now: datetime
    inboxes: tuple[InboxKey, ...]
    version: int = VERSION
    log_head: str = ""
    """The audit log's end, `number:hash`: who keeps it can prove later that nothing was cut off (`mailsync.link.trail`)."""


class CommandRequest(msgspec.Struct, frozen=True):
    """The same `key` twice is the same command once, refusals included. `epoch`: of the client's mirror; another one is a 409."""

    key: CommandKey
    command: AgentCommand | TeamCommand
    epoch: int | None = None


class Done(msgspec.Struct, frozen=True, tag_field="answer", tag="done"):
    """The command was taken; its events, in order (none when it changed nothing)."""

    as_of: Seq
    recorded: tuple[Recorded, ...]


class Refused(msgspec.Struct, frozen=True, tag_field="answer", tag="refused"):
    """The team's rules say no."""

    as_of: Seq
    refusal: AnyRefusal


Answer = Done | Refused


class PulseRequest(msgspec.Struct, frozen=True):
    """The lease's holder is alive; `typed`: and has typed since the last pulse."""

    conversation_id: ConversationId
    token: Token
    typed: bool


class PulseAnswer(msgspec.Struct, frozen=True):
    """False: the lease is gone; the composer turns read-only."""

    held: bool


class DraftBody(msgspec.Struct, frozen=True):
    """A draft as the server keeps it beside the local one; opaque to it but for the conversation."""

    conversation_id: ConversationId
    saved_at: datetime
    draft: msgspec.Raw


MOST_MARKS = 500


class MarksSaid(msgspec.Struct, frozen=True):
    """How far the caller has read since they last said so, and from where on they want to hear what their other terminals said."""

    epoch: int
    marks: Annotated[tuple[ReadMark, ...], msgspec.Meta(max_length=MOST_MARKS)] = ()
    after: Annotated[int, msgspec.Meta(ge=0, le=2**62)] = 0


class MarksAnswer(msgspec.Struct, frozen=True):
    """The caller's marks that changed after `after`, these included; `n`: up to where, and `more` there are. `begun`: without a mark, what
    came before that is read."""

    epoch: int
    n: int
    begun: datetime
    marks: tuple[ReadMark, ...]
    more: bool = False


class OutboxRow(msgspec.Struct, frozen=True):
    """A submission, as `mado outbox` lists it."""

    conversation_id: ConversationId
    number: int
    subject: str
    submission_id: SubmissionId
    message_id: str
    by: MemberKey
    state: OutboxState
    send_at: datetime
    to: tuple[str, ...]
    then_status: StatusKey
    results: tuple[RecipientResult, ...] = ()
    why: str = ""
    attempts: int = 0
    filed: bool = False


class CheckBody(msgspec.Struct, frozen=True):
    """A reply that waits for a check. `mime`: as it will leave; `before`: as it was when it was sent back last, None: it never was."""

    check: Check
    mime: bytes
    before: bytes | None = None


class Remark(msgspec.Struct, frozen=True):
    """What a checker said when a reply was sent back; `mado learning` lists them."""

    submission_id: SubmissionId
    by: MemberKey
    at: datetime
    conversation_id: ConversationId
    number: int
    kind: str
    remark: str


class AddMemberRequest(msgspec.Struct, frozen=True):
    """`unix_user`: the name of a Unix account that needs no password on the server's socket."""

    name: str
    key: MemberKey | None = None
    role: Role = Role.AGENT
    inboxes: tuple[InboxKey, ...] = ()
    unix_user: str | None = None
    ends_at: datetime | None = None
    roles: tuple[InboxRole, ...] = ()


class MemberAdded(msgspec.Struct, frozen=True):
    """`invitation` is the whole thing to hand over: server's address, secret, fingerprint; one use, 7 days."""

    member: Member
    invitation: str
    expires_at: datetime

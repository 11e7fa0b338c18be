"""Why the team's rules say no: values that carry the facts. On the wire and in `--json` their name stands under `refused`."""

from datetime import datetime

import msgspec

from store.domain.ids import MemberKey, Revision, StatusKey, SubmissionId, TemplateKey
from store.domain.outbox import OutboxState


class Refusal(msgspec.Struct, frozen=True, tag_field="refused"):
    """The common part."""


class LeaseHeld(Refusal, frozen=True, tag=True):
    """Somebody else is writing. `may_take_over`: whether the asker could break it now, with a reason."""

    by: MemberKey
    since: datetime
    idle: bool
    may_take_over: bool


class LeaseLost(Refusal, frozen=True, tag=True):
    """The token is not the current one: the lease lapsed, or was taken over by `by`. The text is safe as a draft."""

    by: MemberKey | None


class ReplyPending(Refusal, frozen=True, tag=True):
    """A reply is on its way already."""

    by: MemberKey
    state: OutboxState
    submission_id: SubmissionId


class SomethingNew(Refusal, frozen=True, tag=True):
    """The fence: `new` came since the revision that was seen."""

    revision: Revision
    new: tuple[str, ...]


class NotAllowed(Refusal, frozen=True, tag=True):
    """The member's role, or another's ownership, forbids it.

    `needs` names what would do: `reason leader reply_right approval sender inbox admin author checker`.
    """

    needs: str


class ReasonRequired(Refusal, frozen=True, tag=True):
    """It can be done, with a reason in words."""

    what: str


class WakeTimeRequired(Refusal, frozen=True, tag=True):
    """On hold needs a time in the future at which it comes back."""


class FinishedAlready(Refusal, frozen=True, tag=True):
    """It is done, or junk: nothing is due there. `status`: the one it has."""

    status: StatusKey


class UnknownConversation(Refusal, frozen=True, tag=True):
    """No such conversation at the server."""

    conversation_id: str


class UnknownMember(Refusal, frozen=True, tag=True):
    """No such member, or no longer active."""

    member: str


class UnknownStatus(Refusal, frozen=True, tag=True):
    """No such status, or one that cannot be set by hand."""

    status: str


class UnknownSubmission(Refusal, frozen=True, tag=True):
    """No such reply here."""

    submission_id: str


class TooLate(Refusal, frozen=True, tag=True):
    """The reply is already being sent, or gone."""

    state: OutboxState


class NothingToUndo(Refusal, frozen=True, tag=True):
    """No action of one's own here that can be taken back, or somebody changed the same thing since."""

    why: str


class NameTaken(Refusal, frozen=True, tag=True):
    """Something else bears it already. `what`: `key letter hot_key name`; `by`: the key of what has it."""

    what: str
    by: str


class CategoryFixed(Refusal, frozen=True, tag=True):
    """A status keeps the category it was made with: conversations bear it."""

    status: str
    category: str


class UnknownGroup(Refusal, frozen=True, tag=True):
    """No such group."""

    group: str


class UnknownView(Refusal, frozen=True, tag=True):
    """No such view of the team's."""

    view: str


class UnknownInbox(Refusal, frozen=True, tag=True):
    """No such inbox of the house."""

    inbox: str


class FileMissing(Refusal, frozen=True, tag=True):
    """A file that a comment names has not arrived whole. `number`: which, from 1."""

    number: int


class UnknownComment(Refusal, frozen=True, tag=True):
    """No such comment in this conversation (any more)."""

    comment_id: str


class UnknownMessage(Refusal, frozen=True, tag=True):
    """No such message in this conversation."""

    message_id: str


class TemplateOutdated(Refusal, frozen=True, tag=True):
    """The template has changed: the text, or what was to be saved, was made from `version`, and `newest` is the one that counts (0: none)."""

    key: TemplateKey
    name: str
    version: int
    newest: int


class TemplateWithdrawn(Refusal, frozen=True, tag=True):
    """Nobody may use this template any more."""

    key: TemplateKey
    name: str


class MemberAway(Refusal, frozen=True, tag=True):
    """The member is away until then, and nobody who is here stands in."""

    member: MemberKey
    until: datetime


class ApprovalRequired(Refusal, frozen=True, tag=True):
    """So many other people must say yes before it leaves. `why`: the rules that ask for it, by their keys."""

    stages: int
    why: tuple[str, ...] = ()


class NotOwnCheck(Refusal, frozen=True, tag=True):
    """Nobody checks what they wrote, nor two stages of the same reply."""

    by: MemberKey


class HashMismatch(Refusal, frozen=True, tag=True):
    """What was read is not what lies there."""

    submission_id: SubmissionId


class CheckOver(Refusal, frozen=True, tag=True):
    """It was decided or taken back already. `state`: how; `by`: who did it."""

    state: str
    by: MemberKey | None


class Malformed(Refusal, frozen=True, tag=True):
    """The command contradicts itself; `problem` says where. A bug in a client, or an attack."""

    problem: str


AnyRefusal = (
    LeaseHeld
    | LeaseLost
    | ReplyPending
    | SomethingNew
    | NotAllowed
    | ReasonRequired
    | WakeTimeRequired
    | FinishedAlready
    | UnknownConversation
    | UnknownMember
    | UnknownStatus
    | UnknownSubmission
    | TooLate
    | NothingToUndo
    | NameTaken
    | CategoryFixed
    | UnknownGroup
    | UnknownView
    | MemberAway
    | UnknownInbox
    | UnknownMessage
    | UnknownComment
    | FileMissing
    | TemplateOutdated
    | TemplateWithdrawn
    | ApprovalRequired
    | NotOwnCheck
    | HashMismatch
    | CheckOver
    | Malformed
)

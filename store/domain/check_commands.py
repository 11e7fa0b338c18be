"""What is asked for about a reply that somebody else must read first."""

import msgspec

from store.domain.check_policy import CheckPolicy
from store.domain.command import Command
from store.domain.ids import Revision, SubmissionId
from store.domain.reply_commands import SubmitReply


class RequestCheck(Command, frozen=True, kw_only=True, tag=True):
    """Hand a frozen reply to a checker. Passes the fence and turns the lease into a claim, as sending it would."""

    reply: SubmitReply
    note: str = ""
    """For whoever checks; never mailed."""


def reply_of(sending: SubmitReply | RequestCheck) -> SubmitReply:
    """The frozen reply that it hands over, whether to be sent or to be checked."""
    return sending.reply if isinstance(sending, RequestCheck) else sending


def reply_in(command: object) -> SubmitReply | None:
    """The same of any command; None: it hands over none."""
    return reply_of(command) if isinstance(command, SubmitReply | RequestCheck) else None


class Approve(Command, frozen=True, kw_only=True, tag=True):
    """Say yes to the very bytes of `frozen_sha256`, having seen everything up to `seen_revision`."""

    submission_id: SubmissionId
    frozen_sha256: str
    seen_revision: Revision


class SendBack(Command, frozen=True, kw_only=True, tag=True):
    """Say no, with a remark; the drafter writes on."""

    submission_id: SubmissionId
    remark: str
    kind: str = ""


class WithdrawCheck(Command, frozen=True, kw_only=True, tag=True):
    """Take it back before it is decided; its drafter gets the lease back on `terminal`, where one is named."""

    submission_id: SubmissionId
    terminal: str = ""


class EditChecked(Command, frozen=True, kw_only=True, tag=True):
    """Write it anew oneself, on `terminal`: whoever does is its drafter from here, and cannot approve what comes of it."""

    submission_id: SubmissionId
    seen_revision: Revision
    terminal: str


class SaveCheckPolicy(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Say anew which replies need a check, and who checks."""

    policy: CheckPolicy

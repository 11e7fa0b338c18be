"""What a member asks for about a mailing; decided by `store.domain.decide_mailing`."""

import msgspec

from store.domain.ids import InboxKey, MailingId, TemplateKey
from store.domain.refusals import Malformed, NotAllowed, NotOwnCheck, ReasonRequired, Refusal


class StartMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Announce one; its rows follow in pages. Started again, it is the same one."""

    mailing_id: MailingId
    inbox: InboxKey
    name: str
    rows: int
    per_minute: int
    template: TemplateKey | None = None
    template_version: int = 0
    ask_approval: bool = False


class HandInMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """All rows are there, and this is their hash: nothing of it can be changed any more. One that was sent back is asked for again so."""

    mailing_id: MailingId
    sha256: str


class ApproveMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Another person has looked at exactly this (`Mailing.subject`), and says yes to one stage."""

    mailing_id: MailingId
    sha256: str


class SendBackMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Say no, with a remark; at any stage."""

    mailing_id: MailingId
    remark: str


class BeginMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Let it leave, row by row."""

    mailing_id: MailingId


class PauseMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """No further row gets its turn; what is in the outbox already leaves. `why`: the server's own reason."""

    mailing_id: MailingId
    why: str = ""


class ResumeMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Go on where it stopped; `per_minute` 0: as fast as before."""

    mailing_id: MailingId
    per_minute: int = 0


class CancelMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """End it for good; what left has left."""

    mailing_id: MailingId


class FinishMailing(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """The server's own: every row has had its turn."""

    mailing_id: MailingId


MailingCommand = StartMailing | HandInMailing | ApproveMailing | SendBackMailing | BeginMailing | PauseMailing | ResumeMailing | CancelMailing
"""What may come over the wire."""

AnyMailingCommand = MailingCommand | FinishMailing


class MailingStands(Refusal, frozen=True, tag=True):
    """The mailing is in a state in which this cannot be done; `state` "": there is none of this id."""

    state: str


class MailingChanged(Refusal, frozen=True, tag=True):
    """The mailing, or its rows, are not those of this hash; `sha256` is what they have."""

    sha256: str


class ApprovalMissing(Refusal, frozen=True, tag=True):
    """Another person must approve the mailing first."""


class OwnMailing(Refusal, frozen=True, tag=True):
    """Nobody approves a mailing of their own, nor sends it back."""


MailingRefusal = NotAllowed | Malformed | ReasonRequired | NotOwnCheck | MailingStands | MailingChanged | ApprovalMissing | OwnMailing

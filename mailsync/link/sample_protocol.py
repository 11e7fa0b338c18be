"""What is said about samples of sent mail: bodies and answers of their calls."""

from datetime import datetime
from typing import Annotated

import msgspec

from mailsync.link.protocol import Remark
from store.domain.ids import ConversationId, InboxKey, MemberKey, SubmissionId


class SampleRequest(msgspec.Struct, frozen=True):
    """Draw so many, or a share of all (0 to 1), of what left since then; the same seed draws the same."""

    seed: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    since: datetime
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None
    share: Annotated[float, msgspec.Meta(ge=0.00001, le=1)] | None = None
    member: MemberKey | None = None


class SampledMail(msgspec.Struct, frozen=True):
    """A mail that left, with who approved it, and what was said of it."""

    submission_id: SubmissionId
    conversation_id: ConversationId
    number: int
    subject: str
    inbox: InboxKey
    by: MemberKey
    to: tuple[str, ...]
    at: datetime
    """When it was to leave."""
    approved_by: tuple[MemberKey, ...] = ()
    remark: Remark | None = None


class Sample(msgspec.Struct, frozen=True):
    """What was drawn, and out of how many."""

    of: int
    mails: tuple[SampledMail, ...]


class RemarkRequest(msgspec.Struct, frozen=True):
    """Something for the writer of a mail that left to learn from."""

    remark: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]

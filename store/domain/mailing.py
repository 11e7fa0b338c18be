"""A mailing: one text merged for many recipients, whose rows leave one by one as mails of their own. Its states, and its fold."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import msgspec

from store.domain.approval import Approval, Subject, SubjectKind, mailing_hash
from store.domain.ids import ConversationId, InboxKey, MailingId, MemberKey, MessageId, SubmissionId, TemplateKey
from store.domain.threading import conversation_id_of

ID_LETTERS = 24
ROW_LETTERS = 8
MOST_PER_MINUTE = 6000


class MailingState(StrEnum):
    """How a mailing as a whole stands."""

    UPLOADING = "uploading"
    """Its rows are on their way to the server."""
    WAITING = "waiting"
    """All of it is at the server, frozen: for another's approval, or for its beginning."""
    SENT_BACK = "sent_back"
    """A checker said no: whoever made it hands it in anew, with other rows or as it is."""
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    """Every row has had its turn."""
    CANCELLED = "cancelled"


OVER = frozenset({MailingState.FINISHED, MailingState.CANCELLED})
NOT_HANDED_IN = frozenset({MailingState.UPLOADING, MailingState.SENT_BACK})


class Fate(StrEnum):
    """What became of one row."""

    WAITING = "waiting"
    ON_ITS_WAY = "on_its_way"
    """In the outbox: queued, held, deferred or being sent."""
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    """On the do-not-mail list when its turn came."""
    FAILED = "failed"
    """The team's rules did not take it."""
    CANCELLED = "cancelled"
    """Taken back from the outbox, or its mailing ended before its turn."""


class Mailing(msgspec.Struct, frozen=True, kw_only=True):
    """The fold of a mailing's events. It holds no customer's data: the rows lie at the server, beside the journal."""

    id: MailingId
    inbox: InboxKey
    name: str
    by: MemberKey
    rows: int
    per_minute: int
    started_at: datetime
    """The Date of its mails, too: the same rows give the same bytes, whenever they are made again."""
    template: TemplateKey | None = None
    template_version: int = 0
    ask_approval: bool = False
    """Whether another person must approve it before it begins."""
    state: MailingState = MailingState.UPLOADING
    sha256: str = ""
    """Of every row, once all are at the server; what is approved, and what leaves (`digest_of`)."""
    approvals: tuple[Approval, ...] = ()
    """Each yes there was since it was handed in; which of them count, `mailing_check` says."""
    sent_back_by: MemberKey | None = None
    remark: str = ""
    """Of the checker who sent it back."""
    sender: MemberKey | None = None
    """In whose name the rows leave: its maker's."""
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    epoch: int = 0
    """Of the journal in which it was begun or resumed: a backup does not know which rows left since, so it runs in no other."""
    why: str = ""
    """Of a pause that nobody ordered: `sender_left checker_left not_approved restored`."""

    @property
    def subject(self) -> Subject:
        """What an approval of it speaks of: another text, or another row, is another subject."""
        return Subject(SubjectKind.MAILING, self.id, mailing_hash(self.inbox, self.template, self.template_version, self.sha256))

    @property
    def takes_rows(self) -> bool:
        """Whether its rows can still become others: never once one may have left."""
        return self.begun_at is None and self.state in NOT_HANDED_IN


class MailingRow(msgspec.Struct, frozen=True):
    """One recipient's mail, frozen. `n`: the row of the table it came from."""

    n: int
    address: str
    name: str
    subject: str
    message_id: MessageId
    mime: bytes


def mailing_id(inbox: InboxKey, name: str, template: TemplateKey, version: int, table: bytes, again: str = "") -> MailingId:
    """The same for the same table, text and name: to begin it twice by mistake is to begin it once. `again`: meant to be another one."""
    digest = sha256()
    for part in (inbox, name, template, str(version), again):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    digest.update(table)
    return MailingId(digest.hexdigest()[:ID_LETTERS])


def submission_id(mailing: MailingId, n: int) -> SubmissionId:
    """Of a row, for ever the same: whatever crashes, a second one cannot come to be."""
    return SubmissionId(f"{mailing}{n:0{ROW_LETTERS}x}")


def conversation_id(submission: SubmissionId) -> ConversationId:
    """The conversation that a row opens."""
    return conversation_id_of(sha256(f"mado mailing\0{submission}".encode()).digest())


def digest_of(rows: Iterable[MailingRow], before: str = "") -> str:
    """The hash of rows in order of `n`, over every byte that leaves, to whom, and what its conversation is called; `before`: of those in front."""
    digest = before
    for row in rows:
        said = (digest, row.n, row.address, row.name, row.subject, row.message_id, sha256(row.mime).hexdigest())
        digest = sha256("\0".join(map(str, said)).encode("utf-8", "surrogatepass")).hexdigest()
    return digest

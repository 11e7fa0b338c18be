"""From a draft to the frozen mail that is handed to the server: its bytes, envelope and Message-ID are fixed from here."""

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailsync.mime.compose import Manner, NotInCharset, OutgoingFile, compose_redirect, compose_reply
from mailsync.mime.compose_header import ISO_2022_JP
from mailsync.mime.text.jis import NotHeld, not_held
from store.domain.checks.recipients import recipients
from store.domain.commands import SubmitReply
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import PASSES_ON, DraftKind
from store.domain.ids import MessageId, SubmissionId
from store.domain.lease import Token
from store.domain.message import Address
from store.domain.outbox import Envelope
from store.domain.own_id import own_id
from store.domain.people import Member
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.settings.settings import InboxSettings
from tui.identity import sender
from tui.recipients import read_addresses
from tui.templating import used_templates
from tui.words import _

LARGEST_ATTACHMENTS_BYTES = 25 * 1024 * 1024
"""Of a mail, all together: most mail servers take no more, and would say so only after the hold."""
TOO_LARGE = f"the attachments would be larger than {LARGEST_ATTACHMENTS_BYTES // 1024**2} MiB"


class AttachmentUnreadable(BadInput):
    """A file that cannot go out with the reply."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be attached: {problem}", path=path, problem=problem)


class NothingToRedirect(BadInput):
    """The mail that is to be passed on as it is was not fetched."""

    def __init__(self) -> None:
        super().__init__(_("The mail to be redirected is not here; open it once, then send again."))


@dataclass(frozen=True)
class Along:
    """What was fetched of received mail to go along (`tui.forwarding`): attachments, or of a redirect the mail itself."""

    files: tuple[OutgoingFile, ...] = ()
    original: bytes | None = None


NOTHING_ALONG = Along()


def freeze(
    draft: Draft,
    conversation: Conversation,
    messages: Sequence[StoredMessage],
    inbox: InboxSettings,
    member: Member,
    now: datetime,
    *,
    submission_id: SubmissionId,
    token: Token | None,
    terminal: str,
    hold_seconds: float = 20.0,
    along: Along = NOTHING_ALONG,
) -> SubmitReply:
    """The command that hands the mail over. `now` becomes the Date header.

    Reads the draft's attachments, which blocks; those that it carries along come in.

    Raises:
        ComposeError: An address that is none, no recipient, a control character in a header.
        AttachmentUnreadable: A file is missing or too large.
        NotOurAddress: It is from an address that is not the inbox's.
        NotInCharset: ISO-2022-JP is meant for the recipient, and cannot hold all of it (`not_held_in`); `Draft.utf_8` says that it may.
    """
    from_ = sender(draft, inbox, member)
    message_id = own_id(submission_id, conversation.id, conversation.reply_token, from_.address.rpartition("@")[2])
    rcpt_to = dict.fromkeys(address.address for address in read_addresses((*draft.to, *draft.cc, *draft.bcc)))
    return SubmitReply(
        conversation_id=conversation.id,
        submission_id=submission_id,
        message_id=message_id,
        envelope=Envelope(from_.address, tuple(rcpt_to)),
        mime=_mime(draft, messages, from_, message_id, now, _manner_for(draft, inbox), along, receipt=wants_receipt(draft, inbox)),
        seen_revision=draft.seen_revision,
        token=token,
        hold_seconds=hold_seconds,
        then_status=draft.then_status,
        answers=MessageId(draft.answers) if draft.answers else None,
        terminal=terminal,
        kind=draft.kind,
        templates=used_templates(draft),
        delivered=draft.delivered,
    )


def not_held_in(draft: Draft, inbox: InboxSettings) -> tuple[NotHeld, ...]:
    """What the charset meant for the recipients cannot hold, in order; line 0 is the subject. Nothing where that is UTF-8."""
    if draft.kind is DraftKind.REDIRECT or manner_of(draft, inbox).charset != ISO_2022_JP:
        return ()
    return (*(NotHeld(each.character, 0, each.column) for each in not_held(draft.subject)), *not_held(draft.body))


def _manner_for(draft: Draft, inbox: InboxSettings) -> Manner:
    manner = manner_of(draft, inbox)
    if not not_held_in(draft, inbox):
        return manner
    if not draft.utf_8:
        raise NotInCharset
    return Manner(flowed=manner.flowed, html=manner.html)


def manner_of(draft: Draft, inbox: InboxSettings) -> Manner:
    """How this inbox writes to the people of this draft; what is no address there says nothing."""
    return manner_to(inbox, (one.address for one in recipients(draft)))


def manner_to(inbox: InboxSettings, addresses: Iterable[str]) -> Manner:
    """How this inbox writes to these addresses."""
    writing = inbox.writing
    old = {domain.lower().lstrip("@") for domain in writing.iso_2022_jp_domains}
    jis = writing.charset == "iso-2022-jp" or any(address.rpartition("@")[2].lower() in old for address in addresses)
    return Manner(charset="iso-2022-jp" if jis else "utf-8", flowed=writing.flowed, html=writing.html)


def wants_receipt(draft: Draft, inbox: InboxSettings) -> bool:
    """Whether its recipients' mail programs are asked to say that it was opened: as its writer wants it, else as the inbox does."""
    return inbox.writing.receipt if draft.receipt is None else draft.receipt


def _mime(
    draft: Draft,
    messages: Sequence[StoredMessage],
    from_: Address,
    message_id: MessageId,
    now: datetime,
    manner: Manner,
    along: Along,
    *,
    receipt: bool,
) -> bytes:
    if draft.kind is DraftKind.REDIRECT:
        return _redirected(draft, from_, message_id, now, along)
    parent = draft.passes_on if draft.kind in PASSES_ON else draft.answers
    in_reply_to, references = chain(parent, next((stored for stored in messages if stored.message_id == parent), None))
    return compose_reply(
        from_=from_,
        to=read_addresses(draft.to),
        cc=read_addresses(draft.cc),
        bcc=read_addresses(draft.bcc),
        subject=draft.subject,
        body=draft.body,
        message_id=message_id,
        # A forward is no answer; by the chain it still stands beside what it passes on.
        in_reply_to=() if draft.kind is DraftKind.FORWARD else in_reply_to,
        references=references,
        date=now.astimezone(),
        attachments=read_attachments(draft.attachments, along.files),
        manner=manner,
        receipt=receipt,
    )


def _redirected(draft: Draft, from_: Address, message_id: MessageId, now: datetime, along: Along) -> bytes:
    if along.original is None:
        raise NothingToRedirect
    return compose_redirect(
        along.original,
        from_=from_,
        to=read_addresses(draft.to),
        cc=read_addresses(draft.cc),
        bcc=read_addresses(draft.bcc),
        message_id=message_id,
        date=now.astimezone(),
    )


def chain(answers: str | None, answered: StoredMessage | None) -> tuple[tuple[MessageId, ...], tuple[MessageId, ...]]:
    """In-Reply-To and References of the answer (RFC 5322 3.6.4): the parent's chain, then the parent."""
    if answers is None:
        return (), ()
    parent = MessageId(answers)
    if parent.endswith("@missing.invalid>"):
        # Made up here for a mail without Message-ID; nobody else knows it, so it may not go out.
        return (), ()
    before: tuple[MessageId, ...] = ()
    if answered is not None:
        message = answered.message
        before = message.references or (message.in_reply_to if len(message.in_reply_to) == 1 else ())
    clean = tuple(reference for reference in dict.fromkeys((*before, parent)) if _sendable(reference))
    return ((parent,), clean) if _sendable(parent) else ((), clean)


def _sendable(message_id: MessageId) -> bool:
    """Whether it may stand in a header of ours: what others wrote there is not always an id."""
    inner = message_id[1:-1]
    return (
        message_id.startswith("<")
        and message_id.endswith(">")
        and bool(inner)
        and len(message_id) < 900
        and all("!" <= character <= "~" and character not in "<>" for character in inner)
    )


def read_attachments(paths: Sequence[str], along: Sequence[OutgoingFile] = ()) -> tuple[OutgoingFile, ...]:
    """What goes along, then the files' contents; blocks.

    Raises:
        AttachmentUnreadable: One is missing, is no file, or all are too large together.
    """
    files: list[OutgoingFile] = []
    total = 0
    for file in along:
        total += len(file.content)
        if total > LARGEST_ATTACHMENTS_BYTES:
            raise AttachmentUnreadable(Path(file.name), TOO_LARGE)
    for path in (Path(text).expanduser() for text in paths):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise AttachmentUnreadable(path, error.strerror or type(error).__name__) from error
        total += len(content)
        if total > LARGEST_ATTACHMENTS_BYTES:
            raise AttachmentUnreadable(path, TOO_LARGE)
        files.append(OutgoingFile(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content))
    return (*along, *files)

"""From a conversation to a draft, and from a draft to the frozen mail that is handed to the server; shared by composer and `mado reply`."""

import mimetypes
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from mailsync.mime.compose import OutgoingFile, compose_reply, quote, reply_subject
from mailsync.mime.header.addresses import parse_addresses
from store.domain.commands import SubmitReply
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.ids import MessageId, SubmissionId
from store.domain.lease import Token
from store.domain.merge_fields import merge
from store.domain.message import Address, Kind
from store.domain.outbox import Envelope
from store.domain.own_id import own_id
from store.domain.participants import participants
from store.domain.people import Member
from store.domain.template import Inserted, Template
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.settings.settings import InboxSettings
from tui.templating import used_templates
from tui.view.gate import writable
from tui.words import _

LARGEST_ATTACHMENTS_BYTES = 25 * 1024 * 1024
"""Of a mail, all together: most mail servers take no more, and would say so only after the hold."""

_SPECIALS = frozenset('()<>[]:;@\\,."')
"""RFC 5322 3.2.3: a name with one of these must stand in quotes."""


class AttachmentUnreadable(BadInput):
    """A file that cannot go out with the reply."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be attached: {problem}", path=path, problem=problem)


def start_draft(
    conversation: Conversation,
    messages: Sequence[StoredMessage],
    inbox: InboxSettings,
    member_name: str,
    signature: str,
    *,
    reply_all: bool = False,
    own_addresses: Collection[str] = (),
) -> Draft:
    """An answer to the newest message of the customer: recipients, subject, signature, and the text quoted.

    Without any message here (only the team knows the conversation) it is addressed to the customer and quotes nothing. `member_name`
    stands in for an empty signature.
    """
    own = {address.lower() for address in (*own_addresses, inbox.address)}
    answered = answered_message(messages, conversation, own)
    closing = signature.rstrip("\n") or member_name
    if answered is None:
        to: tuple[Address, ...] = (Address(conversation.customer_name, conversation.customer_address),) if conversation.customer_address else ()
        return Draft(
            conversation_id=conversation.id,
            to=tuple(written(address) for address in to),
            subject=reply_subject(writable_line(conversation.subject)),
            body=f"\n\n{closing}\n",
            seen_revision=conversation.revision,
        )
    to, cc = recipients(answered, own, reply_all=reply_all)
    return Draft(
        conversation_id=conversation.id,
        to=tuple(written(address) for address in to),
        cc=tuple(written(address) for address in cc),
        subject=reply_subject(writable_line(answered.message.subject)),
        body=writable(f"\n\n{closing}\n\n{quote(answered.message, attribution(answered))}\n"),
        answers=answered.message_id,
        seen_revision=conversation.revision,
    )


def answered_message(messages: Sequence[StoredMessage], conversation: Conversation, own: Collection[str]) -> StoredMessage | None:
    """What a reply answers: the newest mail of a participant, else the newest of ours, else None.

    Somebody who broke in does not get into the recipients by having written (conversations.md, "Threading"); an automatic answer is
    only answered when there is nothing else.
    """
    theirs = [stored for stored in messages if not _is_ours(stored, own) and not _is_stranger(stored, conversation)]
    by_people = [stored for stored in theirs if stored.message.kind in _BY_PEOPLE]
    ours = [stored for stored in messages if _is_ours(stored, own)]
    return next(iter((*by_people[-1:], *theirs[-1:], *ours[-1:])), None)


def _is_stranger(stored: StoredMessage, conversation: Conversation) -> bool:
    """Whether its sender takes no part, as the team's journal says; of a mail it has not told of yet, as it will most likely say."""
    facts = [fact for fact in conversation.messages if fact.message_id == stored.message_id]
    if not conversation.messages or any(not fact.new_sender for fact in facts):
        return False
    return not {address.address.casefold() for address in stored.message.from_} & participants(conversation)


_BY_PEOPLE = frozenset({Kind.MAIL, Kind.LIST, Kind.CALENDAR})


def _is_ours(stored: StoredMessage, own: Collection[str]) -> bool:
    """Sent by us; a web form that writes in our name but asks for answers elsewhere is the customer's."""
    senders = {address.address.lower() for address in stored.message.from_}
    return stored.outgoing or (bool(senders) and senders <= set(own) and not _foreign(stored.message.reply_to, own))


def recipients(answered: StoredMessage, own: Collection[str], *, reply_all: bool) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """To and Cc of an answer, without our own addresses (a web form may write in our name) and without doubles."""
    message = answered.message
    # RFC 5322 3.6.2: Reply-To says where answers go. One that leads back to us is a list's or a form's mistake.
    theirs = _foreign(message.reply_to, own) or _foreign(message.from_, own) or message.from_
    to = (_foreign(message.to, own) or message.to) if answered.outgoing else theirs
    cc: tuple[Address, ...] = ()
    if reply_all:
        taken = {address.address.lower() for address in to}
        others = message.cc if answered.outgoing else (*message.to, *message.cc)
        cc = _foreign(others, {*own, *taken})
    return to, cc


def _foreign(addresses: Sequence[Address], own: Collection[str]) -> tuple[Address, ...]:
    kept = {address.address.lower(): address for address in reversed(addresses) if address.address and address.address.lower() not in own}
    return tuple(reversed(kept.values()))


def attribution(stored: StoredMessage) -> str:
    """The line above a quotation."""
    sender = next(iter(stored.message.from_), Address("", ""))
    at = stored.message.date or stored.internaldate
    return _("On {date}, {who} wrote:").format(date=f"{at:%Y-%m-%d %H:%M}", who=sender.name or sender.address)


def apply_template(draft: Draft, template: Template, fields: Mapping[str, str | None], at: int = 0) -> tuple[Draft, tuple[str, ...]]:
    """The draft with the template's text before letter `at` of what stands there, and the fields nobody could fill (they stay as `{{name}}`)."""
    body = merge(template.body, fields)
    unresolved = dict.fromkeys(body.unresolved)
    subject = draft.subject
    if template.subject:
        merged = merge(template.subject, fields)
        subject = writable_line(merged.text)
        unresolved |= dict.fromkeys(merged.unresolved)
    text = writable(body.text).rstrip("\n")
    before, rest = draft.body[:at], draft.body[at:].lstrip("\n")
    whole = f"{before}{text}\n" + (f"\n{rest}" if rest else "")
    inserted = (*draft.inserted, Inserted(template.key, template.version, text))
    changed = msgspec.structs.replace(draft, body=whole, subject=subject, template=template.key, inserted=inserted)
    return changed, tuple(unresolved)


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
) -> SubmitReply:
    """The command that hands the reply over: its MIME, envelope and Message-ID are fixed from here. `now` becomes the Date header.

    Reads the draft's attachments, which blocks.

    Raises:
        ComposeError: An address that is none, no recipient, a control character in a header.
        AttachmentUnreadable: A file is missing or too large.
    """
    message_id = own_id(submission_id, conversation.id, conversation.reply_token, inbox.address.rpartition("@")[2])
    rcpt_to = dict.fromkeys(address.address for address in _addresses((*draft.to, *draft.cc, *draft.bcc)))
    return SubmitReply(
        conversation_id=conversation.id,
        submission_id=submission_id,
        message_id=message_id,
        envelope=Envelope(inbox.address, tuple(rcpt_to)),
        mime=_mime(draft, messages, Address(inbox.name or member.name, inbox.address), message_id, now),
        seen_revision=draft.seen_revision,
        token=token,
        hold_seconds=hold_seconds,
        then_status=draft.then_status,
        answers=MessageId(draft.answers) if draft.answers else None,
        terminal=terminal,
        templates=used_templates(draft),
    )


def _mime(draft: Draft, messages: Sequence[StoredMessage], from_: Address, message_id: MessageId, now: datetime) -> bytes:
    in_reply_to, references = chain(draft, next((stored for stored in messages if stored.message_id == draft.answers), None))
    return compose_reply(
        from_=from_,
        to=_addresses(draft.to),
        cc=_addresses(draft.cc),
        bcc=_addresses(draft.bcc),
        subject=draft.subject,
        body=draft.body,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=references,
        date=now.astimezone(),
        attachments=read_attachments(draft.attachments),
    )


def chain(draft: Draft, answered: StoredMessage | None) -> tuple[tuple[MessageId, ...], tuple[MessageId, ...]]:
    """In-Reply-To and References of the answer (RFC 5322 3.6.4): the parent's chain, then the parent."""
    if draft.answers is None:
        return (), ()
    parent = MessageId(draft.answers)
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


def read_attachments(paths: Sequence[str]) -> tuple[OutgoingFile, ...]:
    """The files' contents; blocks.

    Raises:
        AttachmentUnreadable: One is missing, is no file, or all are too large together.
    """
    files: list[OutgoingFile] = []
    total = 0
    for path in (Path(text).expanduser() for text in paths):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise AttachmentUnreadable(path, error.strerror or type(error).__name__) from error
        total += len(content)
        if total > LARGEST_ATTACHMENTS_BYTES:
            raise AttachmentUnreadable(path, f"the attachments would be larger than {LARGEST_ATTACHMENTS_BYTES // 1024**2} MiB")
        files.append(OutgoingFile(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content))
    return tuple(files)


def writable_line(text: str) -> str:
    """What others wrote, for a header of ours: on one line, and without control characters, which no mail may have there."""
    return writable(text).replace("\n", " ").replace("\t", " ")


def written(address: Address) -> str:
    """An address as it is typed and read back: `Name <a@b>`, the name in quotes where it must be."""
    name = writable_line(address.name).strip()
    if not name:
        return address.address
    if any(character in _SPECIALS for character in name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address.address}>"


def _addresses(fields: Sequence[str]) -> tuple[Address, ...]:
    return tuple(address for field in fields for address in parse_addresses(field.encode()))

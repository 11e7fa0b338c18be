"""Passing a mail on: quoted under a block of its headers, or redirected as it is; and fetching what goes along with it."""

from collections.abc import Sequence

from mailsync.mime.answering import forward_subject
from mailsync.mime.compose import OutgoingFile
from store.domain.conversation import Conversation
from store.domain.draft import Carried, Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import MessageId, StatusKey
from store.domain.message import Address, Message
from store.domain.status import IN_PROGRESS
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.settings import InboxSettings
from tui.fetching import Say, content_of, source_of
from tui.freezing import Along
from tui.identity import written_to
from tui.recipients import writable_line, written
from tui.reply import body_with
from tui.session import Session
from tui.view.gate import writable
from tui.words import _


class NotHere(BadInput):
    """Something of a received mail is to go along, and is not on this machine."""

    def __init__(self, what: str) -> None:
        super().__init__(_("{what} is not on this machine; open it once, then send again. The text is kept.").format(what=what), what=what)


def forwardable(messages: Sequence[StoredMessage], message_id: MessageId | None = None) -> StoredMessage | None:
    """The message that is meant: the one named, else the newest that came in, else the newest."""
    if message_id is not None:
        return next((stored for stored in messages if stored.message_id == message_id), None)
    came_in = [stored for stored in messages if not stored.outgoing]
    return next(iter((*came_in[-1:], *messages[-1:])), None)


def start_forward(
    conversation: Conversation, stored: StoredMessage, inbox: InboxSettings, member_name: str, signature: str, *, to: tuple[str, ...] = ()
) -> Draft:
    """Its text below a block of its headers, its attachments by name. The conversation stays in progress: its customer still waits."""
    closing = signature.rstrip("\n") or member_name
    return Draft(
        conversation_id=conversation.id,
        to=to,
        subject=forward_subject(writable_line(stored.message.subject)),
        body=writable(body_with(closing, forwarded(stored))),
        seen_revision=conversation.revision,
        then_status=StatusKey(IN_PROGRESS),
        kind=DraftKind.FORWARD,
        from_address=written_to(stored.message, inbox),
        passes_on=stored.message_id,
        carried=carried_of(stored),
    )


def start_redirect(conversation: Conversation, stored: StoredMessage, inbox: InboxSettings, *, to: tuple[str, ...] = ()) -> Draft:
    """The mail itself, to somebody else; nothing of it can be changed, so subject and text are only shown."""
    return Draft(
        conversation_id=conversation.id,
        to=to,
        subject=writable_line(stored.message.subject),
        seen_revision=conversation.revision,
        then_status=StatusKey(IN_PROGRESS),
        kind=DraftKind.REDIRECT,
        from_address=written_to(stored.message, inbox),
        passes_on=stored.message_id,
    )


def carried_of(stored: StoredMessage) -> tuple[Carried, ...]:
    """Every attachment of a message, by name."""
    return tuple(Carried(stored.message_id, each.part, each.name, each.content_type, each.size_bytes) for each in stored.message.attachments)


def forwarded(stored: StoredMessage) -> str:
    """The block of headers and the whole text below it. Not marked as quoted: it is somebody else's mail, not an answer to it."""
    message = stored.message
    at = message.date or stored.internaldate
    head = [
        _("---------- Forwarded message ----------"),
        *_named(_("From"), message.from_),
        _("Date: {date}").format(date=f"{at:%Y-%m-%d %H:%M %z}".rstrip()),
        _("Subject: {subject}").format(subject=writable_line(message.subject)),
        *_named(_("To"), message.to),
        *_named(_("Cc"), message.cc),
    ]
    return "\n".join((*head, "", message.text.strip("\n")))


def _named(label: str, addresses: Sequence[Address]) -> list[str]:
    return [f"{label}: {', '.join(written(each) for each in addresses)}"] if addresses else []


async def fetch_along(session: Session, draft: Draft, messages: Sequence[StoredMessage], fetching: Say = lambda: None) -> Along:
    """The bytes of what goes along: of a redirect the mail itself, else the carried attachments.

    Raises:
        NotHere: They are not here, and nobody can fetch them now.
        MadoError: The mail server cannot be reached, or has them no more.
    """
    if draft.kind is DraftKind.REDIRECT:
        stored = _stored(messages, draft.passes_on)
        source = await source_of(session, stored, fetching)
        if source is None:
            raise NotHere(_of(stored.message))
        return Along(original=source)
    files = []
    for each in draft.carried:
        stored = _stored(messages, each.message_id)
        attachment = next((one for one in stored.message.attachments if one.part == each.part), None)
        content = None if attachment is None else await content_of(session, stored, attachment, fetching)
        if content is None:
            raise NotHere(each.name or each.content_type)
        files.append(OutgoingFile(each.name, each.content_type, content))
    return Along(files=tuple(files))


def along_from_store(store: LocalStore, draft: Draft, messages: Sequence[StoredMessage]) -> Along:
    """The same, of what lies on this machine; blocking.

    Raises:
        NotHere: Something does not.
    """
    # Local import: a verb that carries nothing does not wait for the reader of mail.
    from mailsync.mime.part import part_bytes

    sources: dict[MessageId, bytes] = {}
    for message_id in {each.message_id for each in draft.carried} | ({draft.passes_on} if draft.kind is DraftKind.REDIRECT else set()):
        stored = _stored(messages, message_id)
        source = store.raw(stored.message_id, stored.inbox, stored.content_sha256)
        if source is None:
            raise NotHere(_of(stored.message))
        sources[stored.message_id] = source
    if draft.kind is DraftKind.REDIRECT and draft.passes_on is not None:
        return Along(original=sources[draft.passes_on])
    return Along(tuple(OutgoingFile(each.name, each.content_type, part_bytes(sources[each.message_id], each.part)) for each in draft.carried))


def _stored(messages: Sequence[StoredMessage], message_id: MessageId | None) -> StoredMessage:
    found = next((stored for stored in messages if stored.message_id == message_id), None)
    if found is None:
        raise NotHere(_("The mail that is passed on"))
    return found


def _of(message: Message) -> str:
    return writable_line(message.subject) or _("The mail that is passed on")

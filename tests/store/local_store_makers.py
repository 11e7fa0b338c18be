"""Mails, events and homes for the tests of the local store."""

import hashlib
from datetime import UTC, datetime, timedelta

from store.domain.conversation import Conversation
from store.domain.events import AnyEvent, ConversationOpened, MessageArrived, Recorded
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, MessageId, Seq, ThreadKey
from store.domain.message import Address, Attachment, Kind, Message
from store.domain.people import SERVER
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore

SUPPORT = InboxKey("support")
START = datetime(2026, 1, 1, tzinfo=UTC)
SATO = MemberKey("sato")
TANAKA = MemberKey("tanaka")
MANY = 20_000
"""Mails in the store in which lists must not be walked."""


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def message_id_of(number: int) -> MessageId:
    return MessageId(f"<m{number}@example.jp>")


def thread_of(number: int) -> ThreadKey:
    return ThreadKey(hashlib.sha256(str(number).encode()).hexdigest()[:16])


def conversation_of(number: int) -> ConversationId:
    return ConversationId(thread_of(number))


def new_mail(number: int, subject: str = "件名", text: str = "本文", *, uid: int | None = None, thread: int | None = None, **more) -> NewMail:
    name = more.pop("name", "鈴木一郎")
    files = more.pop("files", ())
    message = Message(
        message_id_of(number),
        subject,
        (Address(name, f"customer{number}@example.jp"),),
        (Address("", "support@example.jp"),),
        (),
        (),
        at(number),
        (),
        (),
        text,
        attachments=tuple(Attachment(name, "application/pdf", 10, "2") for name in files),
    )
    values = {
        "uid": number if uid is None else uid,
        "internaldate": at(number),
        "flags": (),
        "raw": b"From: someone\r\n\r\n" + text.encode("utf-8", "replace"),
        "size_bytes": 100 + number,
        "message": message,
        "thread_key": thread_of(number if thread is None else thread),
        "message_id": message_id_of(number),
        "content_sha256": f"sha{number}",
    }
    return NewMail(**(values | more))


def pull(store: LocalStore, *mails: NewMail, mailbox: str = "INBOX", **more) -> frozenset[ConversationId]:
    highest = max((mail.uid for mail in mails), default=0)
    return store.commit_pull(SUPPORT, mailbox, mails, more.pop("cursor", Cursor(1, highest)), **more)


def recorded(seq: int, conversation: ConversationId | None, event: AnyEvent, by: MemberKey = SERVER, key: str | None = None) -> Recorded:
    return Recorded(Seq(seq), at(10_000 + seq), by, conversation, event, CommandKey(key) if key else None)


def opened(seq: int, number: int, conversation: ConversationId | None = None, follow_up_of: ConversationId | None = None) -> Recorded:
    return recorded(seq, conversation or conversation_of(number), ConversationOpened(seq, SUPPORT, thread_of(number), follow_up_of))


def arrived(seq: int, number: int, conversation: ConversationId | None = None) -> Recorded:
    sender = f"customer{number}@example.jp"
    event = MessageArrived(message_id_of(number), f"sha{number}", True, Kind.MAIL, "鈴木一郎", sender, ("support@example.jp",), "件名", at(number))
    return recorded(seq, conversation or conversation_of(number), event)


def state_of(number: int, seq: int, **more) -> Conversation:
    return Conversation(conversation_of(number), number=number, inbox=SUPPORT, thread_key=thread_of(number), revision=2, seq=Seq(seq), **more)

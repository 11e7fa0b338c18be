"""What the tests of the outbox, the watcher and the timers share: a small house with one inbox, and the steps of an agent in it."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from imaplib import IMAP4
from pathlib import Path
from uuid import uuid4

import msgspec
from start_dovecot import Dovecot, User

from mailsync.server.outbox import OutboxPace, OutboxRunner
from mailsync.server.outbox_plan import Patience
from mailsync.server.sent_habit import CopyPatience
from mailsync.server.watch_imap import Pace
from mailsync.server.watch_sources import watch_by_imap
from mailsync.server.watcher import Watcher
from store.clock import SystemClock
from store.domain.commands import RecordMessage, SubmitReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, InboxKey, MemberKey, MessageId, SubmissionId
from store.domain.message import Kind
from store.domain.outbox import Envelope, Submission
from store.domain.people import Member, Role
from store.domain.threading import thread_key
from store.settings.secrets import Secret, Secrets
from store.settings.settings import ImapSettings, InboxSettings, Settings, SmtpSettings
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Executed
from tests.waiting import wait_for_it

SUPPORT = InboxKey("support")
SATO = MemberKey("sato")
CUSTOMER = "customer@customer.test"
QUICK = Pace(poll_seconds=0.2, back_off_seconds=(0.05,), login_back_off_seconds=0.2)
HASTY = OutboxPace(
    patience=Patience(retry_after=(timedelta(seconds=0.1),), most_attempts=100),
    held_retry_seconds=0.1,
    look_every_seconds=0.2,
    smtp_seconds=30,
    copy_retry_seconds=0.1,
    copy_patience=CopyPatience(first_seconds=0.0),
)


class MovedClock(SystemClock):
    """The real clock, moved on by a test."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def skip(self, by: timedelta) -> None:
        self.ahead += by


async def with_sato(desk: TeamDesk) -> None:
    """The one agent of the house."""
    await desk.people.add("佐藤", key=SATO, role=Role.AGENT, by=THE_SERVER.key)


@dataclass
class House:
    """One inbox, its settings and its secrets."""

    desk: TeamDesk
    clock: MovedClock
    account: User
    settings: Settings
    secrets: Secrets
    pace: OutboxPace = HASTY

    @property
    def address(self) -> str:
        return self.account.name

    @property
    def sato(self) -> Member:
        found = self.desk.people.member(SATO)
        assert found
        return found

    def with_ports(self, *, imap: int | None = None, smtp: int | None = None) -> "House":
        """The same house behind other ports, such as a fault proxy's."""
        inbox = self.settings.inboxes[0]
        assert inbox.smtp is not None
        changed = msgspec.structs.replace(
            inbox,
            imap=msgspec.structs.replace(inbox.imap, port=imap or inbox.imap.port),
            smtp=msgspec.structs.replace(inbox.smtp, port=smtp or inbox.smtp.port),
        )
        return replace(self, settings=msgspec.structs.replace(self.settings, inboxes=(changed,)))

    def with_inbox(self, **changes: object) -> None:
        """Other settings of its one inbox, for whoever works on it from now on."""
        inbox = msgspec.structs.replace(self.settings.inboxes[0], **changes)
        self.settings = msgspec.structs.replace(self.settings, inboxes=(inbox,))

    def waits_for_copies(self, *, seconds: float) -> None:
        """As where nothing is known of the provider yet."""
        self.pace = replace(self.pace, copy_patience=CopyPatience(first_seconds=seconds, look_seconds=0.1))

    def watcher(self) -> Watcher:
        return watch_by_imap(self.desk, self.settings, self.secrets, self.clock, pace=QUICK)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Watcher]:
        watcher = self.watcher()
        async with running(watcher.run()):
            yield watcher

    @asynccontextmanager
    async def sending(self, look_again: Callable[[InboxKey], Awaitable[bool]] | None = None) -> AsyncIterator[OutboxRunner]:
        """A watcher and an outbox at work."""
        async with self.watching() as watcher:
            runner = OutboxRunner(self.desk, self.settings, self.secrets, self.clock, look_again or watcher.look_again, pace=self.pace)
            async with running(runner.run()):
                yield runner

    async def customer_writes(self, name: str, *, answers: str = "") -> ConversationId:
        """A mail the watcher was told of directly; not in the mailbox."""
        message_id, before = MessageId(f"<{name}@customer.test>"), (MessageId(answers),) if answers else ()
        command = RecordMessage(
            conversation_id=ConversationId(""),
            inbox=SUPPORT,
            thread_key=thread_key(SUPPORT, message_id, before, before),
            message_id=message_id,
            content_sha256=name,
            inbound=True,
            kind=Kind.MAIL,
            from_name="山田",
            from_address=CUSTOMER,
            recipients=(self.address,),
            subject="質問",
            date=self.clock.now(),
            in_reply_to=before,
            references=before,
        )
        outcome = await self.desk.execute(THE_SERVER, None, command)
        assert isinstance(outcome, Executed), outcome
        assert outcome.conversation_id
        return outcome.conversation_id

    async def sato_replies(
        self, conversation_id: ConversationId, *to: str, hold_seconds: float = 0.0, send_at: datetime | None = None, delivered: bool | None = None
    ) -> SubmissionId:
        """A lease taken and a reply handed over."""
        state = await self.state(conversation_id)
        taken = await self.desk.execute(self.sato, None, TakeLease(conversation_id=conversation_id, seen_revision=state.revision, terminal="t1"))
        assert isinstance(taken, Executed), taken
        state = await self.state(conversation_id)
        assert state.lease
        submission_id, message_id = SubmissionId(uuid4().hex), MessageId(f"<{uuid4().hex}@example.test>")
        submit = SubmitReply(
            conversation_id=conversation_id,
            submission_id=submission_id,
            message_id=message_id,
            envelope=Envelope(self.address, to or (CUSTOMER,)),
            mime=mail(message_id, self.address, to[0] if to else CUSTOMER, answers=state.messages[-1].message_id),
            seen_revision=state.revision,
            token=state.lease.token,
            hold_seconds=hold_seconds,
            answers=state.messages[-1].message_id,
            terminal="t1",
            send_at=send_at,
            delivered=delivered,
        )
        queued = await self.desk.execute(self.sato, None, submit)
        assert isinstance(queued, Executed), queued
        return submission_id

    async def state(self, conversation_id: ConversationId) -> Conversation:
        state = await self.desk.state(conversation_id)
        assert state is not None
        return state

    async def reply(self, submission_id: SubmissionId) -> Submission:
        frozen = await self.desk.submission(submission_id)
        assert frozen is not None
        return frozen.item.submission

    async def becomes(self, submission_id: SubmissionId, condition: Callable[[Submission], bool], what: str, seconds: float = 60) -> Submission:
        """Wait until a reply is so."""
        return await wait_for_it(lambda: self.reply(submission_id), condition, what, seconds)


def house_of(desk: TeamDesk, clock: MovedClock, home: Path, account: User, *, imap_port: int, smtp_port: int) -> House:
    inbox = InboxSettings(
        key=SUPPORT,
        address=account.name,
        mailboxes=("INBOX",),
        imap=ImapSettings(host="127.0.0.1", port=imap_port, tls="none", user=account.name),
        smtp=SmtpSettings(host="127.0.0.1", port=smtp_port, tls="none", user=""),
    )
    secrets = Secrets(home)
    secrets.put("imap:support", Secret(account.password))
    secrets.put("smtp:support", Secret(account.password))
    return House(desk, clock, account, Settings(inboxes=(inbox,)), secrets)


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    """Something that runs for ever, ended with the block; its own failure fails the test."""
    task = asyncio.ensure_future(work)
    try:
        yield
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def mail(
    message_id: str,
    from_: str,
    to: str,
    *,
    answers: str = "",
    subject: str = "ご返信",
    body: str = "お世話になっております。",
    date: datetime | None = None,
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = from_, to, subject
    message["Date"] = format_datetime(date) if date else "Tue, 24 Nov 2026 09:00:00 +0900"
    if message_id:
        message["Message-ID"] = message_id
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(body)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def deliver(dovecot: Dovecot, user: User, raw: bytes) -> None:
    """As a mail server does it."""
    with smtplib.LMTP("127.0.0.1", dovecot.lmtp_port) as lmtp:
        lmtp.sendmail("sender@customer.test", [user.name], raw)


def put(dovecot: Dovecot, user: User, mailbox: str, *raws: bytes) -> None:
    """As another program files it."""
    with IMAP4("127.0.0.1", dovecot.imap_port) as client:
        client.login(user.name, user.password)
        for raw in raws:
            assert client.append(mailbox, None, None, raw)[0] == "OK"


def lying_in(dovecot: Dovecot, user: User, mailbox: str) -> list[bytes]:
    """Every mail of a mailbox, as any program reads it."""
    with IMAP4("127.0.0.1", dovecot.imap_port) as client:
        client.login(user.name, user.password)
        client.select(mailbox, readonly=True)
        found = client.search(None, "ALL")[1][0].split()
        return [client.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in found]

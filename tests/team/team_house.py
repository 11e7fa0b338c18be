"""A team on a desk: members, mails, and a clock that moves when told."""

import hashlib
import importlib
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.domain.commands import AddComment, RecordMessage, SubmitReply, TakeLease
from store.domain.events import LeaseTaken
from store.domain.ids import (
    CommandKey,
    CommentId,
    ConversationId,
    InboxKey,
    MemberKey,
    MessageId,
    Revision,
    SubmissionId,
)
from store.domain.lease import Token
from store.domain.message import Kind
from store.domain.outbox import Envelope
from store.domain.people import Member, Role
from store.domain.threading import thread_key
from store.postgres.connection import Connection as PostgresConnection
from store.team.connection import Connection
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.tables import metadata
from store.team.values import THE_SERVER, Executed, Outcome

SUPPORT = InboxKey("support")
SALES = InboxKey("sales")


class TestClock:
    """Stands still until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self._seconds = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def move(self, by: timedelta) -> None:
        self._now += by
        self._seconds += by.total_seconds()


class Team:
    """What most tests do with a desk."""

    def __init__(self, desk: TeamDesk, clock: TestClock, place: Place | None = None) -> None:
        """`place`: where the desk's data lies, for those who open it anew."""
        self.desk = desk
        self.place = place or Path()
        self.clock = clock
        self._count = itertools.count(1)

    def key(self) -> CommandKey:
        return CommandKey(f"key{next(self._count)}")

    async def member(self, name: str, role: Role = Role.AGENT, inboxes: tuple[InboxKey, ...] = ()) -> Member:
        return (await self.desk.people.add(name, role=role, inboxes=inboxes, by=MemberKey("boss"))).member

    def mail(
        self,
        message_id: str,
        *,
        references: tuple[str, ...] = (),
        inbox: InboxKey = SUPPORT,
        inbound: bool = True,
        kind: Kind = Kind.MAIL,
        content: str = "",
    ) -> RecordMessage:
        chain = tuple(MessageId(one) for one in references)
        return RecordMessage(
            conversation_id=ConversationId(""),
            inbox=inbox,
            thread_key=thread_key(inbox, MessageId(message_id), (), chain),
            message_id=MessageId(message_id),
            content_sha256=hashlib.sha256(f"{message_id}{content}".encode()).hexdigest(),
            inbound=inbound,
            kind=kind,
            from_name="客",
            from_address="kyaku@example.org",
            recipients=("support@example.jp",),
            subject="注文について",
            date=self.clock.now(),
            references=chain,
        )

    async def arrives(self, message_id: str, **what: object) -> ConversationId:
        outcome = await self.desk.execute(THE_SERVER, None, self.mail(message_id, **what))  # type: ignore[arg-type]
        assert isinstance(outcome, Executed), outcome
        assert outcome.conversation_id is not None
        return outcome.conversation_id

    async def comment(self, by: Member, conversation_id: ConversationId, text: str = "見ました") -> Outcome:
        key = self.key()
        return await self.desk.execute(by, key, AddComment(conversation_id=conversation_id, comment_id=CommentId(key), text=text))

    async def revision(self, conversation_id: ConversationId) -> Revision:
        state = await self.desk.state(conversation_id)
        assert state is not None
        return state.revision

    async def take(self, by: Member, conversation_id: ConversationId) -> Token:
        command = TakeLease(conversation_id=conversation_id, seen_revision=await self.revision(conversation_id), terminal=f"{by.key}'s")
        outcome = await self.desk.execute(by, self.key(), command)
        assert isinstance(outcome, Executed), outcome
        return next(part.event.token for part in outcome.recorded if isinstance(part.event, LeaseTaken))

    async def submit(self, by: Member, conversation_id: ConversationId, token: Token, *, hold_seconds: float = 20.0) -> SubmitReply:
        name = self.key()
        command = SubmitReply(
            conversation_id=conversation_id,
            submission_id=SubmissionId(name),
            message_id=MessageId(f"<{name}@example.jp>"),
            envelope=Envelope("support@example.jp", ("kyaku@example.org",)),
            mime=b"Message-ID: <" + name.encode() + b"@example.jp>\r\nSubject: Re\r\n\r\nHello\r\n",
            seen_revision=await self.revision(conversation_id),
            token=token,
            hold_seconds=hold_seconds,
            terminal=f"{by.key}'s",
        )
        outcome = await self.desk.execute(by, name, command)
        assert isinstance(outcome, Executed), outcome
        return command


def everything_kept(place: Place) -> bytes:
    """All bytes of a database that nobody has open."""
    if isinstance(place, Path):
        return b"".join(path.read_bytes() for path in place.parent.iterdir())
    connection = PostgresConnection(place)
    kept = [str(row).encode() for name in metadata.tables for row in connection.execute(f"SELECT * FROM {name}")]
    connection.close()
    return b"\n".join(kept)


def back_to_schema_1(connection: Connection) -> None:
    """Take away what the step to schema 2 makes, in SQLite."""
    step = importlib.import_module("store.team.migrations.versions.0002_several_servers")
    for table in step.NEW_TABLES:
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DROP INDEX sessions_ended_at")
    connection.execute("DELETE FROM counters WHERE name = 'audit'")
    connection.execute("UPDATE meta SET value = '1' WHERE name = 'schema'")

"""A home filled as the engine and the link would fill it: real mail through the real parser, real events through the real mirror."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailsync.mime.hash import content_sha256
from mailsync.mime.parse import parse_message
from store.domain.events import AnyEvent, ConversationOpened, MemberChanged, MessageArrived, Recorded
from store.domain.ids import ConversationId, InboxKey, MemberKey, Seq
from store.domain.people import SERVER, Member, Role
from store.domain.threading import thread_key
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore

SUPPORT = InboxKey("support")
SATO = MemberKey("sato")
TANAKA = MemberKey("tanaka")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

SETTINGS = """
[[inbox]]
key = "support"
address = "support@example.jp"
  [inbox.imap]
  host = "127.0.0.1"
  port = 1
  tls = "none"
  user = "support"
[server]
url = "http://127.0.0.1:1"
"""
"""Nothing listens on port 1: the desk is offline, and says so."""

CUSTOMERS = ("山田 花子", "Ms. Smith", "株式会社サンプル 佐々木", "李 明", "Ben Carter")
SUBJECTS = (
    "注文番号 4711 の納期について",
    "Invoice 2026-113 is wrong",
    "ログインできません（至急お願いします）",
    "Delivery to Osaka, please confirm the date",
    "返品の手続きを教えてください",
)


@dataclass
class HomeBuilder:
    """Fills `home`; the store is open until `close`."""

    home: Path
    alone: bool = False
    """True: a home without a team's server; the terminal starts its own, which knows nothing yet."""
    store: LocalStore = field(init=False)
    seq: int = 0
    uid: int = 0

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "settings.toml").write_text(SETTINGS.partition("[server]")[0] if self.alone else SETTINGS)
        self.store = LocalStore.open(self.home)
        if self.alone:
            return
        self.tell(None, MemberChanged(Member(SATO, "佐藤", Role.LEADER)), MemberChanged(Member(TANAKA, "Tanaka")))
        self.store.set_me(SATO)

    def close(self) -> None:
        """Let others open it."""
        self.store.close()

    def mail(
        self,
        subject: str = "質問",
        body: str = "よろしくお願いします。",
        *,
        sender: str = "山田 花子 <hanako@customer.example>",
        ago: timedelta = timedelta(minutes=5),
        message_id: str | None = None,
        in_reply_to: str | None = None,
        known: bool = True,
        by_now: datetime | None = None,
    ) -> ConversationId:
        """A customer's mail; `known`: the server has heard of it too."""
        return self.mails([(subject, body, sender, ago, message_id, in_reply_to)], known=known, by_now=by_now)[0]

    def mails(
        self, wanted: Sequence[tuple[str, str, str, timedelta, str | None, str | None]], *, known: bool = True, by_now: datetime | None = None
    ) -> list[ConversationId]:
        """Many in one pull."""
        new: list[NewMail] = []
        events: list[tuple[ConversationId, AnyEvent]] = []
        for subject, body, sender, ago, given_id, in_reply_to in wanted:
            self.uid += 1
            at = (by_now or datetime.now(UTC)) - ago
            message_id = given_id or f"<{self.uid}@customer.example>"
            head = f"From: {sender}\r\nTo: support@example.jp\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
            head += f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
            if in_reply_to:
                head += f"In-Reply-To: {in_reply_to}\r\nReferences: {in_reply_to}\r\n"
            raw = (head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body.replace("\n", "\r\n") + "\r\n").encode()
            message = parse_message(raw)
            assert message.message_id is not None
            key = thread_key(SUPPORT, message.message_id, message.in_reply_to, message.references)
            digest = content_sha256(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", len(raw))
            new.append(
                NewMail(
                    uid=self.uid, internaldate=at, flags=(), raw=raw, size_bytes=len(raw), message=message, thread_key=key,
                    message_id=message.message_id, content_sha256=digest,
                )
            )  # fmt: skip
            conversation_id = ConversationId(key)
            if in_reply_to is None:
                events.append((conversation_id, ConversationOpened(self.uid, SUPPORT, key)))
            name, address = message.from_[0].name, message.from_[0].address
            recipients = ("support@example.jp",)
            events.append(
                (conversation_id, MessageArrived(message.message_id, digest, True, message.kind, name, address, recipients, message.subject, at))
            )
        self.store.commit_pull(SUPPORT, "INBOX", new, Cursor(1, self.uid))
        if known:
            self.record(events, by=SERVER, at=by_now)
        return [ConversationId(each.thread_key) for each in new]

    def many(self, count: int, *, known: bool = True, by_now: datetime | None = None) -> list[ConversationId]:
        """A day's mail: Japanese and English, the newest first in the list."""
        wanted = []
        for index in range(count):
            customer, subject = CUSTOMERS[index % 5], SUBJECTS[(index * 3) % 5]
            sender = f"{customer} <customer{index}@customer.example>"
            body = f"{customer} です。\nお世話になっております。{subject}\n\n> 前回のメール\n> 二行目\n> 三行目\n> 四行目\n\n-- \n{customer}"
            wanted.append((f"{subject} ({index})", body, sender, timedelta(minutes=3 + 7 * index), None, None))
        return self.mails(wanted, known=known, by_now=by_now)

    def tell(self, conversation_id: ConversationId | None, *events: AnyEvent, by: MemberKey = SERVER, at: datetime | None = None) -> None:
        """Events of the journal, as the stream brings them."""
        self.record([(conversation_id, event) for event in events], by=by, at=at)

    def record(self, events: Sequence[tuple[ConversationId | None, AnyEvent]], *, by: MemberKey = SERVER, at: datetime | None = None) -> None:
        """The same for several conversations."""
        recorded = []
        for conversation_id, event in events:
            self.seq += 1
            recorded.append(Recorded(Seq(self.seq), at or datetime.now(UTC), by, conversation_id, event))
        if self.store.mirror_epoch() is None:
            self.store.begin_snapshot(1)
            self.store.end_snapshot(Seq(0), (), ())
        self.store.apply_events(recorded, epoch=1)

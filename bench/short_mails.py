"""A million conversations of one short mail each, told apart by customer, order number and goods: into a home of ours and a Maildir."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import filling
from bench.corpus import ENGLISH, FAMILY, FIRST, GIVEN, GOODS, GOODS_EN, JAPANESE, LAST
from store.domain.events import ConversationOpened, OwnerChanged, Recorded, StatusChanged, UrgencyChanged
from store.domain.ids import ConversationId, InboxKey, MemberKey, MessageId, Seq, StatusKey, ThreadKey
from store.domain.message import Address, Attachment, Message
from store.domain.people import SERVER
from store.domain.status import Urgency
from store.local.rows import NewMail
from store.local.store import LocalStore

START = datetime(2016, 1, 1, tzinfo=UTC)
OURS = "support@example.jp"
EVERY = 1_000


def message(number: int) -> Message:
    """The same for the same number."""
    chance = random.Random(number)
    japanese = chance.random() < 0.75
    goods, sentences = (GOODS, JAPANESE) if japanese else (GOODS_EN, ENGLISH)
    thing = chance.choice(goods)
    name = f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}" if japanese else f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    words = {"goods": thing, "count": chance.randrange(1, 500), "order": f"AB-{number // 100:04d}-{number % 100:02d}"}
    said = [chance.choice(sentences).format(**words) for _ in range(chance.randrange(1, 4))]
    subject = f"{thing}の件 {words['order']}" if japanese else f"About the {thing}, order {words['order']}"
    files = (Attachment("見積書.pdf", "application/pdf", 1_000, "2"),) if chance.random() < 0.1 else ()
    at = START + timedelta(minutes=5 * number)
    sender = Address(name, f"c{number:07d}@example.com")
    return Message(
        MessageId(f"<short-{number}@example.com>"), subject, (sender,), (Address("", OURS),), (), (), at, (), (), "\n".join(said) + "\n", files
    )


def new_mails(count: int) -> Iterator[NewMail]:
    """All of them as they are pulled, without their source."""
    for number in range(1, count + 1):
        one = message(number)
        assert one.date is not None
        yield filling.pulled(number, one.date, one, str(number).encode(), size_bytes=500)


def fill_home(home: Path, count: int) -> None:
    """A home with so many conversations."""
    store = filling.fill_home(home, new_mails(count))
    team_works(store, count)
    store.close()


def team_works(store: LocalStore, count: int) -> None:
    """One conversation in a thousand is owned, urgent, on hold, done or junk: so that narrow lists have something to be walked for."""
    events: list[Recorded] = []
    for number in range(EVERY, count + 1, EVERY):
        thread = ThreadKey(hashlib.sha256(str(number).encode()).hexdigest()[: filling.KEY_CHARACTERS])
        turn = number // EVERY
        what = (
            ConversationOpened(turn, InboxKey("support"), thread),
            StatusChanged(StatusKey("new"), StatusKey(("hold", "done", "junk", "in_progress")[turn % 4])),
            OwnerChanged(None, MemberKey(("sato", "tanaka")[turn % 2])),
            UrgencyChanged(Urgency.NORMAL, Urgency.URGENT),
        )
        for event in what:
            events.append(Recorded(Seq(len(events) + 1), START, SERVER, ConversationId(thread), event))
    store.apply_events(events, epoch=1)


def fill_maildir(folder: Path, count: int) -> None:
    """The same mails as files."""
    filling.fill_maildir(folder, (source(number) for number in range(1, count + 1)))


def source(number: int) -> bytes:
    """The mail of that number as it is delivered."""
    one = message(number)
    sender = one.from_[0]
    assert one.date is not None
    head = (
        f"From: {sender.name} <{sender.address}>\nTo: {OURS}\nSubject: {one.subject}\nDate: {one.date:%a, %d %b %Y %H:%M:%S +0000}\n"
        f"Message-ID: {one.message_id}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return (head + one.text).encode()

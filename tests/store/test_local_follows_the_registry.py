"""A mirror shows each message in the conversation where the server's registry put it, whichever came first: the mail or the event."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from store.domain.commands import RecordMessage, SetStatus
from store.domain.events import Recorded
from store.domain.ids import ConversationId, MessageId, StatusKey
from store.domain.message import Address, Message
from store.domain.query import parse_query
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore
from store.team.desk import TeamDesk
from store.team.values import Published
from tests.store.local_store_makers import SUPPORT
from tests.team.team_house import Team, TestClock

INTERNALDATE = datetime(2026, 11, 24, tzinfo=UTC)


class Journal(Team):
    """A team's desk that remembers what it published, and the mails it was told of."""

    def __init__(self, desk: TeamDesk, clock: TestClock) -> None:
        super().__init__(desk, clock)
        self.recorded: list[Recorded] = []
        self.mails: list[NewMail] = []
        desk.subscribe(self._hear)

    def _hear(self, published: Published) -> None:
        self.recorded += published.recorded

    async def comes(self, name: str, *references: str) -> ConversationId:
        """A mail arrives; where the server put it."""
        command = self.mail(f"<{name}@example.org>", references=tuple(f"<{one}@example.org>" for one in references))
        self.mails.append(as_pulled(command, len(self.mails) + 1))
        return await self.arrives(f"<{name}@example.org>", references=tuple(f"<{one}@example.org>" for one in references))

    async def finishes(self, conversation_id: ConversationId) -> None:
        boss = await self.member("Boss")
        command = SetStatus(conversation_id=conversation_id, status=StatusKey("done"), reason="x")
        await self.desk.execute(boss, self.key(), command)


def as_pulled(command: RecordMessage, uid: int) -> NewMail:
    """The same mail as the client's own pull brings it."""
    sender = (Address(command.from_name, command.from_address),)
    message = Message(command.message_id, command.subject, sender, (), (), (), command.date, (), command.references, "text")
    return NewMail(
        uid=uid,
        internaldate=INTERNALDATE + timedelta(minutes=uid),
        flags=(),
        raw=b"x",
        size_bytes=1,
        message=message,
        thread_key=command.thread_key,
        message_id=command.message_id,
        content_sha256=command.content_sha256,
    )


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    clock = TestClock()
    desk = TeamDesk(tmp_path / "team.db", clock)
    yield Journal(desk, clock)
    await desk.close()


def shown(store: LocalStore) -> dict[ConversationId, list[MessageId]]:
    """What stands in the list, and the messages behind each line."""
    rows = store.page(parse_query(""), limit=100).rows
    return {row.id: [stored.message_id for stored in store.messages(row.id)] for row in rows}


def told(recorded: Sequence[Recorded]) -> dict[ConversationId, list[MessageId]]:
    """Where the journal says each message is."""
    found: dict[ConversationId, list[MessageId]] = {}
    for one in recorded:
        if hasattr(one.event, "content_sha256") and one.conversation_id is not None:
            found.setdefault(one.conversation_id, []).append(one.event.message_id)
    return found


def mirrors(home: Path, journal: Journal) -> Iterable[LocalStore]:
    """A mirror for each order in which mails and events can come, batch by batch, and for a snapshot before or after the mail."""
    half = len(journal.mails) // 2
    steps = {
        "early mail": lambda store: pull(store, journal.mails[:half]),
        "late mail": lambda store: pull(store, journal.mails[half:]),
        "events": lambda store: store.apply_events(journal.recorded, epoch=1),
    }
    for number, order in enumerate(permutations(steps)):
        store = LocalStore.open(home / str(number))
        for step in order:
            steps[step](store)
        yield store
        store.close()


def pull(store: LocalStore, mails: Sequence[NewMail]) -> None:
    if mails:
        store.commit_pull(SUPPORT, "INBOX", mails, Cursor(1, max(mail.uid for mail in mails)))


async def test_a_message_joined_only_through_its_chain_is_shown_where_the_server_put_it(journal: Journal, tmp_path: Path) -> None:
    first = await journal.comes("q")
    assert await journal.comes("a", "q") == first
    # A mail program that drops the root: another thread key, the same conversation; and what hangs on that key from then on.
    assert await journal.comes("b", "a") == first
    assert await journal.comes("c", "a", "b") == first
    assert {mail.thread_key for mail in journal.mails} != {first}
    for store in mirrors(tmp_path, journal):
        assert shown(store) == told(journal.recorded)
        assert store.count(parse_query("")) == 1


async def test_a_follow_up_after_the_window_is_shown_beside_what_it_follows(journal: Journal, tmp_path: Path) -> None:
    first = await journal.comes("q")
    assert await journal.comes("b", "q") == first
    await journal.finishes(first)
    journal.clock.move(timedelta(days=15))
    later = await journal.comes("late", "q")
    assert later != first
    assert await journal.comes("later", "q", "late") == later
    for store in mirrors(tmp_path, journal):
        assert shown(store) == told(journal.recorded)


async def test_a_follow_up_of_a_chain_that_lost_its_root_is_too(journal: Journal, tmp_path: Path) -> None:
    first = await journal.comes("q")
    await journal.comes("a", "q")
    assert await journal.comes("b", "a") == first
    await journal.finishes(first)
    journal.clock.move(timedelta(days=15))
    later = await journal.comes("late", "a", "b")
    assert later != first
    assert await journal.comes("later", "a", "b", "late") == later
    assert await journal.comes("back", "q") != first
    for store in mirrors(tmp_path, journal):
        assert shown(store) == told(journal.recorded)


@pytest.mark.parametrize("mail_first", [True, False])
async def test_a_snapshot_says_the_same(journal: Journal, tmp_path: Path, *, mail_first: bool) -> None:
    first = await journal.comes("q")
    await journal.comes("a", "q")
    await journal.comes("b", "a")
    await journal.finishes(first)
    journal.clock.move(timedelta(days=15))
    await journal.comes("late", "a", "b")
    part = await journal.desk.snapshot(None, 100)
    store = LocalStore.open(tmp_path / "home")
    if mail_first:
        pull(store, journal.mails)
    store.begin_snapshot(1)
    store.add_snapshot(part.conversations)
    store.end_snapshot(part.seq, (), ())
    if not mail_first:
        pull(store, journal.mails)
    assert shown(store) == told(journal.recorded)
    store.close()


async def test_another_copy_of_a_message_goes_where_the_server_put_the_first(journal: Journal, tmp_path: Path) -> None:
    first = await journal.comes("q")
    await journal.comes("a", "q")
    assert await journal.comes("b", "a") == first
    copy = msgspec.structs.replace(journal.mails[-1], uid=9, content_sha256="in another mailbox")
    store = LocalStore.open(tmp_path / "home")
    pull(store, journal.mails)
    store.apply_events(journal.recorded, epoch=1)
    pull(store, [copy])
    assert set(shown(store)) == {first}
    store.close()

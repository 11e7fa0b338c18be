"""The same mails make the same conversations at the server and in every mirror, whatever came first, whatever was cut in between."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from mailsync.server.watch_reading import entry_of_pulled
from store.domain.commands import AddComment
from store.domain.events import ConversationMerged, Recorded
from store.domain.ids import CommentId, ConversationId, MessageId
from store.domain.link_commands import MergeConversations
from store.domain.people import Role
from store.domain.query import parse_query
from store.domain.talk_commands import EditComment, RemoveComment
from store.local.pulled import PulledMail
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore
from store.team.desk import TeamDesk
from store.team.execution import Order
from store.team.values import THE_SERVER, Executed, Published
from tests.store.letters import SUPPORT, letter, torn_letters
from tests.team.team_house import Team, TestClock

Told = dict[ConversationId, frozenset[tuple[MessageId, str]]]


def as_seen(mail: NewMail) -> Order:
    """What the watcher tells the journal of a mail."""
    pulled = PulledMail(mail.uid, mail.internaldate, mail.message_id, mail.content_sha256, outgoing=False, message=mail.message)
    return Order(THE_SERVER, None, entry_of_pulled(pulled, SUPPORT).command)


async def journaled(path: Path, mails: Sequence[NewMail], chance: random.Random) -> tuple[Told, list[Recorded]]:
    """A server that sees the mails in this order, in pieces, and is started anew now and then."""
    recorded: list[Recorded] = []

    def hear(published: Published) -> None:
        recorded.extend(published.recorded)

    desk = TeamDesk(path, TestClock())
    desk.subscribe(hear)
    left = list(mails)
    while left:
        piece = [left.pop(0) for _ in range(min(len(left), chance.randrange(1, 7)))]
        outcomes = await desk.execute_many([as_seen(mail) for mail in piece])
        assert all(isinstance(outcome, Executed) for outcome in outcomes)
        if chance.random() < 0.2:
            await desk.close()
            desk = await asyncio.to_thread(TeamDesk, path, TestClock())
            desk.subscribe(hear)
    await asyncio.sleep(0)  # the loop's turn: what was committed is published there
    part = await desk.snapshot(None, 1_000)
    await desk.close()
    told = {
        state.id: frozenset((message.message_id, message.content_sha256) for message in state.messages)
        for state in part.conversations
        if state.merged_into is None
    }
    return told, recorded


def mirrored(home: Path, mails: Sequence[NewMail], recorded: Sequence[Recorded], chance: random.Random) -> Told:
    """A mirror that gets mails and events in pieces, the mails in any order, each side as far ahead of the other as may be."""
    store = LocalStore.open(home)
    pulls, events = list(mails), list(recorded)
    chance.shuffle(pulls)
    while pulls or events:
        if pulls and (not events or chance.random() < 0.5):
            piece = [pulls.pop() for _ in range(min(len(pulls), chance.randrange(1, 6)))]
            store.commit_pull(SUPPORT, chance.choice(["INBOX", "Sent"]), piece, Cursor(1, max(mail.uid for mail in piece)))
        else:
            some = [events.pop(0) for _ in range(min(len(events), chance.randrange(1, 12)))]
            store.apply_events(some, epoch=1)
        if chance.random() < 0.1:
            store.close()
            store = LocalStore.open(home)
    seen = shown(store)
    store.close()
    return seen


def shown(store: LocalStore) -> Told:
    rows = store.page(parse_query(""), limit=500).rows
    sha = {
        (message.message_id, message.content_sha256)
        for row in rows
        if (state := store.conversation(row.id)) is not None
        for message in state.messages
    }
    found = {}
    for row in rows:
        here = store.messages(row.id)
        state = store.conversation(row.id)
        assert state is not None
        assert sorted(stored.message_id for stored in here) == sorted(message.message_id for message in state.messages)
        found[row.id] = frozenset((message.message_id, message.content_sha256) for message in state.messages)
    assert sha == frozenset().union(*found.values())
    return found


def alone(home: Path, mails: Sequence[NewMail]) -> frozenset[frozenset[MessageId]]:
    """What a store makes of the mails that no server has told it anything of."""
    store = LocalStore.open(home)
    store.commit_pull(SUPPORT, "INBOX", mails, Cursor(1, 10_000))
    found = frozenset(frozenset(stored.message_id for stored in store.messages(row.id)) for row in store.page(parse_query(""), limit=500).rows)
    store.close()
    return found


@pytest.mark.parametrize("seed", range(10, 16))
async def test_servers_and_mirrors_agree_in_every_order(tmp_path: Path, seed: int) -> None:
    mails = torn_letters(seed)
    chance = random.Random(seed)
    expected = alone(tmp_path / "alone", mails)
    for turn in range(4):
        order = list(mails)
        chance.shuffle(order)
        told, recorded = await journaled(tmp_path / f"{turn}.db", order, chance)
        assert frozenset(frozenset(message_id for message_id, _ in group) for group in told.values()) == expected
        for mirror in range(3):
            assert mirrored(tmp_path / f"{turn}-{mirror}", mails, recorded, chance) == told


async def test_a_mirror_that_begins_with_a_snapshot_agrees_too(tmp_path: Path) -> None:
    mails = torn_letters(99)
    chance = random.Random(99)
    order = list(mails)
    chance.shuffle(order)
    told, _ = await journaled(tmp_path / "team.db", order, chance)
    desk = TeamDesk(tmp_path / "team.db", TestClock())
    part = await desk.snapshot(None, 1_000)
    await desk.close()
    assert any(state.merged_into for state in part.conversations)
    for mail_first in (True, False):
        pages = list(part.conversations)
        chance.shuffle(pages)
        store = LocalStore.open(tmp_path / f"first {mail_first}")
        if mail_first:
            store.commit_pull(SUPPORT, "INBOX", mails, Cursor(1, 10_000))
        store.begin_snapshot(1)
        for page in pages:
            store.add_snapshot([page])
        store.end_snapshot(part.seq, (), ())
        if not mail_first:
            store.commit_pull(SUPPORT, "INBOX", mails, Cursor(1, 10_000))
        assert shown(store) == told
        for state in part.conversations:
            assert store.resolve(state.id) == store.resolve(f"#{state.number}") == (state.merged_into or state.id)
        store.close()


async def test_what_happened_in_a_conversation_that_joined_another_is_still_told_there(tmp_path: Path) -> None:
    mails = [letter("b", in_reply_to=["a"]), letter("r", minute=1), letter("a", references=["r"], minute=2)]
    told, recorded = await journaled(tmp_path / "team.db", mails, random.Random(1))
    (whole,) = told
    store = LocalStore.open(tmp_path / "home")
    store.commit_pull(SUPPORT, "INBOX", mails, Cursor(1, 3))
    store.apply_events(recorded, epoch=1)
    assert store.timeline(whole) == tuple(recorded)
    (gone,) = {one.conversation_id for one in recorded} - {whole}
    assert store.timeline(gone) == store.timeline(whole)
    assert store.row(gone) == store.row(whole)
    store.close()


@pytest.mark.parametrize("by_snapshot", [False, True])
async def test_a_comment_changed_or_taken_away_about_a_merge_is_found_as_it_stands_now(tmp_path: Path, by_snapshot: bool) -> None:
    recorded: list[Recorded] = []
    desk = TeamDesk(tmp_path / "team.db", TestClock())
    desk.subscribe(lambda published: recorded.extend(published.recorded))
    team = Team(desk, TestClock())
    sato = await team.member("Sato", Role.LEADER)
    stays, goes = await team.arrives("<a@x>"), await team.arrives("<b@x>")
    for id_, text in (("k1", "古い言葉"), ("k2", "消す言葉"), ("k3", "残る言葉"), ("k4", "先に消す言葉")):
        await desk.execute(sato, team.key(), AddComment(conversation_id=goes, comment_id=CommentId(id_), text=text))
    await asyncio.sleep(0)  # the loop's turn, as above
    store = LocalStore.open(tmp_path / "home")
    store.apply_events(recorded, epoch=1)
    before = len(recorded)
    assert len(store.search(parse_query("comment:言葉"))) == 4
    await desk.execute(sato, team.key(), RemoveComment(conversation_id=goes, comment_id=CommentId("k4")))
    await desk.execute(sato, team.key(), MergeConversations(conversation_id=stays, other=goes, reason="同じ件"))
    await desk.execute(sato, team.key(), EditComment(conversation_id=stays, comment_id=CommentId("k1"), text="新しい言葉"))
    await desk.execute(sato, team.key(), RemoveComment(conversation_id=stays, comment_id=CommentId("k2")))
    await asyncio.sleep(0)  # the loop's turn, as above
    if by_snapshot:
        part = await desk.snapshot(None, 1_000)
        for order in (part.conversations, part.conversations[::-1]):
            store.begin_snapshot(1)
            for page in order:
                store.add_snapshot([page])
            store.end_snapshot(part.seq, (), ())
    else:
        (merged,) = (at for at, one in enumerate(recorded) if isinstance(one.event, ConversationMerged))
        for piece in (recorded[before : merged + 1], recorded[merged + 1 :]):
            store.apply_events(piece, epoch=1)
    await desk.close()
    found = {text: {hit.comment_id for hit in store.search(parse_query(text))} for text in ("言葉", "古い", "新しい", "消す")}
    assert found == {"言葉": {"k1", "k3"}, "古い": set(), "新しい": {"k1"}, "消す": set()}
    assert {hit.conversation_id for hit in store.search(parse_query("言葉"))} == {stays}
    store.close()

"""Two terminals and a real server: what one does the other sees, and what is done while the server is away is done when it is back."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from server_process import new_folder

from mailsync.link import local_server
from mailsync.link.callbacks import Callbacks
from mailsync.link.client import TeamClient
from mailsync.link.errors import ServerAway
from mailsync.link.home import client_of, server_of
from mailsync.link.link import Link
from mailsync.link.local_server import start_own_server
from mailsync.link.outcome import Queued
from mailsync.link.pieces import AT_ONCE, pieces_of
from mailsync.link.protocol import Done, Refused
from mailsync.link.queue import TOGETHER
from store.clock import SystemClock
from store.domain.commands import AddComment, AgentCommand, AssignConversation, SetStatus, SetUrgency, TakeLease
from store.domain.draft import Draft
from store.domain.ending import Ending
from store.domain.events import CommentRemoved, Recorded
from store.domain.ids import CommandKey, CommentId, ConversationId, MemberKey, Revision, Seq, StatusKey
from store.domain.refusals import AnyRefusal, LeaseHeld, UnknownStatus
from store.domain.status import Urgency
from store.local.store import LocalStore
from store.settings.settings import load_settings
from tests.cli.home import Home
from tests.mado_forks import begin_own_server
from tests.waiting import wait_for, wait_until


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home whose own server knows two conversations."""
    monkeypatch.setattr(local_server, "_begin", begin_own_server)
    home = Home(new_folder("link") / "house")
    settings = home.path / "settings.toml"
    settings.write_text(settings.read_text() + '\n[list]\nwaiting_steps = ["30m", "2h", "1d", "3d"]\n')
    home.receives(subject="Order 4711")
    home.receives(subject="Invoice 12", sender="Jiro <jiro@example.org>")
    yield home
    home.stop_server()


@pytest.fixture
def sato(house: Home) -> Home:
    return joined(house, "Sato")


@pytest.fixture
def ben(house: Home) -> Home:
    return joined(house, "Ben")


def joined(house: Home, name: str) -> Home:
    start_own_server(house.path)
    invitation = house.mado("member", "add", name).rows[0]["invitation"]
    home = Home(house.path.parent / name.lower())
    (home.path / "settings.toml").unlink()
    said = home.mado("join", invitation)
    assert said.code == 0, said.err
    return home


class Desk:
    """One open terminal, without a screen."""

    def __init__(self, link: Link, store: LocalStore, refused: list[tuple[AgentCommand, AnyRefusal]]) -> None:
        self.link = link
        self.store = store
        self.refused = refused

    @property
    def first(self) -> ConversationId:
        found = self.store.resolve("1")
        assert found is not None
        return found

    def comments(self) -> list[str]:
        state = self.store.conversation(self.first)
        return [comment.text for comment in state.comments] if state else []

    async def says(self, text: str) -> object:
        return await self.link.send(AddComment(conversation_id=self.first, comment_id=CommentId(text.ljust(32, "0")), text=text))


@asynccontextmanager
async def at_desk(home: Home) -> AsyncIterator[Desk]:
    settings = load_settings(home.path)
    address = server_of(home.path, settings)
    assert address is not None
    refused: list[tuple[AgentCommand, AnyRefusal]] = []

    def on_refusal(_key: CommandKey, command: AgentCommand, refusal: AnyRefusal) -> None:
        refused.append((command, refusal))

    store = LocalStore.open(home.path)
    async with client_of(home.path, settings, address) as client:
        link = Link(client, store, SystemClock(), f"terminal-{home.path.name}", Callbacks(on_refusal=on_refusal))
        running = asyncio.create_task(link.run())
        try:
            await wait_for(lambda: link.state.connected, "the line to the server")
            await wait_for(lambda: store.resolve("2"), "both conversations")
            yield Desk(link, store, refused)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            store.close()


def kill_server(house: Home) -> None:
    pid = int((house.path / "server.lock").read_text())
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2], "its death")


async def test_a_colleague_sees_a_comment_by_itself(sato: Home, ben: Home) -> None:
    async with at_desk(sato) as one, at_desk(ben) as other:
        assert isinstance(await one.says("who takes this?"), Done)
        assert one.comments() == ["who takes this?"]
        await wait_for(lambda: other.comments() == ["who takes this?"], "the comment")


async def test_a_colleague_sees_who_looks_and_who_writes(sato: Home, ben: Home) -> None:
    async with at_desk(sato) as one, at_desk(ben) as other:
        await one.link.look_at(one.first)
        await wait_for(lambda: MemberKey("sato") in row_of(other).present, "presence")
        await one.link.look_at(None)
        await wait_for(lambda: not row_of(other).present, "the end of presence")
        taken = await one.link.send(TakeLease(conversation_id=one.first, seen_revision=revision(one), terminal=one.link.terminal_id))
        assert isinstance(taken, Done)
        await wait_for(lambda: row_of(other).lease_by == "sato", "the lease in the other list")
        refused = await other.link.send(TakeLease(conversation_id=other.first, seen_revision=revision(other), terminal="t"))
        assert isinstance(refused, Refused)
        assert isinstance(refused.refusal, LeaseHeld)


async def test_two_who_take_the_same_conversation_end_with_one_owner_everywhere(sato: Home, ben: Home) -> None:
    async with at_desk(sato) as one, at_desk(ben) as other:
        await asyncio.gather(*(desk.link.send(AssignConversation(conversation_id=desk.first, owner=me)) for desk, me in owners(one, other)))
        await wait_for(lambda: row_of(one).owner == row_of(other).owner != None, "agreement")  # noqa: E711 - one chain
        await wait_for(lambda: one.store.mirror_seq() == other.store.mirror_seq(), "the same position")
        assert one.store.conversation(one.first) == other.store.conversation(other.first)


async def test_what_was_said_while_the_server_was_away_is_said_once_and_in_order(house: Home, sato: Home, ben: Home) -> None:
    async with at_desk(sato) as one:
        kill_server(house)
        await wait_for(lambda: not one.link.state.connected, "the banner")
        assert one.link.state.why
        for text in ("a", "b", "c"):
            assert isinstance(await one.says(text), Queued)
        assert one.comments() == ["a", "b", "c"]  # shown at once
        assert row_of(one).pending
        assert one.link.state.queued == 3
        with pytest.raises(ServerAway):
            await one.link.send(TakeLease(conversation_id=one.first, seen_revision=revision(one), terminal="t"))
        await asyncio.to_thread(start_own_server, house.path)
        await wait_for(lambda: one.link.state.connected and not one.store.pending(), "an empty queue")
        assert isinstance(await one.says("d"), Done)
        # The queue and the lines are in two files: the lines follow.
        await wait_for(lambda: one.comments() == ["a", "b", "c", "d"] and not row_of(one).pending, "the line to say so")
    async with at_desk(ben) as other:
        assert other.comments() == ["a", "b", "c", "d"]


async def test_a_queued_command_that_is_refused_later_is_told_and_taken_back(house: Home, sato: Home) -> None:
    async with at_desk(sato) as one:
        kill_server(house)
        await wait_for(lambda: not one.link.state.connected, "the banner")
        nonsense = SetStatus(conversation_id=one.first, status=StatusKey("queued"))
        assert isinstance(await one.link.send(nonsense), Queued)
        assert isinstance(await one.says("still here"), Queued)
        await asyncio.to_thread(start_own_server, house.path)
        await wait_for(lambda: one.refused, "the refusal")
        assert one.refused == [(nonsense, UnknownStatus(status="queued"))]
        await wait_for(lambda: not one.store.pending(), "an empty queue")
        await wait_for(lambda: one.comments() == ["still here"], "what stood behind it, which was not held up")


async def test_a_command_whose_answer_was_lost_is_not_done_twice(house: Home, sato: Home) -> None:
    async with at_desk(sato) as one:
        key, command = CommandKey("f" * 32), AddComment(conversation_id=one.first, comment_id=CommentId("e" * 32), text="once")
        async with as_sato(sato) as client:
            from mailsync.link.protocol import CommandRequest

            assert isinstance(await client.command(CommandRequest(key, command)), Done)
        # The terminal died before it heard; its queue still holds the command under the same key.
        one.store.add_pending(key, command, SystemClock().now())
        assert isinstance(await one.says("after"), Done)
        await wait_for(lambda: not one.store.pending(), "an empty queue")
        await wait_for(lambda: one.comments() == ["once", "after"], "both, each once")


async def test_a_draft_of_the_other_terminal_is_offered_here(sato: Home) -> None:
    async with at_desk(sato) as one:
        draft = Draft(conversation_id=one.first, body="half a sentence", saved_at=SystemClock().now())
        assert await one.link.save_draft_at_server(draft)
        one.store.drop_draft(one.first)
    async with at_desk(sato) as again:
        found = again.store.draft(again.first)
        assert found is not None
        assert found.body == "half a sentence"
        assert await again.link.drop_draft_at_server(again.first)


def test_who_joins_has_the_steps_of_the_house(sato: Home) -> None:
    assert load_settings(sato.path).list.waiting_steps == ("30m", "2h", "1d", "3d")


async def test_a_session_that_ended_is_said_and_not_tried_for_ever(house: Home, sato: Home) -> None:
    async with at_desk(sato) as one:
        async with client_of(house.path, load_settings(house.path), server_of(house.path, load_settings(house.path))) as admin:  # type: ignore[arg-type]
            await admin.deactivate(MemberKey("sato"))
        await wait_for(lambda: one.link.state.ended, "the end")
        assert not one.link.state.connected
        # By the own socket: the stream said it in a word, a call was answered with what is written down.
        assert (one.link.state.over, one.link.state.ending) == (True, Ending(MemberKey("sato"), one.store.mirror_epoch() or 0, by_date=False))
        assert "nothing was removed from this machine" in one.link.state.why


@asynccontextmanager
async def as_sato(home: Home) -> AsyncIterator[TeamClient]:
    settings = load_settings(home.path)
    address = server_of(home.path, settings)
    assert address is not None
    async with client_of(home.path, settings, address) as client:
        yield client


def owners(one: Desk, other: Desk) -> list[tuple[Desk, MemberKey]]:
    return [(one, MemberKey("sato")), (other, MemberKey("ben"))]


def row_of(desk: Desk):
    row = desk.store.row(desk.first)
    assert row is not None
    return row


def revision(desk: Desk) -> Revision:
    state = desk.store.conversation(desk.first)
    assert state is not None
    return state.revision


async def test_what_one_reads_at_one_home_is_read_at_ones_other_home_and_at_no_colleagues(sato: Home, ben: Home) -> None:
    second = Home(sato.path.parent / "second")
    shutil.rmtree(second.path)
    shutil.copytree(sato.path, second.path)
    async with at_desk(sato) as one, at_desk(second) as two, at_desk(ben) as theirs:
        await wait_for(lambda: all(desk.store.marks.position().begun for desk in (one, two, theirs)), "their marks to begin")
        for desk in (one, theirs):
            await asyncio.to_thread(desk.store.marks.set_back, desk.first, Revision(0), SystemClock().now())
            desk.link.marked()
        await wait_for(lambda: row_of(two).unread, "it to be unread at the other home")
        await asyncio.to_thread(one.store.marks.read_to, one.first, revision(one), SystemClock().now())
        one.link.marked()
        await wait_for(lambda: not row_of(two).unread, "it to be read at the other home")
        await wait_for(lambda: not theirs.store.marks.waiting(1), "Ben's own word to be told")
        assert row_of(theirs).unread


async def test_what_is_read_while_the_server_is_away_is_told_when_it_is_back(house: Home, sato: Home) -> None:
    async with at_desk(sato) as one:
        await wait_for(lambda: one.store.marks.position().begun, "the marks to begin")
        kill_server(house)
        await wait_for(lambda: not one.link.state.connected, "the banner")
        for name in ("1", "2"):
            found = one.store.resolve(name)
            assert found is not None
            await asyncio.to_thread(one.store.marks.read_to, found, Revision(1), SystemClock().now())
        one.link.marked()
        assert len(one.store.marks.waiting(10)) == 2
        await asyncio.to_thread(start_own_server, house.path)
        await wait_for(lambda: not one.store.marks.waiting(10), "both to be told")
        await wait_for(lambda: one.store.marks.position().n == 2, "the server's word on both")


async def test_many_commands_are_kept_go_together_and_each_is_answered_whether_the_server_is_there_or_comes_back(house: Home, sato: Home) -> None:
    async with at_desk(sato) as one:
        second = one.store.resolve("2")
        assert second is not None
        both = (one.first, second)
        heard: list[int] = []
        taken = await one.link.send_many(
            [*(AssignConversation(conversation_id=each, owner=MemberKey("sato")) for each in both), with_no_such_status(one.first)], heard.append
        )
        assert [type(answer) for answer in taken] == [Done, Done, Refused]
        assert heard == [3]
        assert [row.owner for each in both if (row := one.store.row(each))] == ["sato", "sato"]
        assert not one.store.pending()
        kill_server(house)
        await wait_for(lambda: not one.link.state.connected, "the banner")
        waiting = await one.link.send_many([SetUrgency(conversation_id=each, urgency=Urgency.URGENT) for each in both], heard.append)
        assert [type(answer) for answer in waiting] == [Queued, Queued]
        assert [(row.urgency, row.pending) for each in both if (row := one.store.row(each))] == [(Urgency.URGENT, True)] * 2
        assert one.link.state.queued == 2
        await asyncio.to_thread(start_own_server, house.path)
        await wait_for(lambda: not one.store.pending(), "both to be sent")
        # The queue and the lines are in two files: the lines follow.
        await wait_for(lambda: not any(row.pending for each in both if (row := one.store.row(each))), "the lines to say so")
        assert [row.urgency for each in both if (row := one.store.row(each))] == [Urgency.URGENT] * 2


async def test_a_command_given_while_many_are_under_way_goes_before_the_rest_of_them(sato: Home) -> None:
    async with at_desk(sato) as one:
        second = one.store.resolve("2")
        assert second is not None
        begun, answered = asyncio.Event(), 0

        def hear(through: int) -> None:
            nonlocal answered
            answered = through
            begun.set()

        many = [SetUrgency(conversation_id=one.first, urgency=Urgency(n % 2)) for n in range(6 * TOGETHER)]
        batch = asyncio.create_task(one.link.send_many(many, hear))
        await begun.wait()
        assert isinstance(await one.link.send(SetUrgency(conversation_id=second, urgency=Urgency.VERY_URGENT)), Done)
        assert answered < len(many)
        # For a conversation of the batch it comes behind what was given before it.
        assert isinstance(await one.link.send(SetUrgency(conversation_id=one.first, urgency=Urgency.VERY_URGENT)), Done)
        assert {type(answer) for answer in await batch} == {Done}
        assert row_of(one).urgency is Urgency.VERY_URGENT


def test_events_are_written_in_pieces_that_never_part_what_one_command_came_to() -> None:
    keys = [CommandKey(f"k{n // 3}") for n in range(90)]
    recorded = [Recorded(Seq(n + 1), SystemClock().now(), MemberKey("sato"), None, CommentRemoved(CommentId("c")), key) for n, key in enumerate(keys)]
    pieces = list(pieces_of(recorded))
    assert [one for piece in pieces for one in piece] == recorded
    assert all(before[-1].command_key != after[0].command_key for before, after in pairwise(pieces))
    assert all(AT_ONCE <= len(piece) < AT_ONCE + 3 for piece in pieces)


def with_no_such_status(conversation_id: ConversationId) -> SetStatus:
    return SetStatus(conversation_id=conversation_id, status=StatusKey("no_such_status"))

"""A server comes back from an older backup: its terminals load the team anew by themselves, and what they waited with is done once."""

import asyncio
from pathlib import Path

from server_process import new_folder

from mailsync.link.link import Link
from mailsync.link.outcome import Queued
from mailsync.link.protocol import Done
from store.clock import SystemClock
from store.domain.commands import AddComment
from store.domain.ids import CommentId, ConversationId
from store.local.store import LocalStore
from store.team.backup import back_up
from store.team.restoring import restore
from tests.server.server_child import Child
from tests.server.test_kill import client_of, seeded
from tests.waiting import wait_for

ITS_TIME_SECONDS = 30


def texts(store: LocalStore, conversation_id: ConversationId) -> list[str]:
    state = store.conversation(conversation_id)
    return [comment.text for comment in state.comments] if state else []


def comment(conversation_id: ConversationId, text: str) -> AddComment:
    return AddComment(conversation_id=conversation_id, comment_id=CommentId(text), text=text)


def set_aside(home: Path) -> None:
    for one in home.glob("team.db*"):
        one.rename(one.with_name(f"old-{one.name}"))


async def test_a_terminal_follows_a_restored_server_and_sends_what_it_waited_with() -> None:
    home, own = new_folder("desk"), new_folder("home")
    first, second, *_ = await seeded(home)
    child = await asyncio.to_thread(Child, home)
    store, client = LocalStore.open(own), client_of(home)
    link = Link(client, store, SystemClock(), "t")
    running = asyncio.create_task(link.run())
    await wait_for(lambda: link.state.connected and store.conversation(second) is not None, "the team", seconds=ITS_TIME_SECONDS)
    assert isinstance(await link.send(comment(first, "in the backup")), Done)
    await asyncio.to_thread(back_up, home / "team.db", own / "backup.db", SystemClock().now())
    assert isinstance(await link.send(comment(first, "after the backup")), Done)
    assert isinstance(await link.send(comment(second, "also after it")), Done)
    assert texts(store, first) == ["in the backup", "after the backup"]
    assert await asyncio.to_thread(child.stop) == 0
    await wait_for(lambda: not link.state.connected, "the end of the server", seconds=ITS_TIME_SECONDS)
    assert isinstance(await link.send(comment(second, "while it was away")), Queued)
    set_aside(home)
    restored = await restore(own / "backup.db", home / "team.db", SystemClock())
    child = await asyncio.to_thread(Child, home)
    await wait_for(lambda: link.state.connected and store.mirror_epoch() == restored.epoch, "the new epoch", seconds=ITS_TIME_SECONDS)
    await wait_for(lambda: not store.pending() and texts(store, second) == ["while it was away"], "what it waited with", seconds=ITS_TIME_SECONDS)
    assert texts(store, first) == ["in the backup"]
    there = {one.id: one for one in (await client.snapshot()).conversations}
    await wait_for(lambda: {one: store.conversation(one) for one in there} == there, "the same mirror as the server's", seconds=ITS_TIME_SECONDS)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await client.close()
    store.close()
    assert await asyncio.to_thread(child.stop) == 0

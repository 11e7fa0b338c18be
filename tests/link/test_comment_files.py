"""Files of comments between two terminals: a colleague has them, and what was put there offline is what arrives, whatever became of the original."""

import asyncio
from pathlib import Path

import pytest

from mailsync.link.files import fetch_file
from mailsync.link.local_server import start_own_server
from mailsync.link.outcome import Queued
from mailsync.link.protocol import Done
from store.domain.commands import AddComment
from store.domain.conversation import Comment
from store.domain.ids import CommentId
from store.domain.query import parse_query
from tests.cli.home import Home
from tests.link.test_link import Desk, at_desk, ben, house, kill_server, sato
from tests.waiting import wait_for

__all__ = ["ben", "house", "sato"]

CONTENT = "請求の内訳".encode() * 100_000


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "内訳.csv"
    path.write_bytes(CONTENT)
    return path


async def attaches(desk: Desk, original: Path, text: str = "") -> object:
    comment_id = CommentId("f" * 32)
    file = desk.store.waiting_files.put(comment_id, original, original.name)
    return await desk.link.send(AddComment(conversation_id=desk.first, comment_id=comment_id, text=text, files=(file,)))


def the_comment(desk: Desk) -> Comment | None:
    state = desk.store.conversation(desk.first)
    return next((comment for comment in state.comments if comment.files), None) if state else None


async def content_at(desk: Desk) -> bytes:
    await wait_for(lambda: the_comment(desk) is not None, "the comment with its file")
    comment = the_comment(desk)
    assert comment is not None
    return await fetch_file(desk.link.client, desk.first, comment.id, comment.files[0])


async def test_a_colleague_has_the_file_and_finds_it_by_its_name(sato: Home, ben: Home, original: Path) -> None:
    async with at_desk(sato) as one, at_desk(ben) as other:
        assert isinstance(await attaches(one, original, "どうぞ"), Done)
        assert await content_at(other) == CONTENT
        assert not list((sato.path / "waiting").iterdir()), "the copy has served its purpose"
        (hit,) = other.store.search(parse_query("内訳"))
        assert hit.comment_id == "f" * 32


async def test_a_file_that_was_put_there_offline_arrives_as_it_was_then(house: Home, sato: Home, ben: Home, original: Path) -> None:
    async with at_desk(sato) as one:
        kill_server(house)
        await wait_for(lambda: not one.link.state.connected, "the banner")
        assert isinstance(await attaches(one, original), Queued)
        assert the_comment(one) is not None, "it is shown at once"
        original.write_bytes(b"changed since")
        original.unlink()
    # The terminal was closed meanwhile.
    await asyncio.to_thread(start_own_server, house.path)
    async with at_desk(sato) as one, at_desk(ben) as other:
        await wait_for(lambda: not one.store.pending(), "an empty queue")
        assert await content_at(other) == CONTENT


async def test_a_comment_whose_copy_was_lost_is_refused_and_holds_up_nothing(house: Home, sato: Home, original: Path) -> None:
    async with at_desk(sato) as one:
        kill_server(house)
        await wait_for(lambda: not one.link.state.connected, "the banner")
        assert isinstance(await attaches(one, original), Queued)
        one.store.waiting_files.drop(CommentId("f" * 32))
        assert isinstance(await one.says("behind it"), Queued)
        await asyncio.to_thread(start_own_server, house.path)
        await wait_for(lambda: one.refused, "the refusal")
        assert [type(refusal).__name__ for _, refusal in one.refused] == ["FileMissing"]
        await wait_for(lambda: one.comments() == ["behind it"], "what stood behind it")


def test_scripts_put_files_to_a_comment(sato: Home, original: Path) -> None:
    said = sato.mado("comment", "1", "--attach", str(original))
    assert said.code == 0, said.err
    (row,) = sato.mado("show", "1").rows
    (comment,) = row["comments"]
    assert comment["files"][0]["name"] == "内訳.csv"
    assert comment["files"][0]["size_bytes"] == len(CONTENT)
    assert comment["text"] == ""
    missing = sato.mado("comment", "1", "x", "--attach", str(original) + "?")
    assert missing.code == 5
    assert "no such file" in missing.err
    found = sato.mado("search", "内訳")
    assert found.rows

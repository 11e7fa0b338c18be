"""`mado server backup`, `restore`, `check` and `migrate` from the command line, and what a client makes of a server that was restored."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from server_process import new_folder
from start_postgres import Postgres

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.mirror import Mirror
from mailsync.link.protocol import CommandRequest, Done
from store.clock import SystemClock
from store.domain.commands import AddComment
from store.domain.ids import CommandKey, CommentId
from store.local.store import LocalStore
from store.sqlite.connection import connect
from store.team.desk import TeamDesk
from tests.server.server_child import Child
from tests.server.test_cli import mado
from tests.team.team_house import Team, TestClock


def said(ran: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    return json.loads(line)


async def with_mail(home: Path, mails: int = 3) -> None:
    desk = TeamDesk(home / "team.db", SystemClock())
    for n in range(mails):
        await Team(desk, TestClock()).arrives(f"<{n}@example.org>")
    await desk.close()


def test_a_team_moves_from_its_home_to_postgresql_and_back_with_four_verbs(postgres: Postgres) -> None:
    home, url, other = new_folder("keep"), postgres.new_url(), new_folder("keep")
    asyncio.run(with_mail(home))
    child = Child(home)
    made = said(mado("--home", str(home), "server", "backup", str(home / "one.db"), "--json"))
    assert (made["backup"], made["epoch"]) == (str(home / "one.db"), 1)
    assert child.stop() == 0
    back = said(mado("--home", str(home), "server", "restore", str(home / "one.db"), "--database", url, "--json"))
    assert (back["seq"], back["unknown"]) == (made["seq"], 0)
    assert said(mado("--home", str(home), "server", "check", "--database", url, "--json"))["findings"] == []
    assert said(mado("--home", str(home), "server", "migrate", "--database", url, "--json")) == {"known": 2, "now": 2}
    (home / "settings.toml").write_text(f'[server]\ndatabase = "{url}"\n')
    child = Child(home)
    again = said(mado("--home", str(home), "server", "backup", str(home / "two.db"), "--json"))
    assert child.stop() == 0
    assert again["epoch"] == back["epoch"]
    assert said(mado("--home", str(other), "server", "restore", str(home / "two.db"), "--json"))["seq"] == again["seq"]
    assert said(mado("--home", str(other), "server", "check", "--json"))["conversations"] == 3


def test_a_damage_is_found_with_exit_code_1_and_a_restore_never_writes_over(tmp_path: Path) -> None:
    asyncio.run(with_mail(tmp_path))
    said(mado("--home", str(tmp_path), "server", "backup", str(tmp_path / "backup.db"), "--json"))
    connection = connect(tmp_path / "team.db")
    connection.execute("DELETE FROM journal WHERE seq = 2")
    connection.close()
    ran = mado("--home", str(tmp_path), "server", "check", "--json")
    assert ran.returncode == 1
    assert "the journal" in {json.loads(line)["where"] for line in ran.stdout.splitlines()}
    ran = mado("--home", str(tmp_path), "server", "restore", str(tmp_path / "backup.db"))
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (5, "", 1)


@pytest.mark.parametrize(
    ("url", "words", "code"),
    [
        ("postgresql://desk:hush@db.example.jp/mado", "pgpass", 5),
        ("postgresql://desk@db.example.jp/mado?password=hush", "pgpass", 5),
        ("mysql://db.example.jp/mado", "postgresql://", 5),
        ("postgresql://desk@127.0.0.1:1/mado", "does not answer", 3),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_without_its_password(tmp_path: Path, url: str, words: str, code: int) -> None:
    for verb in (["run"], ["check"], ["backup", str(tmp_path / "backup.db")]):
        ran = mado("--home", str(tmp_path), "server", *verb, "--database", url)
        assert (ran.returncode, ran.stdout) == (code, ""), verb
        assert words in ran.stderr
        assert "hush" not in ran.stderr
        assert len(ran.stderr.splitlines()) == 1


async def test_a_client_rebuilds_its_mirror_from_a_server_that_was_restored(tmp_path: Path) -> None:
    home, address = new_folder("keep"), ServerAddress("unix", path=str(tmp_path / "desk.sock"))
    await with_mail(home)
    child = await asyncio.to_thread(Child, home, "--socket", address.path)
    await asyncio.to_thread(mado, "--home", str(home), "server", "backup", str(home / "backup.db"))
    store = LocalStore.open(tmp_path / "agent")
    async with TeamClient(address) as client:
        mirror = Mirror(client, store)
        await mirror.catch_up()
        (conversation, *_) = (await client.snapshot()).conversations
        command = AddComment(conversation_id=conversation.id, comment_id=CommentId("c"), text="バックアップの後")
        assert isinstance(await client.command(CommandRequest(CommandKey("k"), command)), Done)
        await mirror.catch_up()
        assert [comment.text for comment in store.conversation(conversation.id).comments] == ["バックアップの後"]
    await asyncio.to_thread(child.stop)
    for name in ("team.db", "team.db-wal", "team.db-shm"):
        if (home / name).exists():
            shutil.move(home / name, home / f"broken-{name}")
    await asyncio.to_thread(mado, "--home", str(home), "server", "restore", str(home / "backup.db"))
    child = await asyncio.to_thread(Child, home, "--socket", address.path)
    before = store.mirror_epoch()
    async with TeamClient(address) as client:
        mirror = Mirror(client, store)
        await mirror.catch_up()
        assert store.mirror_epoch() == (await client.me()).epoch
        assert store.mirror_epoch() > before
        assert store.conversation(conversation.id).comments == ()
    await asyncio.to_thread(child.stop)
    store.close()

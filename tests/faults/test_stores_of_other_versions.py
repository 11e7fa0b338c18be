"""A home that another version, another program or a kill has left: brought up, rebuilt, refused or set aside, and never misread."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store.domain.commands import AddComment
from store.domain.draft import Draft
from store.domain.ids import CommandKey, CommentId, Revision
from store.domain.query import All
from store.local.kept_schema import KEPT_STEPS, KEPT_VERSION
from store.local.opening import open_cache, open_kept
from store.local.schema import CACHE_VERSION
from store.local.store import LocalStore
from store.sqlite.connection import connect
from store.sqlite.errors import StoreError, StoreTooNew
from tests.store.local_store_makers import START, SUPPORT, conversation_of, new_mail, pull

ROOT = Path(__file__).parents[2]
HERE = conversation_of(1)
SAID = AddComment(conversation_id=HERE, comment_id=CommentId("c1"), text="返金します")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a mail, a draft, a waiting command and a read mark, closed."""
    store = LocalStore.open(tmp_path)
    pull(store, new_mail(1))
    store.save_draft(Draft(conversation_id=HERE, body="大事な文"))
    store.add_pending(CommandKey("k1"), SAID, START)
    store.marks.read_to(HERE, Revision(3), START)
    store.close()
    return tmp_path


def make_old(home: Path) -> None:
    """Turn `kept.db` into one that version 1 wrote."""
    with sqlite3.connect(home / "kept.db") as connection:
        connection.execute("PRAGMA application_id = 0")
        connection.executescript("DROP INDEX pending_of; DROP INDEX seen_waiting")
        connection.executescript("ALTER TABLE pending DROP COLUMN asked")
        connection.executescript("DROP TABLE told; ALTER TABLE seen DROP COLUMN waits; ALTER TABLE seen DROP COLUMN at")
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def assert_kept(home: Path) -> None:
    store = LocalStore.open(home)
    try:
        assert store.draft(HERE).body == "大事な文"
        assert [(one.key, one.command) for one in store.pending()] == [("k1", SAID)]
        assert store.count(All()) == 1
        assert store._files.kept(lambda kept: kept.execute("SELECT conversation_id, revision FROM seen")) == [(HERE, 3)]
    finally:
        store.close()


def test_drafts_and_waiting_commands_of_an_older_version_are_brought_up(home: Path) -> None:
    make_old(home)
    assert_kept(home)
    connection = connect(home / "kept.db", readonly=True)
    assert (connection.user_version, connection.value("PRAGMA application_id")) == (KEPT_VERSION, 0x6D61646F)
    connection.close()


def test_what_the_older_version_wrote_is_kept_beside_and_for_its_owner_only(home: Path) -> None:
    make_old(home)
    LocalStore.open(home).close()
    before = home / "kept.db.version-1"
    assert before.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(before) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (1,)
    connection.close()


def test_steps_to_come_are_done_once_and_in_their_order(home: Path) -> None:
    path = home / "kept.db"
    steps = (*KEPT_STEPS, "CREATE TABLE later (a)", "INSERT INTO later SELECT count(*) FROM draft")
    make_old(home)
    for _ in range(2):
        assert open_kept(path, steps) is None
    connection = connect(path)
    assert connection.user_version == KEPT_VERSION + 2
    assert connection.execute("SELECT a FROM later") == [(1,)]
    connection.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(home: Path) -> None:
    make_old(home)
    with pytest.raises(StoreError):
        open_kept(home / "kept.db", (*KEPT_STEPS, "DELETE FROM draft", "INSERT INTO nowhere VALUES (1)"))
    assert_kept(home)


def test_a_kill_in_the_middle_of_the_steps_leaves_the_file_as_it_was(home: Path) -> None:
    make_old(home)
    program = (
        "import os, pathlib, signal, sys\n"
        "from store.local.kept_schema import KEPT_STEPS\n"
        "from store.local.opening import open_kept\n"
        "class Deadly(tuple):\n"
        "    def __getitem__(self, index):\n"
        "        yield from tuple(self)[index]\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "open_kept(pathlib.Path(sys.argv[1]), Deadly((*KEPT_STEPS, 'DELETE FROM draft', 'DROP TABLE pending')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(home / "kept.db")], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert_kept(home)


def test_an_older_mail_cache_is_fetched_again_and_says_so(home: Path) -> None:
    with sqlite3.connect(home / "cache" / "mail.db") as connection:
        connection.execute(f"PRAGMA user_version = {max(1, CACHE_VERSION - 1)}")
    connection.close()
    store = LocalStore.open(home)
    if CACHE_VERSION > 1:
        assert store.cursor(SUPPORT, "INBOX") is None
        assert "older version" in store.repairs[0]
    assert store.draft(HERE).body == "大事な文"
    store.close()


@pytest.mark.parametrize(("name", "newer"), [("cache/mail.db", CACHE_VERSION + 1), ("kept.db", KEPT_VERSION + 1)])
def test_a_file_that_is_newer_by_one_is_refused_and_not_touched(home: Path, name: str, newer: int) -> None:
    connection = connect(home / name)
    connection.set_user_version(newer)
    connection.close()
    before = (home / name).read_bytes()
    with pytest.raises(StoreTooNew, match="newer madoguchi"):
        LocalStore.open(home)
    assert (home / name).read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 2, 77])
@pytest.mark.parametrize("name", ["cache/mail.db", "kept.db"])
def test_the_database_of_another_program_is_set_aside_whole(home: Path, name: str, version: int) -> None:
    path = home / name
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipe (name)")
        connection.execute("INSERT INTO recipe VALUES ('味噌汁')")
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    store = LocalStore.open(home)
    assert "another program" in store.repairs[0]
    pull(store, new_mail(2))
    store.save_draft(Draft(conversation_id=HERE, body="新しい文"))
    store.close()
    with sqlite3.connect(f"{path}.other-1") as connection:
        assert connection.execute("SELECT name FROM recipe").fetchall() == [("味噌汁",)]
    connection.close()


@pytest.mark.parametrize("left", [0, 50, 100, 4096, 20_000])
def test_a_mail_cache_cut_short_is_rebuilt_and_never_misread(home: Path, left: int) -> None:
    path = home / "cache" / "mail.db"
    os.truncate(path, left)
    store = LocalStore.open(home)
    # Nothing is left of an empty file; anything else is set aside for a person to look at.
    assert ([("damaged" in one) for one in store.repairs], (path.parent / "mail.db.damaged-1").exists()) == ([True] * bool(left), bool(left))
    assert store.count(All()) == 0
    pull(store, new_mail(1))
    assert store.count(All()) == 1
    assert store.draft(HERE).body == "大事な文"
    store.close()


def test_what_a_kill_left_in_the_wal_is_read(home: Path) -> None:
    program = (
        "import os, signal, sys, pathlib\n"
        "from store.domain.draft import Draft\n"
        "from store.local.store import LocalStore\n"
        "from tests.store.local_store_makers import conversation_of, new_mail, pull\n"
        "store = LocalStore.open(pathlib.Path(sys.argv[1]))\n"
        "pull(store, new_mail(1), new_mail(2))\n"
        "store.save_draft(Draft(conversation_id=conversation_of(2), body='二つ目'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(home)], cwd=ROOT, check=False)
    assert (home / "cache" / "mail.db-wal").stat().st_size > 0
    store = LocalStore.open(home)
    assert (store.count(All()), store.draft(conversation_of(2)).body, store.repairs) == (2, "二つ目", ())
    store.close()


@pytest.mark.parametrize("garbage", [b"garbage" * 9000, b""], ids=["garbage", "nothing"])
def test_a_wal_that_is_garbage_costs_no_more_than_what_lay_in_it(home: Path, garbage: bytes) -> None:
    (home / "cache" / "mail.db-wal").write_bytes(garbage)
    (home / "kept.db-wal").write_bytes(garbage)
    assert_kept(home)


def test_two_programs_that_open_an_older_home_at_once_bring_it_up_once(home: Path) -> None:
    make_old(home)
    program = "import sys, pathlib\nfrom store.local.store import LocalStore\nLocalStore.open(pathlib.Path(sys.argv[1])).close()\n"
    both = [subprocess.Popen([sys.executable, "-c", program, str(home)], cwd=ROOT) for _ in range(2)]
    assert [one.wait(30) for one in both] == [0, 0]
    assert_kept(home)
    assert open_cache(home / "cache" / "mail.db") is None

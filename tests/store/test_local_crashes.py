"""Kills, damage, and several processes on one home: nothing lost, nothing doubled."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from store.domain.draft import Draft
from store.domain.query import All, parse_query
from store.local.rows import Cursor
from store.local.store import LocalStore
from store.sqlite.connection import connect
from store.sqlite.errors import CannotOpen, StoreCorrupt, StoreTooNew
from tests.store.local_store_makers import SUPPORT, conversation_of, new_mail, pull
from tests.store.pulling_process import BATCH
from tests.waiting import wait_until

PROGRAM = Path(__file__).with_name("pulling_process.py")
KILLS = 22


def started(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(PROGRAM), str(home)], stdout=subprocess.PIPE)


def assert_whole(store: LocalStore) -> int:
    """Everything up to the cursor, each mail once, listed, counted and found; the answer is the cursor."""
    cursor = store.cursor(SUPPORT, "INBOX")
    highest = cursor.highest_uid if cursor else 0
    assert store.uids(SUPPORT, "INBOX") == set(range(1, highest + 1))
    assert store.count(All()) == highest
    assert len(store.search(parse_query("報告"), limit=highest + 10)) == highest
    assert store._files.read(lambda connection: connection.value("SELECT count(*) FROM message")) == highest
    assert store._files.read(lambda connection: connection.execute("PRAGMA foreign_key_check")) == []
    return highest


def test_a_pull_that_is_killed_again_and_again_loses_and_doubles_nothing(home: Path) -> None:
    dice = random.Random(4711)
    told = batches_before = seq_before = 0
    for _ in range(KILLS):
        process = started(home)
        assert process.stdout is not None
        for _ in range(dice.randint(1, 3)):
            told = int(process.stdout.readline())
        # Anywhere in the next batches: spinning, not sleeping, for a random while.
        for _ in range(dice.randint(0, 60_000)):
            pass
        process.kill()
        process.stdout.read()
        process.wait(10)
        process.stdout.close()
        store = LocalStore.open(home)
        highest = assert_whole(store)
        assert highest >= told
        assert highest % BATCH == 0
        # One pull may be without its events; the next process goes on behind it, so that each kill can leave one such.
        batches, seq = highest // BATCH, int(store.mirror_seq())
        assert seq - seq_before in {2 * (batches - batches_before), 2 * (batches - batches_before) - 2}
        batches_before, seq_before = batches, seq
        store.close()


def test_a_verb_beside_a_syncing_terminal_reads_and_writes(home: Path) -> None:
    store = LocalStore.open(home)
    process = started(home)
    assert process.stdout is not None
    process.stdout.readline()
    seen = store.count(All())
    for number in range(20):
        store.save_draft(Draft(conversation_id=conversation_of(number), body="文"))
        store.commit_pull(SUPPORT, "Sent", [new_mail(-number - 1, text="控え", uid=number + 1)], Cursor(1, number + 1), outgoing=True)
    wait_until(lambda: store.count(All()) > seen + 20 + BATCH, "the other process to go on")
    process.kill()
    process.wait(10)
    process.stdout.close()
    assert store.uids(SUPPORT, "Sent") == set(range(1, 21))
    assert len(store.drafts()) == 20
    assert store.count(All()) == len(store.uids(SUPPORT, "INBOX")) + 20
    store.close()


def test_a_damaged_cache_is_set_aside_and_the_drafts_are_still_there(home: Path) -> None:
    store = LocalStore.open(home)
    pull(store, new_mail(1))
    store.save_draft(Draft(conversation_id=conversation_of(1), body="大事な文"))
    store.close()
    (home / "cache" / "mail.db").write_bytes(b"garbage" * 5000)
    again = LocalStore.open(home)
    assert (again.count(All()), again.cursor(SUPPORT, "INBOX")) == (0, None)
    assert again.draft(conversation_of(1)).body == "大事な文"
    assert (home / "cache" / "mail.db.damaged-1").exists()
    assert "damaged" in again.repairs[0]
    again.close()
    calm = LocalStore.open(home)
    assert calm.repairs == ()
    calm.close()


def test_damage_found_while_running_is_mended_at_the_next_start(home: Path) -> None:
    store = LocalStore.open(home)
    pull(store, *(new_mail(n, text=f"本文 {n} " * 300) for n in range(1, 200)))
    store.close()
    path = home / "cache" / "mail.db"
    content = bytearray(path.read_bytes())
    intact = 80 * 4096  # the schema and the roots of the tables: opening sees nothing wrong
    content[intact:] = b"\xff" * (len(content) - intact)
    path.write_bytes(content)
    broken = LocalStore.open(home, readonly=True)
    assert broken.repairs == ()
    with pytest.raises(StoreCorrupt):
        broken.search(All(), limit=1000)
    broken.close()
    again = LocalStore.open(home)
    assert again.count(All()) == 0
    pull(again, new_mail(1))
    assert again.count(All()) == 1
    again.close()


def test_a_damaged_file_of_drafts_is_kept_for_a_person(home: Path) -> None:
    LocalStore.open(home).close()
    (home / "kept.db").write_bytes(b"garbage" * 5000)
    again = LocalStore.open(home)
    assert again.drafts() == ()
    assert "kept.db.damaged-1" in again.repairs[0]
    assert (home / "kept.db.damaged-1").read_bytes().startswith(b"garbage")
    again.close()


@pytest.mark.parametrize("name", ["cache/mail.db", "kept.db"])
def test_a_newer_store_is_not_touched(home: Path, name: str) -> None:
    LocalStore.open(home).close()
    connection = connect(home / name)
    connection.set_user_version(99)
    connection.close()
    with pytest.raises(StoreTooNew):
        LocalStore.open(home)
    connection = connect(home / name)
    assert connection.user_version == 99
    connection.close()


def test_a_home_that_is_a_file_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a letter")
    with pytest.raises(CannotOpen):
        LocalStore.open(tmp_path / "home")

"""A file that is put to a comment is in the home from then on: what becomes of the original is nobody's business any more."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.domain.comment_files import FILE_AT_MOST
from store.domain.ids import CommentId
from store.local.store import LocalStore
from store.local.waiting_files import WAITING, CannotAttach, WaitingFiles
from store.local.wiping import wipe

C1, C2 = CommentId("c1"), CommentId("c2")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def test_a_file_is_copied_and_is_what_it_was_whatever_becomes_of_the_original(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "見積 (最終).pdf"
    source.write_bytes(b"first")
    waiting = WaitingFiles(home)
    file = waiting.put(C1, source, source.name)
    assert (file.name, file.size_bytes, file.sha256) == (source.name, 5, hashlib.sha256(b"first").hexdigest())
    source.write_bytes(b"changed since")
    source.unlink()
    path = waiting.path(C1, file.sha256)
    assert path is not None
    assert path.read_bytes() == b"first"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    waiting.drop(C1)
    assert waiting.path(C1, file.sha256) is None


def test_what_is_no_file_of_a_size_that_fits_is_refused_in_words_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    waiting = WaitingFiles(home)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    with (tmp_path / "large").open("wb") as large:
        large.truncate(FILE_AT_MOST + 1)
    (tmp_path / "secret").write_bytes(b"x")
    for name, words in (
        ("nothing", "no such file"),
        ("pipe", "no file"),
        ("home", "no file"),
        ("empty", "empty"),
        ("large", "larger than 20 MB"),
        ("nul\0l", "null"),
    ):
        with pytest.raises(CannotAttach, match=words):
            waiting.put(C1, tmp_path / name, "x")
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_a_wiped_home_has_no_files_that_waited(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(b"the customer's")
    home = tmp_path / "home"
    store = LocalStore.open(home)
    store.waiting_files.put(C1, tmp_path / "original", "x")
    store.close()
    wipe(home)
    assert not (home / WAITING).exists()


def test_copies_that_belong_to_no_waiting_comment_go_after_a_week(home: Path, tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(b"x")
    waiting = WaitingFiles(home)
    kept, dropped = waiting.put(C1, tmp_path / "original", "x"), waiting.put(C2, tmp_path / "original", "x")
    waiting.sweep({C1}, datetime.now(UTC) + timedelta(days=6))
    assert waiting.path(C2, dropped.sha256) is not None
    waiting.sweep({C1}, datetime.now(UTC) + timedelta(days=8))
    assert waiting.path(C1, kept.sha256) is not None
    assert waiting.path(C2, dropped.sha256) is None

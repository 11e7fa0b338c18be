"""Saving and opening attachments on this machine."""

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

import tui.words
from tests.waiting import wait_until
from tui.files import CannotWrite, NoOpener, OpenedFiles, download_folder, free_path, open_outside, paths_from, place_for, save
from tui.view.overheard import in_own_words
from tui.view.system_words import system_words


def test_a_saved_file_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    assert save(tmp_path / "a.bin", content)
    assert (tmp_path / "a.bin").read_bytes() == content
    assert stat.S_IMODE((tmp_path / "a.bin").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.bin"]


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    assert not save(tmp_path / "a", b"theirs")
    assert not save(tmp_path / "link", b"theirs")
    assert (tmp_path / "a").read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["a", "link"]
    assert save(tmp_path / "a", b"theirs", overwrite=True)
    assert (tmp_path / "a").read_bytes() == b"theirs"


def test_a_place_that_takes_no_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="none"):
        save(tmp_path / "none" / "a", b"x")


def test_a_number_makes_room_beside_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "見積.pdf").touch()
    assert free_path(tmp_path / "見積.pdf").name == "見積 (2).pdf"


def test_the_downloads_are_where_the_desktop_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert download_folder() == tmp_path
    (tmp_path / "Downloads").mkdir()
    assert download_folder() == tmp_path / "Downloads"
    (tmp_path / "config").mkdir()
    (tmp_path / "ダウンロード").mkdir()
    (tmp_path / "config" / "user-dirs.dirs").write_text('# made by hand\nXDG_DOWNLOAD_DIR="$HOME/ダウンロード"\n')
    assert download_folder() == tmp_path / "ダウンロード"
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "config"))
    assert download_folder() == tmp_path / "config"


def test_a_folder_takes_the_name_and_a_file_is_meant_as_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "orders").mkdir()
    assert place_for("orders", "a.pdf") == tmp_path / "orders" / "a.pdf"
    assert place_for("orders/b.pdf", "a.pdf") == tmp_path / "orders" / "b.pdf"
    assert place_for("~/new/", "a.pdf") == tmp_path / "new" / "a.pdf"


def test_tab_offers_folders_first_and_hidden_ones_only_by_their_dot(tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden", "a.txt"):
        (tmp_path / name).touch()
    (tmp_path / "zoo").mkdir()
    assert paths_from(f"{tmp_path}/") == (f"{tmp_path}/zoo/", f"{tmp_path}/a.txt", f"{tmp_path}/b.txt")
    assert paths_from(f"{tmp_path}/.h") == (f"{tmp_path}/.hidden",)
    assert paths_from(f"{tmp_path}/none/x") == ()


def test_an_attachment_goes_to_the_program_one_named_and_its_copy_goes_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("MADO_OPENER", f"sh -c 'cat \"$1\" > {seen}' sh")
    opened = OpenedFiles(tmp_path / "home")
    path = opened.put("見積.pdf", b"content")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_outside(path, lambda *_: None) == "sh"
    wait_until(lambda: seen.exists() and seen.read_bytes() == b"content", "the program to have read it", 60)
    opened.clear()
    assert not path.exists()
    assert not (tmp_path / "home" / "cache" / "opened").exists()


def test_what_a_crash_left_open_goes_at_the_next_start_and_a_neighbours_stays(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "opened"
    for pid in ("4194305", str(os.getppid())):
        (folder / pid).mkdir(parents=True)
        (folder / pid / "a").touch()
    OpenedFiles(tmp_path).clear()
    assert os.listdir(folder) == [str(os.getppid())]


def test_a_program_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_OPENER", f"{sys.executable} -c 'raise SystemExit(3)'")
    told: list[tuple[str, int]] = []
    heard = threading.Event()
    open_outside(tmp_path, lambda program, code: (told.append((program, code)), heard.set()))
    assert heard.wait(60)
    assert told == [(sys.executable, 3)]


@pytest.mark.parametrize("command", ["/nowhere/opener", "'"])
def test_no_program_to_open_with_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("MADO_OPENER", command)
    with pytest.raises(NoOpener, match="cannot be opened here"):
        open_outside(tmp_path, lambda *_: None)


def test_without_a_desktop_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MADO_OPENER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(NoOpener, match="MADO_OPENER"):
        open_outside(tmp_path, lambda *_: None)


def test_what_the_system_says_of_a_place_is_japanese_where_the_agent_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_LANG", "ja")
    monkeypatch.setattr(tui.words, "_translation", None)
    with pytest.raises(CannotWrite, match="そのファイルやフォルダーはありません"):
        save(tmp_path / "none" / "a.pdf", b"x")
    assert in_own_words(os.strerror(errno.ECONNREFUSED)) == "接続が拒否されました"
    assert system_words("what nobody knows") == "what nobody knows"

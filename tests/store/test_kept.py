"""Hand-kept data: whole after every kill, shared between processes, and set aside when it cannot be read."""

import subprocess
import sys
from pathlib import Path

import pytest

from store.domain.saved_view import Grouping, SavedView, Sort
from store.settings.errors import KeptDamaged
from store.settings.kept import Kept

PROGRAM = Path(__file__).with_name("keeping_process.py")


def test_signatures_views_and_preferences_are_kept(home: Path) -> None:
    kept = Kept(home)
    assert (kept.signature("support"), kept.views(), kept.preference("theme")) == ("", (), None)
    kept.set_signature("support", "佐藤\n○○商店")
    urgent = SavedView("急ぎ", "urgency:very_urgent", "j", Sort.OLDEST, Grouping.OWNER, ("age",))
    kept.save_view(SavedView("急ぎ", "urgency:urgent is:tray"))
    kept.save_view(SavedView("私", "is:mine"))
    kept.save_view(urgent)
    kept.set_preference("theme", "dark")
    again = Kept(home)
    assert again.signature("support") == "佐藤\n○○商店"
    assert again.views() == (urgent, SavedView("私", "is:mine"))
    assert again.preference("theme") == "dark"
    assert [again.drop_view("私"), again.drop_view("私")] == [True, False]
    assert kept.views() == (urgent,)
    assert (home / "kept.json").stat().st_mode & 0o777 == 0o600


def test_two_writers_and_many_kills_lose_nothing_that_was_said_to_be_stored(home: Path) -> None:
    for _ in range(10):
        processes = [subprocess.Popen([sys.executable, str(PROGRAM), str(home), name], stdout=subprocess.PIPE) for name in ("a", "b")]
        told = {}
        for name, process in zip("ab", processes, strict=True):
            for _ in range(3):
                told[name] = int(process.stdout.readline())
        for name, process in zip("ab", processes, strict=True):
            process.kill()
            told[name] = max([told[name], *map(int, process.stdout.read().split())])
            process.wait(10)
            process.stdout.close()
        kept = Kept(home)
        for name in "ab":
            word, number, rest = kept.signature(name).split(" ")
            assert (word, rest) == (name, "署名" * 500)
            assert told[name] <= int(number) <= told[name] + 1


@pytest.mark.parametrize("content", [b"{half", b"[]", b'{"view": []}', b"\xff"])
def test_a_damaged_file_is_set_aside_and_said_so_once(home: Path, content: bytes) -> None:
    home.mkdir()
    (home / "kept.json").write_bytes(content)
    with pytest.raises(KeptDamaged) as caught:
        Kept(home).views()
    assert caught.value.aside.read_bytes() == content
    Kept(home).save_view(SavedView("a", "b"))
    assert Kept(home).views() == (SavedView("a", "b"),)


def test_no_unfinished_file_is_left_behind(home: Path) -> None:
    Kept(home).set_signature("a", "b")
    assert sorted(path.name for path in home.iterdir()) == ["kept.json", "kept.json.lock"]


def test_searches_are_kept_newest_last_each_once_and_not_for_ever(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    for text in ("返品", "from:a", "返品", "x", "y"):
        kept.remember_search(text, at_most=3)
    assert Kept(tmp_path).searches() == ("返品", "x", "y")


def test_reading_brings_no_folder_back_that_somebody_moved_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert Kept(home).signature("support") == ""
    assert not home.exists()

"""The start: something on the screen before anything heavy is imported, and nothing else than ours under our names."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tui.entry import foreign_rooms

COUNT = """
import sys
before = set(sys.modules)
sys.argv = ["mado"]
import tui.entry as entry
entry.foreign_rooms()
entry._home_only([])
import os
entry.splash = lambda: None
print(len(set(sys.modules) - before), sorted(set(sys.modules) - before))
"""


def test_at_most_40_modules_are_imported_before_the_splash() -> None:
    said = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    assert int(said.split()[0]) <= 40, said
    assert "textual" not in said


def test_no_other_distribution_owns_our_names_here() -> None:
    assert foreign_rooms() == []
    owners = packages_distributions()
    assert {name: owners.get(name, []) for name in ("tui", "mailsync", "store") if set(owners.get(name, [])) - {"madoguchi"}} == {}


def test_a_foreign_package_of_the_same_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "__init__.py").write_text("")
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parents[2])!r}]; sys.argv = ['mado']; import tui.entry; tui.entry.main()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "another distribution owns store" in ended.stderr


def test_without_a_terminal_it_says_so() -> None:
    ended = subprocess.run([sys.executable, "-m", "tui.entry"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode == 1
    assert "needs a terminal" in ended.stderr

"""What is shipped: three folders, one command, and names that belong to nobody else here."""

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_our_three_names_belong_to_us_alone() -> None:
    """They are generic; beside another distribution that owns one of them the program refuses to run."""
    owners = importlib.metadata.packages_distributions()
    for name in ("tui", "mailsync", "store"):
        assert set(owners.get(name, ["madoguchi"])) == {"madoguchi"}


def test_the_wheel_holds_the_three_folders_and_nothing_else(tmp_path: Path) -> None:
    program = f"from hatchling.build import build_wheel; print(build_wheel({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"tui", "mailsync", "store"}
    assert any(name.endswith(".tcss") for name in names)
    assert any(name.endswith("mado.mo") for name in names)


def test_no_lock_or_file_of_ours_names_a_place_of_one_machine() -> None:
    """A lock with an index's address installs on one network only."""
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text, name
        assert "/opt/" not in text, name

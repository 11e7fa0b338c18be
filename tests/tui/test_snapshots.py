"""Every screen looks as it did when somebody last looked at its picture."""

from pathlib import Path

import pytest

from tests.tui.snapshots import FOLDER, LANGUAGES, SIZES, STEPS, pictures


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_every_screen_looks_as_in_its_picture(tmp_path: Path, columns: int, rows: int, language: str) -> None:
    """Meant to be so? `python -m tests.tui.snapshots --update`, look at the pictures, commit them."""
    differing = [name for name, same in pictures(tmp_path / "home", columns, rows, language, FOLDER, update=False) if not same]
    assert not differing


def test_there_is_a_picture_of_every_screen_and_none_of_what_is_gone() -> None:
    wanted = {f"{step.name}-{columns}x{rows}-{language}.svg" for step in STEPS for columns, rows in SIZES for language in LANGUAGES}
    assert {file.name for file in FOLDER.iterdir()} == wanted

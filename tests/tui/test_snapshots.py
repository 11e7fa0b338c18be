"""Every screen looks as it did when somebody last looked at its picture."""

from pathlib import Path

import pytest

from tests.tui.snapshots import FOLDER, LANGUAGES, SIZES, STEPS, pictures

ROUNDS = [(*size, language) for size in SIZES for language in LANGUAGES]
EVERY_TIME = (80, 24, "ja")
"""The others take a minute, and are looked at by `make soak` and `make snapshots`."""


@pytest.mark.parametrize(
    ("columns", "rows", "language"), [each if each == EVERY_TIME else pytest.param(*each, marks=pytest.mark.soak) for each in ROUNDS]
)
def test_every_screen_looks_as_in_its_picture(tmp_path: Path, columns: int, rows: int, language: str) -> None:
    """Meant to be so? `python -m tests.tui.snapshots --update`, look at the pictures, commit them."""
    differing: list[str] = []
    for name, same in pictures(tmp_path / "home", columns, rows, language, FOLDER, update=False):
        if not same:
            differing.append(name)
        # Each of them is waited for; more than two say no more.
        if len(differing) > 2:
            break
    assert not differing


def test_every_picture_is_one() -> None:
    """A screen that was caught half painted is none."""
    assert [file.name for file in FOLDER.iterdir() if not file.read_text("utf-8").endswith("</svg>\n")] == []


def test_there_is_a_picture_of_every_screen_and_none_of_what_is_gone() -> None:
    wanted = {f"{step.name}-{columns}x{rows}-{language}.svg" for step in STEPS for columns, rows in SIZES for language in LANGUAGES}
    assert {file.name for file in FOLDER.iterdir()} == wanted

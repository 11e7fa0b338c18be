"""docs/keystrokes.md counts the keys of a task: each of ours does what it says, and where a peer needs as few it says why."""

import re
from pathlib import Path

import pytest

from tui.view.commands.command import Place
from tui.view.keys.keymap import DEFAULT

TABLE = (Path(__file__).parents[2] / "docs" / "keystrokes.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if re.match(r"\| \d+ \|", line)]
MANY = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if re.match(r"\| [a-f] \|", line)]
NAMES = {"Enter": "enter"}
BEGINS = (
    "enter", "next", "reply", "reply", "reply-all", "forward", "take", "assign", "hand-over", "done", "done", "snooze",
    "status", "tag", "comment", "undo", "search", "find", "timeline", "view-mine",
)  # fmt: skip
"""The command that a task's first key asks for, row by row."""
MANYS = (("mark", "tag"), ("mark", "done"), ("mark", "down", "down", "down", "mark-range"), ("repeat",), ("next-best",), ("undo",))
"""The commands that the keys of the second table ask for at the list, up to the question."""
TEN = 10
IN_COMPOSER = {"^S": "send", "^T": "template"}


def keys_of(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def name_of(key: str) -> str:
    return NAMES.get(key, f"ctrl+{key[1:].lower()}" if key.startswith("^") else key)


def test_there_are_twenty_tasks() -> None:
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 21)]
    assert len(BEGINS) == len(ROWS)


@pytest.mark.parametrize(("row", "command"), list(zip(ROWS, BEGINS, strict=True)), ids=[row[1] for row in ROWS])
def test_our_keys_do_what_the_table_says(row: list[str], command: str) -> None:
    keys = keys_of(row[2])
    assert int(row[3]) == len(keys)
    heard = DEFAULT.hear(name_of(keys[0]), "", Place.READING if command in ("next", "find") else Place.LIST).command
    assert heard is not None
    assert heard.name == command
    for key in keys[1:]:
        if key in IN_COMPOSER:
            found = DEFAULT.hear(name_of(key), "", Place.COMPOSER).command
            assert found is not None
            assert found.name == IN_COMPOSER[key]


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_where_a_peer_needs_as_few_or_fewer_the_table_says_why(row: list[str]) -> None:
    peers = [int(cell) for cell in row[4:10] if cell != "–"]
    if peers and min(peers) <= int(row[3]):
        assert row[10]


@pytest.mark.parametrize(("row", "commands"), list(zip(MANY, MANYS, strict=True)), ids=[row[1] for row in MANY])
def test_the_keys_for_many_at_a_time_do_what_the_table_says(row: list[str], commands: tuple[str, ...]) -> None:
    keys = keys_of(row[2])
    assert int(row[3]) == len(keys) + (TEN - 1 if "ten times" in row[2] else 0)
    heard = [DEFAULT.hear(name_of(key), "", Place.LIST).command for key in keys[: len(commands)]]
    assert [each.name for each in heard if each is not None] == list(commands)

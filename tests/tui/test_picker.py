"""Picking a status: by its letter at once, and by typing where a team has made more than stand in the box."""

import pytest
from textual.app import App

from tui.screens.picker import SHOWN, Picker, Picking, Room, room_for
from tui.view.choosing import Choice

MANY = (*(Choice(f"s{n}", f"状態 {n}", letter="d" if n == 3 else "") for n in range(SHOWN + 1)), Choice("hen", "返品待ち"))
FEW = MANY[:SHOWN]
NOTHING = "nothing was picked"


class Box(App[None]):
    """A terminal with nothing but the picker."""

    def __init__(self, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self.picker = Picker(Picking("Status", choices, by_letter=True))
        self.picked: str | None = NOTHING

    def on_mount(self) -> None:
        self.push_screen(self.picker, self.keep)

    def keep(self, picked: str | None) -> None:
        self.picked = picked


@pytest.mark.parametrize(
    ("typed", "picked"),
    [
        (("d",), "s3"),
        (("/", "返", "enter"), "hen"),
        (("返", "品", "enter"), "hen"),
        (("1", "0", "enter"), "s10"),
        (("/", "d", "escape"), None),
        (("/", "x", "x", "enter"), NOTHING),
        (("j", "j", "enter"), "s2"),
        (("end",), NOTHING),
    ],
)
async def test_many_statuses_are_picked_by_letter_or_by_typing(typed: tuple[str, ...], picked: str | None) -> None:
    box = Box(MANY)
    async with box.run_test() as pilot:
        await pilot.press(*typed)
        await pilot.pause()
    assert box.picked == picked


def test_at_a_low_terminal_what_can_be_picked_is_seen_before_what_it_is_about() -> None:
    assert room_for(50, 1, 3, 20) == Room(3, 20, has_hint=True)
    assert room_for(24, 1, 3, 20) == Room(3, 14, has_hint=True)
    assert room_for(12, 1, 3, 4) == Room(3, 3, has_hint=True)
    assert room_for(8, 2, 3, 4) == Room(3, 0, has_hint=False)
    assert room_for(24, 2, 40, 0) == Room(SHOWN, 0, has_hint=True)
    assert room_for(6, 1, 0, 0) == Room(1, 0, has_hint=True)


async def test_of_a_few_nothing_is_typed() -> None:
    box = Box(FEW)
    async with box.run_test() as pilot:
        await pilot.press("x", "/", "1", "enter")
        await pilot.pause()
        assert not box.picker.query("Input")
    assert box.picked == "s0"

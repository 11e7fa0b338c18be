"""Picking a status: by its letter at once, and by typing where a team has made more than stand in the box."""

import pytest
from textual.app import App

from tui.screens.picker import SHOWN, Picker, Picking, Room, beyond, room_for
from tui.view.choosing import Choice
from tui.widgets.lines_pane import LinesPane

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


def test_how_many_choices_are_out_of_sight_is_said_on_each_side() -> None:
    assert (beyond(0, 10, 10), beyond(0, 10, 15), beyond(3, 10, 15), beyond(5, 10, 15)) == ("", "  ↓5", "  ↑3  ↓2", "  ↑5")


async def test_of_a_few_nothing_is_typed() -> None:
    box = Box(FEW)
    async with box.run_test() as pilot:
        await pilot.press("x", "/", "1", "enter")
        await pilot.pause()
        assert not box.picker.query("Input")
    assert box.picked == "s0"


@pytest.mark.parametrize(("keys", "row", "picked"), [((), 2, "s2"), (("j",) * SHOWN, 0, "s1"), (("/", "返"), 0, "hen"), (("/", "返"), 1, NOTHING)])
async def test_a_click_picks_the_choice_it_meets_wherever_the_list_has_been_moved_to(keys: tuple[str, ...], row: int, picked: str) -> None:
    box = Box(MANY)
    async with box.run_test() as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.click("#lines", offset=(3, row))
        await pilot.pause()
        if picked == NOTHING:
            assert box.picker.query_one("#typed").has_focus
    assert box.picked == picked


async def test_what_can_be_no_choice_says_why_and_an_empty_list_how_to_make_one() -> None:
    box = Box(())
    box.picker = Picker(
        Picking("Tag", (), making=lambda typed: None if " " in typed else Choice(typed, typed), first="Type one.", unfit="No blanks.")
    )
    async with box.run_test() as pilot:
        await pilot.pause()
        lines = box.picker.query_one("#lines", LinesPane)
        assert lines.lines[0].text == "Type one."
        await pilot.press("a", "space", "b", "enter")
        await pilot.pause()
        assert lines.lines[0].text == "No blanks."
        await pilot.press("backspace", "backspace", "enter")
        await pilot.pause()
    assert box.picked == "a"

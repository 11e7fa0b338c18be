"""Keys, commands and the help that reads them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.color import ColorSystem

import tui
from store.domain.people import Role
from tui.actions.moving import MOVES
from tui.actions.registry import DEEDS
from tui.screens.commanding import HERE
from tui.view.availability import Situation, why_not
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME, COMMANDS, commands_at
from tui.view.helping import FOOTER, footer_words, help_lines
from tui.view.keys.keymap import DEFAULT
from tui.view.tones import TONES, painted
from tui.widgets.toned import style_of

NOBODY = Situation(None, None, has_team=False, connected=False)


def test_no_key_asks_for_two_things_in_one_place() -> None:
    assert DEFAULT.conflicts() == []


def test_every_command_of_the_key_map_can_be_done_and_no_other() -> None:
    desk = {command.name for command in COMMANDS if Place.COMPOSER not in command.places}
    assert desk == set(MOVES) | set(DEEDS) | set(HERE)
    assert not set(MOVES) & set(DEEDS)


def test_the_fixed_keys_are_where_everybody_expects_them() -> None:
    expected = {"j": "down", "k": "up", "G": "bottom", "ctrl+d": "page-down", "ctrl+u": "page-up", "enter": "enter", "/": "search", "?": "help"}
    expected |= {":": "command", "q": "quit", "r": "reply", "c": "comment", "i": "take", "a": "assign", "s": "status", "e": "done", "u": "undo"}
    for key, name in expected.items():
        heard = DEFAULT.hear(key, "", Place.LIST).command
        assert heard is not None
        assert heard.name == name


def test_gg_is_one_key_pressed_twice() -> None:
    first = DEFAULT.hear("g", "", Place.LIST)
    assert first.command is None
    second = DEFAULT.hear("g", first.waiting, Place.LIST).command
    assert second is not None
    assert second.name == "top"


def test_d_does_nothing() -> None:
    assert all(DEFAULT.hear("d", "", place).command is None for place in Place)


def test_r_does_nothing_while_the_comments_have_the_focus() -> None:
    assert DEFAULT.hear("r", "", Place.COMMENTS).command is None


def test_the_help_shows_every_command_of_the_place_and_says_why_not() -> None:
    for place in Place:
        said = "\n".join(line.text for line in help_lines(place, NOBODY))
        assert all(f":{command.name}" in said for command in commands_at(place))
    assert "There is no conversation here." in "\n".join(line.text for line in help_lines(Place.LIST, NOBODY))


def test_the_help_is_searched_by_typing() -> None:
    found = "\n".join(line.text for line in help_lines(Place.LIST, NOBODY, typed="quot"))
    assert ":fold" in found
    assert ":quit" not in found


def test_the_footer_names_keys_that_work() -> None:
    for place, names in FOOTER.items():
        assert {BY_NAME[name] for name in names} <= set(commands_at(place))
        assert footer_words(place)


def test_what_needs_a_conversation_says_so() -> None:
    assert why_not(BY_NAME["reply"], NOBODY)
    assert why_not(BY_NAME["down"], NOBODY) is None


def test_what_a_guest_may_not_do_is_in_no_help_and_no_footer_and_pressed_anyway_it_says_why() -> None:
    guest = Situation(None, None, has_team=True, connected=True, role=Role.GUEST)
    said = "\n".join(line.text for line in help_lines(Place.LIST, guest))
    assert ":reply" not in said
    assert ":merge" not in said
    assert ":comment" in said
    assert footer_words(Place.LIST, Role.GUEST) == footer_words(Place.LIST).replace("r reply  i take  e done  ", "")
    assert "Guests" in (why_not(BY_NAME["take"], guest) or "")
    assert ":merge" in "\n".join(line.text for line in help_lines(Place.LIST, replace(guest, role=Role.AGENT)))


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("colours", [True, False])
def test_the_first_picture_and_the_app_paint_a_tone_in_the_same_bytes(tone: str, colours: bool) -> None:
    style = style_of(tone, colours=colours)
    assert (style.render("x", color_system=ColorSystem.TRUECOLOR) if style else "x") == painted("x", tone, colours=colours)


def test_every_tone_that_is_said_exists() -> None:
    view = "".join(path.read_text() for folder in ("view", "screens", "widgets") for path in (Path(tui.__file__).parent / folder).glob("*.py"))
    said = set(re.findall(r'Span\([^()]*(?:\([^()]*\)[^()]*)*, "([a-z-]+)"\)', view)) | set(
        re.findall(r'line\([^()]*(?:\([^()]*\)[^()]*)*, "([a-z-]+)"\)', view)
    )
    assert said <= set(TONES)
    assert len(said) > 8

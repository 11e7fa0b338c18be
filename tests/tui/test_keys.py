"""Keys, commands and the help that reads them."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.color import ColorSystem
from textual import events
from textual.app import App, ComposeResult

import tui
from store.domain.people import Role
from store.domain.query import parse_query
from store.domain.saved_view import Sort
from tests.rows import row
from tui.actions.arguments import VALUES
from tui.actions.moving import MOVES
from tui.actions.registry import DEEDS
from tui.keyboard import apart
from tui.screens.commanding import HERE
from tui.view.availability import Situation, why_not
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME, COMMANDS, EVERY, commands_at
from tui.view.footer import footer_names, footer_words
from tui.view.helping import help_lines
from tui.view.keys.keymap import DEFAULT
from tui.view.keys.making import CANNOT_DO_WITHOUT, PRESET, made, preset_map
from tui.view.keys.presets import PRESETS
from tui.view.keys.reading import count_with, key_named, types_text
from tui.view.keys.spelling import spelled
from tui.view.look import THEMES, Look
from tui.view.tones import TONES, painted
from tui.widgets.body import Body
from tui.widgets.field import Field
from tui.widgets.toned import style_of

NOBODY = Situation(None, None, has_team=False, connected=False)


def test_no_key_asks_for_two_things_in_one_place() -> None:
    assert DEFAULT.conflicts() == []


@pytest.mark.parametrize("preset", PRESETS)
def test_in_every_preset_no_key_asks_for_two_things_and_every_command_can_be_asked_for(preset: str) -> None:
    keys = preset_map(preset)
    assert keys.conflicts() == []
    assert set(PRESETS[preset].keys) <= set(BY_NAME)
    for command in EVERY:
        by_name = command in COMMANDS and not command.places & {Place.COMPOSER} and keys.keys_of(BY_NAME["command"])
        in_the_menu = Place.COMPOSER in command.places and keys.keys_of(BY_NAME["more"])
        assert by_name or in_the_menu or keys.keys_of(command), command.name
        for place in command.places:
            for chord in keys.keys_of(command):
                waiting, heard = "", None
                for key in chord.split():
                    heard = keys.hear(key, waiting, place)
                    waiting = heard.waiting
                assert heard is not None
                assert heard.command is command
    assert all(keys.keys_of(BY_NAME[name]) for name in CANNOT_DO_WITHOUT)
    assert PRESET not in {command.name for command in EVERY}


def test_in_mutts_preset_digits_count_and_views_stand_behind_g() -> None:
    keys = preset_map("mutt")
    assert keys.counts
    assert keys.keys_of(BY_NAME["view-mine"])[0] == "g 2"
    assert keys.hear("q", "", Place.READING).command is keys.hear("q", "", Place.LIST).command is BY_NAME["close"]
    assert count_with(count_with(0, "1") or 0, "0") == 10
    assert count_with(0, "0") is None
    assert count_with(4, "j") is None
    assert count_with(999, "9") == 999


def test_ones_own_keys_win_and_what_they_cost_is_said() -> None:
    found = made({"done": ["Y", "^E"], "tag": "e", "take": ["gi"], "down": ["t", "Down"]})
    assert found.keys.keys_of(BY_NAME["done"]) == ("Y", "ctrl+e")
    assert found.keys.keys_of(BY_NAME["take"]) == ("g i",)
    by_name = {command.name: command for command in EVERY}
    assert found.keys.keys_of(by_name["page-line-down"]) == ("t", "down"), "a page goes by the keys of the list"
    assert found.keys.conflicts() == []
    assert found.problems == ()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"preset": "vim"}, "there are default, mutt, gmail"),
        ({"dnoe": "x"}, "dnoe: there is no such command"),
        ({"done": "ctrl+1"}, "no terminal sends “ctrl+1”"),
        ({"done": "s"}, "s is done now; status has lost it"),
        ({"bottom": "g"}, "g is bottom now; top has lost it"),
        ({"done": "Q", "take": "Q"}, "Q: take and done (list, reading, comments)"),
        ({"quit": []}, "quit: it needs a key; it keeps q"),
        ({"send": "x"}, "x types a letter there"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_in_the_settings_of_keys_is_said_and_there_is_a_map_all_the_same(settings: dict[str, object], said: str) -> None:
    found = made(settings)
    assert said in " ".join(found.problems)
    assert all(found.keys.keys_of(BY_NAME[name]) for name in CANNOT_DO_WITHOUT)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("x", "x"),
        ("gi", "g i"),
        ("g i", "g i"),
        ("^X", "ctrl+x"),
        ("C-x", "ctrl+x"),
        ("Enter", "enter"),
        ("^M", "enter"),
        ("PgDn", "pagedown"),
        ("F7", "f7"),
        (" ", "space"),
        ("ctrl+1", None),
        ("", None),
        ("\x1b", None),
    ],
    ids=repr,
)
def test_keys_are_read_as_people_write_them(written: str, key: str | None) -> None:
    assert spelled(written) == key


def test_a_key_typed_with_an_input_method_left_on_is_the_key() -> None:
    assert [key_named("x", typed) for typed in "ｊ５：？"] == ["j", "5", ":", "?"]
    assert key_named("escape", "\x1b") == "escape"


@pytest.mark.parametrize(
    ("character", "types"), [("\u3000", True), ("\u00a0", True), ("\u200d", True), ("返", True), ("\x1b", False), ("\u202e", False), (None, False)]
)
def test_what_an_input_method_types_is_text_and_what_steers_is_not(character: str | None, types: bool) -> None:
    assert types_text(character) is types


class Typing(App[None]):
    """A terminal with a field and a text."""

    def compose(self) -> ComposeResult:
        yield Field(id="field")
        yield Body("")


async def test_the_wide_blank_of_an_input_method_stands_in_the_text_and_turns_the_page_elsewhere() -> None:
    app = Typing()
    async with app.run_test() as pilot:
        field, body = app.query_one(Field), app.query_one(Body)
        for written in (field, body):
            written.focus()
            for character in "返品\u3000交換":
                (key,) = apart(events.Key(character, character), written)
                written.post_message(key)
        await pilot.pause()
        assert field.value == body.text == "返品\u3000交換"
    assert parse_query("返品\u3000交換") == parse_query("返品 交換")
    assert key_named("ideographic_space", "\u3000") == key_named("space", " ") == "space"


def test_every_command_of_the_key_map_can_be_done_and_no_other() -> None:
    desk = {command.name for command in COMMANDS if Place.COMPOSER not in command.places}
    assert desk == set(MOVES) | set(DEEDS) | set(HERE)
    assert not set(MOVES) & set(DEEDS)


def test_tab_offers_what_can_stand_behind_a_command_and_says_what_it_is(speak: Callable[[str], None]) -> None:
    assert set(VALUES) <= set(BY_NAME)
    speak("en")
    sorts = dict(VALUES["sort"](None))
    assert set(sorts) == set(Sort)
    assert sorts["oldest"] == "whose last mail is the oldest"
    assert [value for value, _words in VALUES["theme"](None)] == list(THEMES)
    assert {value for value, _words in VALUES["advance"](None)} == {"next", "stay"}


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


def test_what_needs_a_conversation_says_so() -> None:
    assert why_not(BY_NAME["reply"], NOBODY)
    assert why_not(BY_NAME["down"], NOBODY) is None


def test_a_home_without_an_inbox_offers_nothing_that_needs_one() -> None:
    nowhere = replace(NOBODY, has_inbox=False)
    assert footer_names(Place.LIST, NOBODY) == ("view-tray", "view-all", "search", "new", "help")
    assert footer_names(Place.LIST, nowhere) == ("view-tray", "view-all", "help")
    assert "mado join" in (why_not(BY_NAME["search"], nowhere) or "")


def test_what_a_guest_may_not_do_is_in_no_help_and_no_footer_and_pressed_anyway_it_says_why() -> None:
    guest = Situation(None, None, has_team=True, connected=True, role=Role.GUEST)
    said = "\n".join(line.text for line in help_lines(Place.LIST, guest))
    assert ":reply" not in said
    assert ":merge" not in said
    assert ":comment" in said
    assert not {"reply", "take", "done"} & set(footer_words(Place.LIST, guest).split())
    assert "Guests" in (why_not(BY_NAME["take"], guest) or "")
    assert ":merge" in "\n".join(line.text for line in help_lines(Place.LIST, replace(guest, role=Role.AGENT)))


@pytest.mark.parametrize(("depth", "system"), [(0, "STANDARD"), (16, "STANDARD"), (256, "EIGHT_BIT"), (1 << 24, "TRUECOLOR")])
def test_the_first_picture_and_the_app_paint_a_tone_in_the_same_bytes(depth: int, system: str) -> None:
    for theme, tone in itertools.product(THEMES, TONES):
        look = Look(theme, depth)
        style = style_of(tone, look)
        with row((theme, tone)):
            assert (style.render("x", color_system=ColorSystem[system]) if style else "x") == painted("x", tone, look)


def test_every_tone_that_is_said_exists() -> None:
    view = "".join(path.read_text() for folder in ("view", "screens", "widgets") for path in (Path(tui.__file__).parent / folder).glob("*.py"))
    said = set(re.findall(r'Span\([^()]*(?:\([^()]*\)[^()]*)*, "([a-z-]+)"\)', view)) | set(
        re.findall(r'line\([^()]*(?:\([^()]*\)[^()]*)*, "([a-z-]+)"\)', view)
    )
    assert said <= set(TONES)
    assert len(said) > 8

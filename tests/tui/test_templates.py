"""Templates in the composer: found while typing, merged for this customer, settled when they change under the text, and quick with thousands."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.app import App

from store.domain.commands import SubmitReply
from store.domain.events import TemplateSaved
from store.domain.ids import TemplateKey
from store.domain.template import Template, TemplateRef, own_key
from store.local.store import LocalStore
from tests.mado_screen import MadoScreen
from tests.tui.at_screen import shown
from tests.tui.home_builder import SATO, TANAKA, HomeBuilder
from tui.screens.templates import TemplatePicker, shares
from tui.view.template_search import Shelf, entries_of, folders_in, found, short_code

SORRY = Template(TemplateKey("返信/お詫び"), "お詫び", "{{customer}} 様\n\n3日以内にお届けします。\nどうぞよろしく。", hot_key="ow")
THANKS = Template(TemplateKey("返信/お礼"), "オレイ", "ありがとうございます。{{内線}}", hot_key="t")
OWN = Template(own_key(SATO, "癖"), "癖", "佐藤です。", person=SATO)
OTHERS = Template(own_key(TANAKA, "x"), "田中の秘密", "田中です。", person=TANAKA)
MANY = tuple(Template(TemplateKey(f"k{n}"), f"定型 {n}", f"本文 {n} " + "あいうえおかきくけこ" * 20, folder=(f"組{n % 40}",)) for n in range(2000))


# Searching.


def names(typed: str, folder: str = "") -> list[str]:
    return [entry.template.name for entry in found(entries_of((SORRY, THANKS, OWN), {OWN.key: 3, SORRY.key: 1}), typed, folder)]


def test_the_most_used_comes_first_until_something_is_typed() -> None:
    assert names("") == ["癖", "お詫び", "オレイ"]


def test_the_customers_language_comes_before_what_is_used_more() -> None:
    answer = Template(
        TemplateKey("en/answer"),
        "First answer",
        "Dear {{customer}},\n\nthank you for writing to us. We will look into it and come back to you today.",
    )
    for language, order in {
        "ja": ["お詫び", "癖", "First answer"],
        "en": ["First answer", "癖", "お詫び"],
        "": ["First answer", "お詫び", "癖"],
    }.items():
        entries = Shelf().entries((SORRY, OWN, answer), {answer.key: 9, SORRY.key: 1}, language)
        assert [entry.template.name for entry in entries] == order, f"for {language or 'no language'}; the own one is too short to be in any"
    assert [entry.template.name for entry in found(Shelf().entries((SORRY, answer), {}, "ja"), "customer")] == ["お詫び", "First answer"]


@pytest.mark.parametrize(
    ("typed", "first"), [("ow", "お詫び"), ("おれい", "オレイ"), ("ｵﾚｲ", "オレイ"), ("お届け 3日", "お詫び"), ("返信 詫", "お詫び"), ("さとう", None)]
)
def test_it_is_found_by_hot_key_name_folder_and_text_however_it_is_typed(typed: str, first: str | None) -> None:
    assert (names(typed)[:1] or [None])[0] == first


def test_a_folder_holds_its_own_folders_too() -> None:
    deep = replace(SORRY, key=TemplateKey("a"), name="deep", folder=("返信", "至急"))
    entries = entries_of((SORRY, deep, OWN), {})
    assert folders_in(entries) == ("返信", "返信/至急")
    assert [entry.template.name for entry in found(entries, "", "返信")] == ["お詫び", "deep"]
    assert names("", "返信") == ["お詫び", "オレイ"]


# The picker.


class Box(App[None]):
    """A terminal with nothing but the picker."""

    CSS_PATH = str(Path(__file__).parents[2] / "tui/styles/desk.tcss")

    def __init__(self, templates: tuple[Template, ...]) -> None:
        super().__init__()
        self.picker = TemplatePicker()
        self.templates = templates
        self.picked: str | None = "nothing was picked"

    async def on_mount(self) -> None:
        await self.push_screen(self.picker, self.keep)
        self.picker.begin(entries_of(self.templates, {}), {"customer": "山田"})

    def keep(self, picked: str | None) -> None:
        self.picked = picked


@pytest.mark.parametrize(
    ("typed", "picked"),
    [
        (("t",), THANKS.key),
        (("o", "w", "enter"), SORRY.key),
        (("お", "礼", "enter"), THANKS.key),
        (("escape",), None),
        (("tab", "down", "enter"), SORRY.key),
    ],
)
async def test_one_or_two_keys_pick_a_template(typed: tuple[str, ...], picked: str | None) -> None:
    box = Box((SORRY, THANKS))
    async with box.run_test(size=(80, 24)) as pilot:
        await pilot.press(*typed)
        await pilot.pause()
    assert box.picked == picked


def test_list_and_preview_leave_the_hint_its_line_at_any_height() -> None:
    assert {height: shares(height, 2_000) for height in (8, 24, 50)} == {8: (1, 0), 24: (8, 7), 50: (8, 12)}
    assert shares(24, 3) == (3, 12)
    assert shares(24, 0) == (1, 12)


async def test_the_keys_of_the_picker_are_seen_at_80x24() -> None:
    box = Box(MANY)
    async with box.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        hint = box.screen.query_one("#hint")
        assert hint.region.bottom <= box.screen.query_one("#box").content_region.bottom, "it stands within the box"


def test_two_thousand_templates_are_narrowed_in_no_time() -> None:
    entries = entries_of(MANY, {})
    begun = time.thread_time()
    for typed in ("定", "定型", "定型 1", "定型 19", "けこ", "本文 1999"):
        assert found(entries, typed)
    assert time.thread_time() - begun < 6, "a key may take 50 ms; this is for a machine that does much else"


# At the screen.


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[HomeBuilder]:
    builder = HomeBuilder(tmp_path / "home")
    builder.mail("納期")
    builder.tell(None, *(TemplateSaved(one) for one in (SORRY, THANKS, OWN)))
    yield builder
    builder.close()


def test_a_template_that_changes_under_the_text_is_offered_and_what_was_edited_is_kept(builder: HomeBuilder) -> None:
    env = {"MADO_LANG": "ja", "PYTHONPATH": str(Path(__file__).parents[2])}
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "納期", "サーバー")
        screen.press("r")
        shown(screen, "^S")
        screen.press("\x14")
        shown(screen, "定型文 (3)")
        screen.press("ow")
        shown(screen, "山田 花子 様")
        screen.press("\r")
        shown(screen, "3日以内にお届けします。")
        screen.press("追伸。")
        shown(screen, "追伸。")
        builder.tell(None, TemplateSaved(replace(SORRY, version=2, body=SORRY.body.replace("3日", "5日"))))
        shown(screen, "定型文「お詫び」が更新されました")
        screen.press("\x13")
        shown(screen, "- 3日以内", "+ 5日以内")
        screen.press("m")
        shown(screen, "返信は復旧まで手元で")
    store = LocalStore.open(builder.home)
    (sent,) = [waiting.command for waiting in store.pending() if isinstance(waiting.command, SubmitReply)]
    (kept,) = store.drafts()
    store.close()
    assert sent.templates == (TemplateRef(SORRY.key, 2),)
    assert kept.body.startswith("山田 花子 様\n\n5日以内にお届けします。\nどうぞよろしく。追伸。\n"), "the cursor stood behind the template"


def test_everybody_is_told_once_of_a_new_version_and_not_of_all_that_there_was_before(builder: HomeBuilder) -> None:
    news = builder.store.template_news
    assert news.take() == (), "all of them are new to a new home"
    newer = replace(SORRY, version=2, body="深くお詫びします。")
    builder.tell(None, TemplateSaved(newer))
    assert news.take() == (newer,)
    assert news.take() == ()
    again = LocalStore.open(builder.home)
    assert again.template_news.take() == (), "another terminal of the same person"
    gone = replace(newer, version=3, withdrawn=True)
    builder.tell(None, TemplateSaved(gone))
    assert news.take() == (gone,)
    again.close()


def test_an_empty_field_stops_the_send_until_it_is_filled(builder: HomeBuilder) -> None:
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "納期", "Server away")
        screen.press("r")
        shown(screen, "^S send")
        screen.press("\x14")
        shown(screen, "Template (3)")
        screen.press("t")
        shown(screen, "Still to be filled in: 内線")
        screen.press("\x13")
        shown(screen, "The field 内線 is empty")
        screen.press("1234\r")
        shown(screen, "the reply waits here")
    store = LocalStore.open(builder.home)
    (kept,) = store.drafts()
    store.close()
    assert kept.body.startswith("ありがとうございます。1234\n")


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        (";ow", "ow"),
        ("お世話になります。；ＯＷ", "ow"),
        ("see ;t", "t"),
        ("a;b", None),
        ("; ", None),
        (";", None),
    ],
)
def test_a_short_code_is_read_as_an_input_method_writes_it_and_never_within_a_word(before: str, meant: str | None) -> None:
    found = short_code(before)
    assert (found[1] if found else None) == meant


def test_a_short_code_and_tab_put_the_template_in_and_what_is_typed_behind_comes_behind(builder: HomeBuilder) -> None:
    env = {"MADO_LANG": "ja", "PYTHONPATH": str(Path(__file__).parents[2])}
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "納期", "サーバー")
        # In one go, as fast hands do it: nothing of it may be lost or overtake the template.
        screen.press("r;ow\t追伸。")
        shown(screen, "3日以内にお届けします。", "どうぞよろしく。追伸。")
        screen.press("\r;zz\t")
        shown(screen, "短縮キー;zzの定型文はありません。", ";zz")
        screen.press("\x1b")
        shown(screen, "下書き")
    store = LocalStore.open(builder.home)
    (kept,) = store.drafts()
    store.close()
    assert kept.body.startswith("山田 花子 様\n\n3日以内にお届けします。\nどうぞよろしく。追伸。\n;zz\n")
    assert [one.key for one in kept.inserted] == [SORRY.key]

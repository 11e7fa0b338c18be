"""Templates as files: byte for byte there and back, safe names, and nothing that both sides changed is overwritten."""

import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from store.domain.ids import TemplateKey
from store.domain.team_templates import HOT_KEY, LINE
from store.domain.template import Template
from tests.cli.home import Home
from tui.cli.template_plan import BEHIND, CONFLICT, REMOVE, SAME, SAVE, WRITE, Known, index_text, plan_export, plan_import, read_index
from tui.cli.template_text import Unreadable, content_of, digest_of, parse, render, safe_name

SORRY = Template(TemplateKey("返信/お詫び"), "お詫び", "申し訳ございません。\n")
WHERE = PurePosixPath("返信/お詫び.txt")

plain = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), min_size=1, max_size=12)
tidy = lines.map(lambda text: " ".join(text.split())).filter(lambda text: bool(text) and LINE.fullmatch(text) is not None)
parts = tidy.filter(lambda text: "/" not in text)
bodies = st.lists(
    st.sampled_from(["Key: x", "Name:", "", "\n", "\r\n", "本文", "\ufeff", " ", "Note: y", "\t", "\r"]) | st.text(plain, max_size=6),
    max_size=6,
).map("".join).filter(lambda text: bool(text.strip()))  # fmt: skip
templates = st.builds(
    Template,
    tidy,
    tidy,
    bodies,
    subject=st.none() | tidy,
    folder=st.none() | st.lists(parts, max_size=3).map(tuple),
    hot_key=st.from_regex(HOT_KEY, fullmatch=True),
    inboxes=st.lists(st.sampled_from(["support", "sales"]), max_size=2, unique=True).map(tuple),
    groups=st.lists(st.sampled_from(["billing"]), max_size=1).map(tuple),
    version=st.integers(1, 9),
)


# There and back.


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(templates, max_size=6, unique_by=lambda one: one.key))
def test_what_is_exported_is_read_back_and_exported_again_byte_for_byte(made: list[Template]) -> None:
    steps = plan_export({}, {}, made)
    written = {step.path: render(step.now, step.path).encode() for step in steps if step.now is not None}
    assert len({str(path).casefold() for path in written}) == len(made), "no file lies over another"
    read = {one.key: (path, one) for path, raw in written.items() for one in [parse(raw.decode(), path)]}
    assert {key: content_of(one) for key, (_, one) in read.items()} == {one.key: content_of(one) for one in made}
    assert {path: render(one, path).encode() for path, one in read.values()} == written
    assert {step.done for step in plan_export(read, {}, made)} <= {SAME}


@given(bodies | st.text(plain, max_size=30))
def test_a_file_written_by_hand_is_left_as_it_is_once_it_is_imported(text: str) -> None:
    try:
        one = parse(text, WHERE)
    except Unreadable:
        return
    assert [step.done for step in plan_export({one.key: (WHERE, one)}, {}, [one])] == [SAME]
    assert content_of(parse(render(one, WHERE), WHERE)) == content_of(one)


def test_line_ends_and_the_last_line_are_the_files_own() -> None:
    assert parse("Subject: 件名\r\n\r\n一行目\r\n二行目", WHERE).body == "一行目\r\n二行目"
    assert render(SORRY, WHERE) == SORRY.body
    assert render(replace(SORRY, subject="件名", hot_key="ow"), WHERE) == "Subject: 件名\nHot-Key: ow\n\n申し訳ございません。\n"


def test_a_header_may_be_in_small_letters_and_what_is_none_is_text() -> None:
    read = parse("subject: 件名\nnote: 本文\n", WHERE)
    assert (read.subject, read.body) == ("件名", "note: 本文\n")
    text = replace(SORRY, subject=None, body="subject: 本文\n")
    assert parse(render(text, WHERE), WHERE).body == text.body


@pytest.mark.parametrize(
    ("text", "line"), [("Subject: x\nSubjct: y\n\nz", 2), ("Name: x\nName: y\n\nz", 2), ("Name: x\n\n \n", 3), ("", 1), ("\n\n", 2)]
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text, WHERE)
    assert caught.value.line == line


# Names.


@pytest.mark.parametrize(
    ("name", "safe"),
    [("お詫び（至急）", "お詫び（至急）"), ("a/b:c?", "a_b_c_"),
      ("con", "_con"), ("NUL.txt", "_NUL.txt"), ("..", "_"), (" . ", "_"), ("~x", "_~x"), ("か\u3099", "が")],
)  # fmt: skip
def test_a_name_is_a_file_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(lines)
def test_no_name_leads_out_of_its_folder_or_is_too_long(text: str) -> None:
    name = safe_name(text * 30)
    assert name == unicodedata.normalize("NFC", name)
    assert len(name.encode()) <= 121
    assert name not in {"", ".", ".."}
    assert not set(name) & set('<>:"/\\|?*')


def test_names_that_differ_by_case_alone_get_two_files() -> None:
    a, b = Template(TemplateKey("1"), "Thanks", "x"), Template(TemplateKey("2"), "thanks", "y")
    assert len({str(step.path).casefold() for step in plan_export({}, {}, [a, b])}) == 2


# Conflicts.


def known(template: Template, version: int) -> dict[TemplateKey, Known]:
    return {template.key: Known(version, digest_of(template), WHERE)}


def imported(file: Template, server: Template | None, index: dict[TemplateKey, Known], *, force: bool = False) -> str:
    (step,) = plan_import({file.key: (WHERE, file)}, index, {server.key: server} if server else {}, force=force)
    return step.done


def test_only_what_was_made_from_the_newest_is_saved() -> None:
    newer = replace(SORRY, version=3, body="深くお詫びします。")
    edited = replace(SORRY, body="すみません。")
    assert imported(SORRY, None, {}) == SAVE
    assert imported(edited, replace(SORRY, version=2), known(SORRY, 2)) == SAVE
    assert imported(edited, newer, known(SORRY, 2)) == CONFLICT
    assert imported(edited, newer, {}) == CONFLICT, "nobody knows what it was made from"
    assert imported(SORRY, newer, known(SORRY, 2)) == BEHIND
    assert imported(edited, newer, known(SORRY, 2), force=True) == SAVE
    assert imported(replace(newer, version=1), newer, {}) == SAME


def test_an_export_overwrites_and_removes_only_what_nobody_changed_here() -> None:
    newer, edited = replace(SORRY, version=3, body="新しい。"), replace(SORRY, body="手元で直した。")
    files = {SORRY.key: (WHERE, SORRY)}
    assert [step.done for step in plan_export(files, known(SORRY, 2), [newer])] == [WRITE]
    assert [step.done for step in plan_export({SORRY.key: (WHERE, edited)}, known(SORRY, 2), [newer])] == [CONFLICT]
    (moved,) = plan_export(files, known(SORRY, 2), [replace(newer, folder=("別",))])
    assert (moved.done, moved.path, moved.gone) == (WRITE, PurePosixPath("別/お詫び.txt"), WHERE)
    assert [step.done for step in plan_export(files, known(SORRY, 2), [replace(newer, withdrawn=True)])] == [REMOVE]
    assert plan_export({SORRY.key: (WHERE, edited)}, known(SORRY, 2), []) == ()


def test_the_index_is_read_back_and_a_damaged_line_is_as_if_it_were_not_there() -> None:
    index = known(SORRY, 2)
    assert read_index(index_text(index)) == index
    assert read_index("<<<<<<< HEAD\n" + index_text(index) + "a\tb\tc\td\n") == index


# With a server.


@pytest.fixture
def home(tmp_path: Path):
    home = Home(tmp_path / "home")
    yield home
    home.stop_server()


def test_templates_go_out_as_files_are_edited_and_come_back_and_a_conflict_is_shown(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    (folder / "返信").mkdir(parents=True)
    by_hand = "Subject: お詫び\r\n\r\n{{customer}} 様\r\n申し訳ございません。".encode()
    (folder / "返信/お詫び.md").write_bytes(by_hand)
    assert [row["done"] for row in home.mado("template", "import", str(folder), "--dry-run").rows] == [SAVE]
    assert home.mado("template", "import", str(folder)).rows[0]["version"] == 1
    assert [row["done"] for row in home.mado("template", "export", str(folder)).rows] == [SAME]
    assert (folder / "返信/お詫び.md").read_bytes() == by_hand
    new = tmp_path / "not there yet"
    assert [row["done"] for row in home.mado("template", "export", str(new)).rows] == [WRITE]
    assert [path.name for path in (new / "返信").iterdir()] == ["お詫び.txt"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    (folder / "返信/お詫び.md").write_bytes(by_hand + "二版".encode())
    assert home.mado("template", "diff", str(folder)).rows[0]["diff"][-1] == "+申し訳ございません。二版"
    assert home.mado("template", "import", str(folder)).rows[0]["version"] == 2
    assert home.mado("template", "set", "お詫び", "--hot-key", "ow").code == 0
    (folder / "返信/お詫び.md").write_bytes(by_hand)
    stopped = home.mado("template", "import", str(folder))
    assert (stopped.code, stopped.rows[0]["refused"]) == (1, "TemplateConflict")
    assert "-Hot-Key: ow" in stopped.err
    assert home.mado("template", "rename", "返信/お詫び", "陳謝").code == home.mado("template", "withdraw", "陳謝").code == 0
    assert home.mado("template", "list").rows == []
    assert home.mado("template", "restore", "陳謝", "--version", "2").code == 0
    (row,) = home.mado("template", "list").rows
    assert (row["name"], row["version"], row["hot_key"], row["uses"]) == ("お詫び", 6, None, 0)
    history = home.mado("template", "history", "お詫び").rows
    assert [(one["version"], one["withdrawn"]) for one in history] == [(n, n == 5) for n in range(1, 7)]
    assert home.mado("template", "show", "お詫び", "--version", "1").rows[0]["body"] == by_hand.decode().partition("\r\n\r\n")[2]
    (folder / "bad.txt").write_bytes(b"ok\n\xff\n")
    bad = home.mado("template", "import", str(folder / "bad.txt"))
    assert bad.code == 2 or bad.code > 2
    assert f"{folder / 'bad.txt'}:2:" in bad.err


def test_fields_and_own_templates_are_kept_from_the_command_line(home: Home, tmp_path: Path) -> None:
    home.receives(subject="納期", sender="佐藤 花子 <hana@shop.example>")
    (tmp_path / "癖.txt").write_text("{{会社名}} {{姓}} 様 {{note}}\n")
    assert home.mado("template", "import", "--mine", str(tmp_path / "癖.txt")).code == 0
    assert home.mado("template", "list").rows[0]["person"] is not None
    assert home.mado("field", "set", "会社名", "花商店", "--domain", "shop.example").code == 0
    assert [row["value"] for row in home.mado("field").rows] == ["花商店"]
    id_ = home.first()["id"]
    assert home.mado("reply", id_, "--template", "癖", "--send").code == 1
    (kept,) = home.mado("reply", id_, "--template", "癖", "--field", "note=急ぎ").rows
    assert kept["body"].startswith("花商店 佐藤 様 急ぎ\n")

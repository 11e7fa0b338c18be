"""Writing: words and lines of Japanese, addresses in a row, what a path pasted from a terminal means, and quoting what was wrapped."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tui.files_along import completed, folder_of, paths_in
from tui.view.addressing import is_whole, part_at, with_taken
from tui.view.along import Along, along_lines, is_dangerous
from tui.view.quoting import rejoined
from tui.view.width import columns_of
from tui.view.words import word_left, word_right
from tui.view.wrapping import NOT_AT_START, wrap, wrap_offsets
from tui.widgets.body import Body


def test_a_word_of_japanese_ends_where_the_script_changes() -> None:
    text = "東京へDelivery をお願い、します"
    stops, at = [], 0
    while at < len(text):
        at = word_right(text, at)
        stops.append(at)
    assert [text[first:last] for first, last in zip([0, *stops], stops, strict=False)] == [
        "東京",
        "へ",
        "Delivery ",
        "をお",
        "願",
        "い",
        "、",
        "します",
    ]
    back, at = [], len(text)
    while at:
        at = word_left(text, at)
        back.append(at)
    assert back[::-1] == [0, *stops[:-1]]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab 、。（）東京はーｱ　😀", max_size=80), st.integers(2, 20))
def test_what_is_written_is_wrapped_whole_and_within_its_columns(text: str, columns: int) -> None:
    offsets = wrap_offsets(text, columns)
    pieces = [text[first:last] for first, last in zip([0, *offsets], [*offsets, len(text)], strict=True)]
    assert "".join(pieces) == text
    assert all(columns_of(piece) <= columns for piece in pieces)
    assert all(pieces[:-1])


def test_no_line_begins_with_a_full_stop() -> None:
    text = "あいうえおかきくけこ。さしすせそたちつてと、なにぬねの"
    offsets = wrap_offsets(text, 20)
    assert offsets
    assert not any(text[at] in NOT_AT_START for at in offsets)


def test_the_address_under_the_cursor_is_the_one_that_is_completed() -> None:
    text = '"Yamada, H." <y@x.example>, ta, b@x.example'
    assert text[slice(*part_at(text, 30))] == "ta"
    taken, cursor = with_taken(text, 30, "田中 <t@x.example>")
    assert taken == '"Yamada, H." <y@x.example>, 田中 <t@x.example>, b@x.example'
    assert taken[:cursor] == '"Yamada, H." <y@x.example>, 田中 <t@x.example>, '
    assert with_taken("ta", 2, "t@x.example") == ("t@x.example, ", 13)


@pytest.mark.parametrize(
    ("part", "whole"), [("a@b.jp", True), ("山田 <a@b.jp>", True), ("a@b", False), ("a@b.j", False), ("yamada", False), ("a@b.jp c", False)]
)
def test_an_address_is_whole_when_it_can_be_sent_to(part: str, whole: bool) -> None:
    assert is_whole(part) is whole


def test_every_way_a_terminal_puts_a_dragged_path_down_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "見積 書 (1).pdf"
    path.write_bytes(b"x")
    plain = str(path)
    escaped = plain.replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")
    for pasted in (plain, f"'{plain}' ", f'"{plain}"', escaped, path.as_uri()):
        assert paths_in(pasted) == (plain,), pasted
    assert paths_in(f"'{plain}' '{plain}'") == (plain, plain)
    for text in ("見積 書 (1).pdf", str(tmp_path), "hello", "", f"see {plain}", "it's", f"{plain}\nmore", "/\x00"):
        assert paths_in(text) == (), text


def test_a_path_is_completed_with_blanks_and_japanese_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "書類 一").mkdir()
    (tmp_path / "書類 一" / "甲.pdf").write_bytes(b"x")
    (tmp_path / ".secret").write_bytes(b"x")
    assert completed("~/") == ("~/書類 一/",)
    assert completed("~/書") == ("~/書類 一/",)
    assert completed("書類 一/") == ("書類 一/甲.pdf",)
    assert completed("~/.s") == ("~/.secret",)
    assert completed(f"~/{tmp_path}/書") == (f"{tmp_path}/書類 一/",)
    assert folder_of(f"~/{tmp_path}/書類 一/") == tmp_path / "書類 一"
    # A slash too many, as between a folder and a name that were put together.
    assert completed("~/書類 一//甲") == ("~/書類 一//甲.pdf",)
    assert folder_of("書類 一//甲.pdf") == tmp_path / "書類 一" / "甲.pdf"
    assert folder_of("~//no/such.pdf") == Path("/no/such.pdf")
    assert completed("~nobody-of-that-name/x") == ()


@pytest.mark.parametrize(
    ("name", "dangerous"),
    [
        ("a.exe", True),
        ("a.pdf.exe", True),
        ("a.exe.pdf", True),
        ("a.docm", True),
        ("a.lnk", True),
        ("見積.pdf", False),
        ("v1.2.pdf", False),
        ("a.js", True),
    ],
)
def test_what_acts_when_it_is_opened_is_marked_before_it_leaves(name: str, dangerous: bool) -> None:
    assert is_dangerous(Along(name, "application/octet-stream", 1)) is dangerous


def test_the_total_is_said_before_it_is_too_much() -> None:
    files = (Along("a.pdf", "application/pdf", 20_000_000), Along("b.pdf", "application/pdf", 10_000_000), Along("gone.pdf", "application/pdf", None))
    lines = [each.text for each in along_lines(files, 26_214_400)]
    assert "gone.pdf  not there any more" in lines[2] or "gone.pdf" in lines[2]
    assert "30.0 MB" in lines[3]
    assert [each.tone for each in along_lines(files, 26_214_400)[3].spans] == ["alarm", "alarm"]


SOURCE = (
    "The delivery you promised for Monday did not come, and nobody answers.\n\n"
    "> こちらは引用です。とても長いので、折り返されるはずの行になります。\n一つ目の段落です。"
)


@pytest.mark.parametrize("width", [12, 20, 33, 200])
def test_lines_that_were_wrapped_are_quoted_whole(width: int) -> None:
    rows = []
    for each in SOURCE.split("\n"):
        mark = "> " if each.startswith("> ") else ""
        rows += wrap(each.removeprefix("> "), width, first=mark)
    assert rejoined(["From: somebody", *rows, "[1] a.pdf  application/pdf"], SOURCE) == SOURCE.split("\n")


class Desk(App[None]):
    """Nothing but the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.body = Body(text)

    def compose(self) -> ComposeResult:
        yield self.body


async def test_one_undo_takes_back_what_a_command_put_in_and_the_cursor_stays() -> None:
    desk = Desk("あ\nい\nう\nえ")
    async with desk.run_test() as pilot:
        desk.body.focus()
        desk.body.move_cursor((2, 1))
        await pilot.press("x")
        desk.body.become("ひな形\n\nあ\nい\nうx\nえ")
        await pilot.pause()
        assert desk.body.text == "ひな形\n\nあ\nい\nうx\nえ"
        assert desk.body.cursor_location == (4, 2)
        await pilot.press("ctrl+z")
        assert desk.body.text == "あ\nい\nうx\nえ"
        await pilot.press("ctrl+y")
        assert desk.body.text == "ひな形\n\nあ\nい\nうx\nえ"


@settings(deadline=None, max_examples=20)
@given(st.text(alphabet="ab\n", max_size=12), st.text(alphabet="ab\n", max_size=12))
async def test_any_text_becomes_any_other_and_back(before: str, after: str) -> None:
    desk = Desk(before)
    async with desk.run_test():
        desk.body.become(after)
        assert desk.body.text == after
        assert desk.body.wrapped_document.height == after.count("\n") + 1
        desk.body.undo()
        assert desk.body.text == before


async def test_wrapping_follows_every_edit() -> None:
    desk = Desk("\n".join("あいうえお、かきくけこ。さしすせそ" * 3 for _ in range(30)))
    async with desk.run_test(size=(31, 20)) as pilot:
        body = desk.body
        body.focus()
        for place in ((0, 5), (7, 0), (29, 3)):
            body.move_cursor(place)
            await pilot.press("enter", "b", "backspace", "backspace", "x")
            body.put("一\n二\n三")
            whole = type(body.wrapped_document)(body.document, body.wrap_width, body.indent_width)
            assert body.wrapped_document._wrap_offsets == whole._wrap_offsets
            assert body.wrapped_document._offset_to_line_info == whole._offset_to_line_info
            assert body.wrapped_document._line_index_to_offsets == whole._line_index_to_offsets

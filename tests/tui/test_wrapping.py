"""Lines break where Japanese lets them, at every width a pane may have (JIS X 4051)."""

import itertools
import random
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from tests.rows import row
from tui.view.width import columns_of
from tui.view.wrapping import NOT_AT_END, NOT_AT_START, wrap, wrap_offsets

MAIL = (
    "お世話になっております。株式会社アオイの佐藤（さとう）です。先日お問い合わせいただいた「スーパーコンピューター用サーバーラック」の件ですが、"
    "在庫を確認したところ、残り３台（うち１台は展示品）となっております。つきましては、ご注文番号『4711-A』・『4711-B』のどちらをご希望か、"
    "１２月１日（火）までにご連絡いただけますでしょうか？　よろしくお願いいたします！……なお、URLはhttps://example.jp/orders/4711です。"
)


def pieces(text: str, columns: int) -> list[str]:
    return wrap(text, columns)


def cuts(text: str, columns: int) -> list[str]:
    starts = [0, *wrap_offsets(text, columns), len(text)]
    return [text[begin:end] for begin, end in itertools.pairwise(starts)]


@pytest.mark.parametrize("broken", [pieces, cuts])
def test_no_line_begins_or_ends_with_what_may_not(broken: Callable[[str, int], list[str]]) -> None:
    for width in range(30, 121):
        with row(width):
            lines = broken(MAIL, width)
            assert len(lines) > 1
            assert not [each for each in lines[1:] if each[0] in NOT_AT_START]
            assert not [each for each in lines[:-1] if each[-1] in NOT_AT_END]
            assert all(columns_of(each) <= width for each in lines)
            # A line is left short by what is bound to the next one only.
            assert all(columns_of(each) >= width - 44 for each in lines[:-1])


def test_nothing_is_lost_of_any_text_at_any_width() -> None:
    chance = random.Random(4711)
    letters = "かなカナ漢字ーっゃ、。」）「（・…！？ＡＢ12ab c　"
    for _ in range(300):
        text = "".join(chance.choices(letters, k=chance.randint(1, 200)))
        width = chance.randint(30, 120)
        assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")
        assert all(columns_of(each) <= width for each in wrap(text, width))


def test_what_kinsoku_names_is_known() -> None:
    assert set("。、」）ー』】！？・っゃゅょァッ々") <= NOT_AT_START
    assert set("「（『【〔［｛") <= NOT_AT_END


def test_every_letter_is_as_wide_as_rich_paints_it() -> None:
    letters = [chr(code) for code in range(0x20, 0x10000) if code != 0x7F and not 0xD800 <= code < 0xE000]
    assert [letter for letter in letters if columns_of(letter) != cell_len(letter)] == []
    assert columns_of("ｱ日本語の Mail、１通") == 1 + 8 + 5 + 2 + 4

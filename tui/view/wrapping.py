"""Breaking text into lines by columns, with the Japanese rules of what may not begin or end a line (kinsoku, JIS X 4051)."""

from bisect import bisect_right
from itertools import accumulate

from tui.view.width import character_columns, columns_of

NOT_AT_START = frozenset("、。，．・：；？！）］｝〉》」』】〕〗〙’”ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ゛゜…‥％℃,.:;?!)]}")
NOT_AT_END = frozenset("（［｛〈《「『【〔〖〘‘“￥＄([{")


def wrap(text: str, columns: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """One line of text as lines of at most so many columns; `first` and `rest` stand before the first and the others.

    Words of scripts with spaces are kept whole where they fit; a wide character may break anywhere but where kinsoku forbids it.
    """
    rest = first if rest is None else rest
    room = max(2, columns - max(columns_of(first), columns_of(rest)))
    if columns_of(text) <= room:
        return [first + text]
    return [(rest if index else first) + piece for index, piece in enumerate(_filled(text, room))]


def _filled(text: str, room: int) -> list[str]:
    """Blanks at a break are the break; a word longer than a line is cut."""
    columns = [0, *accumulate(map(character_columns, text))]
    lines: list[str] = []
    start = len(text) - len(text.lstrip(" "))
    while start < len(text):
        fits = bisect_right(columns, columns[start] + room, start) - 1
        end = fits
        while end < len(text) and text[end] == " ":
            end += 1
        if end == len(text):
            lines.append(text[start:].rstrip(" "))
            break
        while end > start and not _may_break(text[end - 1], text[end]):
            end -= 1
        lines.append(text[start:end].rstrip(" ") if end > start else text[start : (end := max(fits, start + 1))])
        start = end
    return lines or [""]


def wrap_offsets(text: str, columns: int) -> list[int]:
    """Where lines of at most so many columns begin after the first, with every blank kept: for a text that is being written."""
    if columns <= 0 or columns_of(text) <= columns:
        return []
    before = [0, *accumulate(map(character_columns, text))]
    offsets: list[int] = []
    start = 0
    while before[-1] - before[start] > columns:
        fits = max(start + 1, bisect_right(before, before[start] + columns, start) - 1)
        end = fits
        while end > start and not _may_break(text[end - 1], text[end]):
            end -= 1
        start = end if end > start else fits
        offsets.append(start)
    return offsets


def _may_break(previous: str, character: str) -> bool:
    """Whether a line may end between the two: at blanks, and beside a wide character where kinsoku does not bind it."""
    if character == " " or character in NOT_AT_START or previous in NOT_AT_END:
        return False
    columns = character_columns(character)
    return columns == 2 or (columns == 1 and (previous == " " or character_columns(previous) == 2))

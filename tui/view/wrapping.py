"""Breaking text into lines by columns, with the Japanese rules of what may not begin or end a line (kinsoku, JIS X 4051)."""

from tui.view.width import character_columns, columns_of, cut

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
    return [(rest if index else first) + piece for index, piece in enumerate(_filled(_units(text), room))]


def _filled(units: list[str], room: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for unit in units:
        if current and columns_of(current) + columns_of(unit.rstrip(" ")) > room:
            lines.append(current.rstrip(" "))
            current = ""
        # Blanks at a break are the break; a word longer than a line is cut.
        current += unit if current else unit.lstrip(" ")
        while columns_of(current.rstrip(" ")) > room:
            piece = cut(current, room)
            lines.append(piece)
            current = current[len(piece) :]
    if current.strip(" ") or not lines:
        lines.append(current.rstrip(" "))
    return lines


def _units(text: str) -> list[str]:
    """What may not be broken: words with the blanks behind them, and wide characters with what kinsoku binds to them."""
    units: list[str] = []
    glue = False
    for character in text:
        wide = character_columns(character) == 2
        previous = units[-1][-1] if units else ""
        if not units:
            units.append(character)
        elif glue or character == " " or character in NOT_AT_START or character_columns(character) == 0:
            units[-1] += character
        elif wide or previous == " " or character_columns(previous) == 2:
            units.append(character)
        else:
            units[-1] += character
        glue = character in NOT_AT_END
    return units

"""What all our widgets share: lines of toned spans become strips, with as few bytes as can be."""

from collections.abc import Iterable
from functools import cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.view.gate import clean
from tui.view.look import Look
from tui.view.spans import Line, Span, clipped
from tui.view.tones import parts_of
from tui.widgets.keyed import look_of

COLOURS = {**{code: code - 30 for code in range(30, 38)}, **{code: code - 90 + 8 for code in range(90, 98)}}
"""The terminal's own colours by their parameters (ECMA-48 8.3.117, and the bright ones that every terminal has)."""
BOLD, UNDERLINED, REVERSED = 1, 4, 7


class Toned(Widget):
    """A widget of whole lines. It paints every cell itself: borders and paddings of a style sheet do not apply.

    Textual's style cache would give each piece a background colour of its own; over SSH those bytes are felt at every key.
    """

    def line_at(self, y: int) -> Line:
        """The line of the widget's row `y`, from 0; subclasses say."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of `crop`, each exactly as wide as it."""
        strips = [self._strip(self.line_at(y)) for y in range(crop.y, crop.bottom)]
        if crop.x == 0 and crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def repaint_rows(self, rows: Iterable[int]) -> None:
        """Paint only these rows again."""
        width = self.size.width
        regions = [Region(0, y, width, 1) for y in rows]
        if regions:
            self.refresh(*regions)

    def _strip(self, line: Line) -> Strip:
        width = self.size.width
        # Views clean what they show; a name one of them forgot must not steer the terminal either.
        spans = tuple(Span(clean(span.text), span.tone) for span in line.spans)
        return Strip([self._segment(span) for span in clipped(spans, width)], width)

    def _segment(self, span: Span) -> Segment:
        return Segment(span.text, style_of(span.tone, look_of(self)))


@cache
def style_of(tone: str, look: Look) -> Style | None:
    """A tone for Rich. Only what the tone itself says: a background of "default" would cost its code in every piece."""
    attributes, codes = parts_of(tone, look)
    if not attributes and not codes:
        return None
    return Style(
        color=_colour(codes),
        bold=BOLD in attributes or None,
        underline=UNDERLINED in attributes or None,
        reverse=REVERSED in attributes or None,
    )


def _colour(codes: tuple[int, ...]) -> Color | None:
    match codes:
        case (38, 2, red, green, blue):
            return Color.from_rgb(red, green, blue)
        case (38, 5, number):
            return Color.from_ansi(number)
        case (code,):
            return Color.from_ansi(COLOURS[code])
    return None

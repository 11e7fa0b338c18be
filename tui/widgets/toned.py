"""What all our widgets share: lines of toned spans become strips, with as few bytes as can be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
PRINTABLE = re.compile("[!-~]+")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row as it was painted last, and what of."""

    line: Line
    width: int
    look: Look
    strip: Strip


class Toned(Widget):
    """A widget of whole lines. It paints every cell itself: borders and paddings of a style sheet do not apply.

    Textual's style cache would give each piece a background colour of its own; over SSH those bytes are felt at every key.
    """

    FOCUS_ON_CLICK = False
    """Where the focus goes is for the screen to say: a click takes no key away from what is being typed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._strips: dict[int, _Kept] = {}

    def line_at(self, y: int) -> Line:
        """The line of the widget's row `y`, from 0; subclasses say."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of `crop`, each exactly as wide as it."""
        width, look = self.size.width, look_of(self)
        strips = []
        for y in range(crop.y, crop.bottom):
            kept, line = self._strips.get(y), self.line_at(y)
            is_same = kept is not None and kept.line is line and kept.width == width and kept.look is look
            strips.append(kept.strip if kept is not None and is_same else self._strip_of(y, line, width, look))
        if crop.x == 0 and crop.width == width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _strip_of(self, y: int, line: Line, width: int, look: Look) -> Strip:
        """The row's strip, made anew only where its line is another: Textual asks for every row when one of them is painted."""
        kept = self._strips.get(y)
        if kept is not None and kept.width == width and kept.look is look and kept.line == line:
            return kept.strip
        strip = strip_of(line, width, look)
        self._strips[y] = _Kept(line, width, look, strip)
        return strip

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - Textual calls it so
        """No style of ours depends on it: Textual would look through its style sheets for the widget and all in it."""

    def notify_style_update(self) -> None:
        """Another theme: nothing looks as it did."""
        super().notify_style_update()
        self._strips.clear()

    def repaint_rows(self, rows: Iterable[int]) -> None:
        """Paint only these rows again."""
        width = self.size.width
        regions = [Region(0, y, width, 1) for y in rows]
        if regions:
            self.refresh(*regions)


def strip_of(line: Line, width: int, look: Look) -> Strip:
    """A line as Textual paints it, exactly so wide."""
    # Views clean what they show; a name one of them forgot must not steer the terminal either.
    spans = clipped(tuple(map(_cleaned, line.spans)), width)
    if not any(span.link for span in spans):
        return Strip([Segment(span.text, style_of(span.tone, look)) for span in spans], width)
    if not look.hyperlinks:
        return Strip([Segment(span.text, style_of(span.tone, look)) for span in spans], width).simplify()
    return Strip([Segment(span.text, _with_link(style_of(span.tone, look), span.link)) for span in spans], width)


def _cleaned(span: Span) -> Span:
    text = clean(span.text)
    return span if text is span.text else Span(text, span.tone, span.link)


def _with_link(style: Style | None, link: str) -> Style | None:
    """The style with a link around what it is of; a link that is more than the printable ASCII of `uri_of` would get out of its sequence."""
    return (style or Style()).update_link(link) if PRINTABLE.fullmatch(link) else style


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

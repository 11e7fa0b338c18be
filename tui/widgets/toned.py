"""What all our widgets share: lines of toned spans become strips, with as few bytes as can be."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.view.spans import Line, Span, clipped

TONES = (
    *("new", "open", "check", "outbox", "waiting", "done", "junk", "urgent", "mine", "other", "writing", "idle", "looking", "mention", "draft"),
    *("alarm", "notice", "quiet", "from-customer", "from-us", "subject", "quote", "signature", "attachment", "commenter", "rule", "heading"),
    *("key", "bar", "bar-keys", "selected"),
)
"""A test holds them against what `tui.view` says and against the style sheet."""


class Toned(Widget):
    """A widget of whole lines. It paints every cell itself: borders and paddings of a style sheet do not apply.

    Textual's style cache would give each piece a background colour of its own; over SSH those bytes are felt at every key.
    """

    COMPONENT_CLASSES = {f"tone--{tone}" for tone in TONES}  # noqa: RUF012 - Textual reads it as a plain class attribute

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._tones: dict[str, Style | None] = {}

    def line_at(self, y: int) -> Line:
        """The line of the widget's row `y`, from 0; subclasses say."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of `crop`, each exactly as wide as it."""
        strips = [self._strip(self.line_at(y)) for y in range(crop.y, crop.bottom)]
        if crop.x == 0 and crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def notify_style_update(self) -> None:
        """The style sheet changed: look the tones up anew."""
        super().notify_style_update()
        self._tones.clear()

    def repaint_rows(self, rows: Iterable[int]) -> None:
        """Paint only these rows again."""
        width = self.size.width
        regions = [Region(0, y, width, 1) for y in rows]
        if regions:
            self.refresh(*regions)

    def _strip(self, line: Line) -> Strip:
        width = self.size.width
        return Strip([self._segment(span) for span in clipped(line.spans, width)], width)

    def _segment(self, span: Span) -> Segment:
        return Segment(span.text, self._style(span.tone))

    def _style(self, tone: str) -> Style | None:
        if not tone:
            return None
        if tone not in self._tones:
            found = self.get_component_rich_style(f"tone--{tone}", partial=True)
            # Only what the tone itself says: a background of "default" would cost its code in every piece.
            color = None if self.app.no_color or found.color is None or found.color.is_default else found.color
            kept = Style(color=color, bold=found.bold, dim=found.dim, underline=found.underline, reverse=found.reverse, italic=found.italic)
            self._tones[tone] = kept or None
        return self._tones[tone]

"""Pieces of a line with a tone each; what a tone looks like is said in `tones.py`."""

from dataclasses import dataclass, field

from tui.view.width import columns_of, cut, fit, shorten

PLAIN = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one tone. It has passed the gate. `link`: where a click leads, see `tui.view.linking`."""

    text: str
    tone: str = PLAIN
    link: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the screen. `mark` names what it belongs to (a message, a comment), for jumping."""

    spans: tuple[Span, ...] = ()
    mark: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """The line without its tones."""
        return "".join(span.text for span in self.spans)

    @property
    def columns(self) -> int:
        """Its width."""
        return sum(columns_of(span.text) for span in self.spans)


def line(text: str, tone: str = PLAIN, mark: str = "") -> Line:
    """A line of one tone."""
    return Line((Span(text, tone),), mark)


def clipped(spans: tuple[Span, ...], columns: int) -> tuple[Span, ...]:
    """The spans that fit, the last one shortened, padded to exactly so many columns."""
    kept: list[Span] = []
    left = columns
    for span in spans:
        width = columns_of(span.text)
        if width > left:
            kept.append(Span(fit(cut(span.text, left), left), span.tone, span.link))
            return tuple(kept)
        kept.append(span)
        left -= width
    if left:
        kept.append(Span(" " * left))
    return tuple(kept)


def shortened(whole: Line, columns: int) -> Line:
    """The line, or its beginning and an ellipsis: whoever reads it sees that there is more."""
    if whole.columns <= columns:
        return whole
    kept: list[Span] = []
    left = columns
    for span in whole.spans:
        if columns_of(span.text) >= left:
            kept.append(Span(shorten(span.text + " " * left, left), span.tone))
            break
        kept.append(span)
        left -= columns_of(span.text)
    return Line(tuple(kept), whole.mark)

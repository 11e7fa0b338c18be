"""The line below a line that is typed: how many were found, what Tab offers, where a query is wrong. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.view.completing import Offer
from tui.view.gate import clean
from tui.view.spans import Line, Span
from tui.view.width import columns_of, fit, shorten

CARET = "▲"
FEWEST = 10
"""With fewer columns than this beside the character, words say more without it."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What to say; `under`: the beginning of what was typed, up to the character that is meant, None where none is."""

    spans: tuple[Span, ...] = ()
    under: str | None = None


NO_HINT = Hint()


def words_hint(words: str, tone: str = "quiet") -> Hint:
    """A few words."""
    return Hint((Span(words, tone),))


def pointing_hint(words: str, typed: str, position: int) -> Hint:
    """Words about the character at this place."""
    return Hint((Span(words, "notice"),), typed[:position])


def offers_hint(offers: Sequence[Offer], at: int) -> Hint:
    """What Tab offers; the one that stands there now is marked, and what it is stands behind it."""
    spans: list[Span] = []
    # From the one that stands there on: the line may be too short for all.
    for index, offer in enumerate(offers[max(0, at - 1) :], max(0, at - 1)):
        words = _tail(clean(offer.text).strip())
        spans.append(Span(words, "selected" if index == at else ""))
        if index == at and offer.words:
            spans.append(Span(" " + clean(offer.words), "quiet"))
        spans.append(Span("  "))
    return Hint(tuple(spans))


def _tail(text: str) -> str:
    """Of a path its last piece: what the others have in common stands in the line already."""
    return text.rstrip("/").rpartition("/")[2] + ("/" if text.endswith("/") else "") if text.startswith(("/", "~", "./", "../")) else text


def hint_line(hint: Hint, label: str, width: int) -> Line:
    """The hint as a line so wide. What points stands under its character; the words on the side with more room, where not all have it."""
    if hint.under is None:
        return Line((Span(" "), *hint.spans))
    at = columns_of(label) + columns_of(clean(hint.under))
    words = "".join(span.text for span in hint.spans)
    tone = hint.spans[0].tone if hint.spans else ""
    needed, right, left = columns_of(words), width - at - 2, at - 1
    if needed <= right or (right > FEWEST and right >= left and needed > left):
        return Line((Span(" " * at), Span(f"{CARET} {shorten(words, right)}", tone)))
    if needed <= left:
        return Line((Span(" " * (left - needed)), Span(f"{words} {CARET}", tone)))
    if left > FEWEST and at < width:
        return Line((Span(f"{fit(words, left)} {CARET}", tone),))
    return Line((Span(f"{CARET} {words}", tone),))

"""The side bar: the views, the key of each, and how many conversations it has."""

from collections.abc import Mapping, Sequence

from tui.view.columns import SIDE_BAR
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.spans import Line, Span
from tui.view.viewing import Listed, Whose, built_in_command
from tui.view.width import columns_of, fit
from tui.words import _

MOST = 999
"""More than so many are said to be more: to count them all would take longer than anybody looks."""
KEY = 2
COUNT = 4
UNREADABLE = "!!"
"""In the place of a number: the query of the view cannot be asked any more."""


def count_label(count: int | None) -> str:
    """`12`, `999+`; nothing where nobody has counted."""
    return "" if count is None else UNREADABLE if count < 0 else f"{MOST}+" if count > MOST else str(count)


def key_of(one: Listed, keys: KeyMap = DEFAULT) -> str:
    """The key that shows a view, as people write it; "" for none."""
    if one.whose is not Whose.BUILT_IN:
        return f"g{one.view.key}" if one.view.key else ""
    command = built_in_command(one.view.name)
    return keys.key_of(command) if keys.keys_of(command) else ""


def side_lines(
    views: Sequence[Listed], counts: Mapping[str, int], current: str, height: int, keys: KeyMap = DEFAULT, *, width: int = SIDE_BAR
) -> list[Line]:
    """What stands on so many lines. `counts`: by `Listed.id`, below 0 where the query cannot be asked; `current`: the one that is shown."""
    lines: list[Line] = []
    whose = Whose.BUILT_IN
    for one in views:
        if one.whose is not whose:
            whose = one.whose
            lines += [_ruled((), width), _ruled((Span(fit(" " + _title(whose), width - 1), "heading"),), width)]
        lines.append(_ruled(_spans(one, counts.get(one.id), keys, width - 1, current=one.id == current), width))
    return [*lines[:height], *(_ruled((), width) for _each in range(height - len(lines)))]


def view_at(views: Sequence[Listed], row: int) -> Listed | None:
    """The view that stands on a line of `side_lines`; None: a title, a gap, or nothing."""
    at: list[Listed | None] = []
    whose = Whose.BUILT_IN
    for one in views:
        at += [None, None, one] if one.whose is not whose else [one]
        whose = one.whose
    return at[row] if row < len(at) else None


def _title(whose: Whose) -> str:
    return _("The team's") if whose is Whose.TEAM else _("My own")


def _spans(one: Listed, count: int | None, keys: KeyMap, room: int, *, current: bool) -> tuple[Span, ...]:
    label = count_label(count)
    key = fit(key_of(one, keys), KEY)
    name = fit(one.words, room - KEY - COUNT - 3)
    number = " " * (COUNT - columns_of(label)) + label
    if current:
        return (Span(f">{key} {name} {number}", "selected"),)
    tone = "alarm" if label == UNREADABLE else "quiet" if label in ("", "0") else ""
    return (Span(f" {key} ", "key"), Span(f"{name} ", tone), Span(number, tone))


def _ruled(spans: tuple[Span, ...], width: int) -> Line:
    text = sum(columns_of(span.text) for span in spans)
    return Line((*spans, Span(" " * max(0, width - 1 - text) + "│", "rule")))

"""A pane that is filled before the terminal has given it its height."""

import pytest
from textual.geometry import Size

from tui.view.spans import line
from tui.widgets.lines_pane import LinesPane


class Pane(LinesPane):
    """Not on a screen: its height is what the test says, and `painted` what it would paint next."""

    height = 0

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[str] = []

    @property
    def size(self) -> Size:
        return Size(80, self.height)

    def refresh(self, *_: object, **__: object) -> "Pane":
        self.painted = [each.text for each in self.lines[self.top :]]
        return self


@pytest.mark.parametrize("match", [0, 2, 4])
def test_what_was_found_in_a_short_mail_hides_nothing_of_its_head_once_there_is_room_for_all_of_it(match: int) -> None:
    pane = Pane()
    lines = [line(f"line {number}") for number in range(5)]
    pane.show(lines)
    # The mail takes the list's place: what is found is gone to before the screen is laid out.
    pane.scroll_into_view(match)
    pane.height = 30
    pane.on_resize()
    assert pane.painted == [each.text for each in lines]

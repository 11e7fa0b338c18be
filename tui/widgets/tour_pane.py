"""The lines above a screen while the tour is played."""

from collections.abc import Callable

from tui.view.spans import Line
from tui.widgets.lines_pane import LinesPane


class TourPane(LinesPane, can_focus=False):
    """As high as what it says at this width."""

    def __init__(self, lines_at: Callable[[int], tuple[Line, ...]]) -> None:
        super().__init__(id="tour")
        self._lines_at = lines_at

    def anew(self) -> None:
        """It says something else, or has another width."""
        if self.size.width:
            self.show(self._lines_at(self.text_width))

    def on_resize(self) -> None:
        """Lay out anew."""
        self.anew()
        super().on_resize()

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Before it was ever shown, too: what stands there in the first frame must not be blank."""
        self.lines = self._lines_at(width)
        return super().get_content_height(container, viewport, width)

"""The check screen: a reply as it will leave, to be approved, sent back or written anew."""

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from tui.screens.page import Pages, PageScreen
from tui.words import _

APPROVE = "approve"
SEND_BACK = "send_back"
EDIT = "edit"
COMMENT = "comment"
_ANSWERS = {"y": APPROVE, "x": SEND_BACK, "e": EDIT, "c": COMMENT}


class CheckScreen(PageScreen):
    """y approves, x sends it back, e writes it anew, c comments; the rest as on every page."""

    def __init__(self, title: str, pages: Pages, *, decides: bool) -> None:
        """`decides` False: its drafter reads what they handed over."""
        super().__init__(title, pages)
        self._decides = decides

    def compose(self) -> ComposeResult:
        """As a page, with what the keys do."""
        for widget in super().compose():
            if isinstance(widget, Static) and widget.id == "hint" and self._decides:
                widget.update(_("y approve, x send back, e write it anew, c comment; Esc leaves, / searches"))
            yield widget

    def on_key(self, event: events.Key) -> None:
        """Decide."""
        answer = _ANSWERS.get(event.character or "")
        if answer is None or not self._decides or self._field.has_focus:
            return
        event.stop()
        event.prevent_default()
        self.dismiss(answer)

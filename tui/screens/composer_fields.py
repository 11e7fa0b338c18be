"""The composer's fields above the text: whom it goes to, and what it is about."""

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from store.domain.draft import Draft
from tui.reply import writable_line
from tui.view.editing import addresses_in
from tui.words import _


class Fields(Vertical):
    """To, Cc, Subject; Enter goes on to the next."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(id="fields")
        self._first = texts_of(draft)

    def compose(self) -> ComposeResult:
        """A label and a field in each row."""
        labels = {"to": _("To"), "cc": _("Cc"), "subject": _("Subject")}
        for name, value in self._first.items():
            with Horizontal(classes="field"):
                yield Static(f"{labels[name]}:", classes="label", markup=False)
                field = Input(value, id=f"field-{name}", select_on_focus=False)
                field.cursor_blink = False
                yield field

    def taken_into(self, draft: Draft) -> Draft:
        """The draft with what stands here."""
        return msgspec.structs.replace(
            draft,
            to=addresses_in(self.field("to").value),
            cc=addresses_in(self.field("cc").value),
            subject=self.field("subject").value,
        )

    def show(self, draft: Draft) -> None:
        """What the draft says stands here."""
        for name, value in texts_of(draft).items():
            self.field(name).value = value

    def field(self, name: str) -> Input:
        """One of them."""
        return self.query_one(f"#field-{name}", Input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field goes on to the next."""
        event.stop()
        self.screen.focus_next()


def texts_of(draft: Draft) -> dict[str, str]:
    """What stands in the fields. An editor, or an older version of this program, may have left anything in a draft."""
    texts = {"to": ", ".join(draft.to), "cc": ", ".join(draft.cc), "subject": draft.subject}
    return {name: writable_line(text) for name, text in texts.items()}

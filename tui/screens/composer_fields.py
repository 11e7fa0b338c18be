"""The composer's fields above the text: whom it goes to, with the people the team has written with offered below, and what it is about."""

from collections.abc import Awaitable, Callable

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.message import Address
from store.errors import MadoError
from tui.recipients import writable_line, written
from tui.view.addressing import is_whole, part_at, with_taken
from tui.view.editing import addresses_in
from tui.view.gate import clean
from tui.widgets.field import Field
from tui.widgets.offers import Offers
from tui.words import _

ADDRESSES = ("to", "cc", "bcc")
Known = Callable[[str], Awaitable[tuple[Address, ...]]]
"""Whose address or name begins so."""


class Fields(Vertical):
    """To, Cc, Bcc, Subject; Enter goes on to the next. Bcc is not there until it is filled or asked for."""

    def __init__(self) -> None:
        super().__init__(id="fields")
        self._own: tuple[Address, ...] = ()
        self._known: Known = _nobody

    def compose(self) -> ComposeResult:
        """A label and a field in each row; below those for addresses, what is offered."""
        labels = {"to": _("To"), "cc": _("Cc"), "bcc": _("Bcc"), "subject": _("Subject")}
        with Horizontal(classes="field", id="row-from") as row:
            yield Static(f"{_('From')}:", classes="label", markup=False)
            yield Static("", id="from", markup=False)
        row.display = False
        for name, label in labels.items():
            with Horizontal(classes="field", id=f"row-{name}") as row:
                yield Static(f"{label}:", classes="label", markup=False)
                field = Field(id=f"field-{name}")
                yield field
            row.display = name != "bcc"
            if name == ADDRESSES[-1]:
                yield Offers(id="offers")

    def begin(self, draft: Draft, known: Known, own: tuple[Address, ...]) -> None:
        """Another mail's; nothing of the last one is left here, nor can be taken back into this one."""
        self._known, self._own = known, own
        self.offers.close()
        for name, value in texts_of(draft).items():
            field = self.field(name)
            field.disabled = name == "subject" and draft.kind is DraftKind.REDIRECT
            field.value = value
            field.cursor_position = len(value)
        self._display("from", len(own) > 1)
        self._display("bcc", bool(draft.bcc))
        self.query_one("#from", Static).update(self._from(draft))

    def _display(self, name: str, shown: bool) -> None:  # noqa: FBT001 - shown or not
        row = self.query_one(f"#row-{name}")
        if row.display != shown:
            row.display = shown

    def refuse(self) -> None:
        """Nothing can be written here any more."""
        for field in self.query(Input):
            field.disabled = True

    def _from(self, draft: Draft) -> str:
        """Which of the inbox's own addresses it is from."""
        return clean(written(next((each for each in self._own if each.address == draft.from_address), self._own[0])))

    def taken_into(self, draft: Draft) -> Draft:
        """The draft with what stands here."""
        to, cc, bcc = (addresses_in(self.field(name).value) for name in ADDRESSES)
        return msgspec.structs.replace(draft, to=to, cc=cc, bcc=bcc, subject=self.field("subject").value)

    def show(self, draft: Draft) -> None:
        """What the draft says stands here."""
        for name, value in texts_of(draft).items():
            if self.field(name).value != value:
                self.field(name).value = value
        self.query_one("#from", Static).update(self._from(draft))
        if draft.bcc:
            self._display("bcc", shown=True)

    def ask_for_bcc(self) -> None:
        """The field is there, and the cursor in it."""
        self._display("bcc", shown=True)
        self.field("bcc").focus()

    def field(self, name: str) -> Input:
        """One of them."""
        return self.query_one(f"#field-{name}", Input)

    @property
    def offers(self) -> Offers:
        """What is offered for the address under the cursor."""
        return self.query_one(Offers)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field goes on to the next."""
        event.stop()
        self.screen.focus_next()

    # Addresses.

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Offer who begins so. Awaited here, so that a Tab typed behind it finds them."""
        field = event.input
        if field.id not in {f"field-{name}" for name in ADDRESSES} or not field.has_focus or field.value != event.value:
            return
        start, end = part_at(field.value, field.cursor_position)
        part = field.value[start:end]
        try:
            found = await self._known(part) if part else ()
        except MadoError:
            # What is not known cannot be offered; an address can be typed all the same.
            found = ()
        offered = [each for each in map(written, found) if each != part]
        self.offers.offer(offered, first=not is_whole(part))

    def on_descendant_blur(self) -> None:
        """Somewhere else now."""
        self.offers.close()

    def on_key(self, event: events.Key) -> None:
        """With something offered: arrows choose, Tab and Enter take."""
        steps = {"down": 1, "ctrl+n": 1, "up": -1, "ctrl+p": -1}
        field = self.screen.focused
        if not self.offers.offers or not isinstance(field, Input):
            return
        if event.key in steps:
            self.offers.step(steps[event.key])
        elif event.key in ("tab", "enter") and (chosen := self.offers.chosen) is not None:
            field.value, field.cursor_position = with_taken(field.value, field.cursor_position, chosen)
            self.offers.close()
        else:
            return
        event.stop()
        event.prevent_default()


async def _nobody(_typed: str) -> tuple[Address, ...]:
    return ()


def texts_of(draft: Draft) -> dict[str, str]:
    """What stands in the fields. An editor, or an older version of this program, may have left anything in a draft."""
    texts = {"to": ", ".join(draft.to), "cc": ", ".join(draft.cc), "bcc": ", ".join(draft.bcc), "subject": draft.subject}
    return {name: writable_line(text) for name, text in texts.items()}

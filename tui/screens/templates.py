"""The composer's templates: picking one among thousands while typing, with a preview merged for this customer."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from store.domain.merge_fields import merge
from store.domain.template import Template
from tui.composing import Composing
from tui.screens.asking import answer_of
from tui.screens.picker import Dialog, beyond
from tui.screens.program import program_of
from tui.screens.remerging import settle_templates
from tui.templating import customers_language
from tui.view.commands.command import Place
from tui.view.gate import clean
from tui.view.spans import Line, Span, line
from tui.view.template_search import Entry, Shelf, folders_in, found, short_code, with_hot_key
from tui.view.width import fit
from tui.view.wrapping import wrap
from tui.widgets.body import Body
from tui.widgets.field import Field
from tui.widgets.keyed import keys_at, reader_for
from tui.widgets.lines_pane import LinesPane
from tui.words import _

SHOWN = 8
"""Templates at a time, where there is room."""
PREVIEW = 12
"""Lines of the preview, where there is room."""
FRAME = 6
"""Lines of the box for nothing but itself: its border, title, field, the blank one above the preview, the hint."""
_STEPS = {"template-down": 1, "template-up": -1, "template-page-down": SHOWN, "template-page-up": -SHOWN}


class Writer(Protocol):
    """The composer as this module sees it."""

    composing: Composing
    shelf: Shelf

    @property
    def screen(self) -> "Screen[object]": ...
    @property
    def body(self) -> Body: ...
    def say(self, words: str, tone: str = "notice") -> None: ...


async def insert_template(writer: Writer) -> None:
    """What has changed in the text is settled first; then one is picked, and comes where the cursor is."""
    composing = writer.composing
    if composing.offers():
        await settle_templates(writer)
        return
    entries = await on_the_shelf(writer)
    if not entries:
        writer.say(_("The team has no templates yet: mado template import."))
        return
    picker = await program_of(writer.screen).standing(TemplatePicker, TemplatePicker)
    picker.begin(entries, composing.merge_fields())
    picked = await answer_of(writer.screen, picker)
    template = next((entry.template for entry in entries if entry.template.key == picked), None)
    if template is not None and not composing.read_only:
        put_in(writer, template)


async def insert_by_code(writer: Writer) -> None:
    """`;code` before the cursor becomes the template with that hot key."""
    code = short_code(writer.body.before_cursor)
    if code is None:
        writer.say(_("Type ; and a template's short code, then Tab."))
        return
    if writer.composing.offers():
        await settle_templates(writer)
        return
    template = with_hot_key(await on_the_shelf(writer), code[1])
    if template is None:
        writer.say(_("No template has the short code {code}.").format(code=clean(code[0])))
        return
    writer.body.take_back(code[0])
    put_in(writer, template)


async def on_the_shelf(writer: Writer) -> tuple[Entry, ...]:
    """Those that may be inserted here, first those in the customer's language; read and folded beside the keys."""
    composing, store = writer.composing, writer.composing.session.store

    def read() -> tuple[Entry, ...]:
        uses: dict[str, int] = {}
        for one in store.template_uses():
            uses[one.key] = uses.get(one.key, 0) + one.n
        return writer.shelf.entries(composing.templates(), uses, customers_language(composing.opened.messages))

    return await asyncio.wrap_future(store.ask(read))


async def fill_shelf(writer: Writer) -> None:
    """So that the first of them are there as soon as they are asked for."""
    await on_the_shelf(writer)


def put_in(writer: Writer, template: Template) -> None:
    """Before the cursor, which is behind it then; what nobody could fill in is said."""
    composing, at = writer.composing, writer.body.cursor_letter
    unresolved = composing.insert_template(template, at)
    writer.body.go_behind(at + len(composing.draft.inserted[-1].text))
    if unresolved:
        writer.say(_("Still to be filled in: {names}").format(names=clean(", ".join(unresolved))), "alarm")


class TemplatePicker(Dialog):
    """Type to narrow, ↑ ↓ to move, Tab for the next folder, Enter to insert; a hot key of one letter inserts at once."""

    def __init__(self) -> None:
        super().__init__()
        self._fields: Mapping[str, str | None] = {}
        self._entries: tuple[Entry, ...] = ()
        self._found: tuple[Entry, ...] = ()
        self._folders: tuple[str, ...] = ("",)
        self._folder = self._at = self._first = 0
        self._typed = self._hint = ""
        self._keys = reader_for(self, Place.TEMPLATES)

    def begin(self, entries: tuple[Entry, ...], fields: Mapping[str, str | None]) -> None:
        """Another choice. The picker is mounted, and shown right after."""
        self._entries = self._found = entries
        self._fields = fields
        self._folders = ("", *folders_in(entries))
        self._folder = self._at = 0
        self._typed = ""
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        self._show()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """It looks as it was left."""
        event.refresh_styles = False

    def compose(self) -> ComposeResult:
        """Title, field, templates, preview."""
        with Vertical(id="box"):
            yield Static(_("Template"), id="title", markup=False)
            field = Field(id="typed")
            yield field
            yield LinesPane(id="lines")
            yield LinesPane(id="preview")
            shown = keys_at(self).shown
            words = _("Enter inserts, {folder} next folder, {leave} leaves")
            self._hint = words.format(folder=shown("template-folder"), leave=shown("template-leave"))
            yield Static(self._hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(Input).focus()

    def on_resize(self) -> None:
        """Lay out anew."""
        self.call_after_refresh(self._show)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow; what is one template's only letter needs no Enter."""
        event.stop()
        before, self._typed = self._typed, event.value
        at_once = with_hot_key(self._entries, event.value) if len(event.value) == 1 and not before else None
        if at_once is not None:
            self.dismiss(at_once.key)
            return
        self._narrow()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Insert."""
        event.stop()
        if self._found:
            self.dismiss(self._found[self._at].template.key)
        else:
            self.stays()

    def on_key(self, event: events.Key) -> None:
        """Move, change the folder, leave."""
        name = "" if event.is_printable else self._keys.hear(event.key, None)
        if name == "template-leave":
            self.dismiss(None)
        elif name in _STEPS:
            self._at = min(max(0, self._at + _STEPS[name]), max(0, len(self._found) - 1))
            self._show()
        elif name in ("template-folder", "template-folder-back"):
            self._folder = (self._folder + (1 if name == "template-folder" else -1)) % len(self._folders)
            self._narrow()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_lines_pane_clicked(self, event: LinesPane.Clicked) -> None:
        """The mouse: a template that is clicked is inserted."""
        event.stop()
        at = self._first + event.row
        if event.pane.id == "lines" and at < len(self._found):
            self.dismiss(self._found[at].template.key)

    def _narrow(self) -> None:
        self._found = found(self._entries, self._typed, self._folders[self._folder])
        self._at = 0
        self._show()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        folder = self._folders[self._folder]
        title = _("Template") + (f": {clean(folder)}" if folder else "") + f" ({len(self._found)})"
        self.query_one("#title", Static).update(title)
        pane, preview = self.query_one("#lines", LinesPane), self.query_one("#preview", LinesPane)
        listed, previewed = shares(self.size.height, len(self._found))
        first = self._first = max(0, self._at - listed + 1)
        shown = enumerate(self._found[first : first + listed], first)
        self.query_one("#hint", Static).update(self._hint + beyond(first, listed, len(self._found)))
        pane.show([self._line(entry, pane.text_width, chosen=n == self._at) for n, entry in shown] or [line(_("Nothing fits."), "quiet")])
        chosen = self._found[self._at].template if self._found else None
        lines = template_preview(chosen, self._fields, preview.text_width) if chosen is not None else ()
        preview.show(lines if len(lines) <= previewed else (*lines[: max(0, previewed - 1)], line("…", "quiet"))[:previewed])

    def _line(self, entry: Entry, width: int, *, chosen: bool) -> Line:
        place = "/".join(entry.folder) + "/" if entry.folder else ""
        hints = "  ".join(filter(None, (entry.template.hot_key, f"×{entry.uses}" if entry.uses else "")))
        if chosen:
            return line(fit(f"> {clean(place + entry.template.name)}  {hints}", width), "selected")
        return Line((Span("  "), Span(clean(place), "quiet"), Span(clean(entry.template.name)), Span("  " + clean(hints), "quiet")))


def shares(height: int, found: int) -> tuple[int, int]:
    """How many templates, and how many lines of the preview, a terminal of this height shows with the hint still below them."""
    free = max(1, height * 9 // 10 - FRAME)
    listed = min(SHOWN, max(found, 1), (free + 1) // 2)
    return listed, min(PREVIEW, free - listed)


def template_preview(template: Template, fields: Mapping[str, str | None], width: int) -> tuple[Line, ...]:
    """The template merged for this customer; lines with something still to be filled in are marked."""
    merged = merge(template.body, fields)
    lines: list[Line] = []
    if merged.unresolved:
        lines.append(line(_("Still to be filled in: {names}").format(names=clean(", ".join(merged.unresolved))), "alarm"))
    if template.subject:
        lines.append(line(fit(_("Subject: {subject}").format(subject=clean(merge(template.subject, fields).text)), width), "subject"))
    marks = tuple(f"{{{{{name}" for name in merged.unresolved)
    for each in clean(merged.text, lines=True).split("\n"):
        tone = "alarm" if any(mark in each.replace("{{ ", "{{") for mark in marks) else ""
        lines += [line(piece, tone) for piece in wrap(each, width)]
    return tuple(lines)

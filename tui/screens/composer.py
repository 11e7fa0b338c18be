"""The composer: recipients, subject, text; the conversation stays beside it. What it writes is in `tui.composing`."""

from collections.abc import Coroutine

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from mailsync.link.outcome import LinkState
from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.errors import MadoError
from tui.composing import AUTOSAVE_SECONDS, Composing
from tui.reply import writable_line
from tui.screens.chores import Chores
from tui.screens.editor import edit_outside
from tui.screens.program import program_of
from tui.screens.sending import Sending
from tui.screens.templates import insert_template
from tui.screens.watching import Watching
from tui.view.banner import ended_words
from tui.view.editing import addresses_in
from tui.view.gate import writable
from tui.view.helping import footer_words
from tui.view.keymap import Place, commands_at
from tui.view.reading import conversation_lines, first_lines
from tui.view.spans import Line, Span, line
from tui.view.statusline import StatusFacts, status_line
from tui.view.trouble import trouble_words
from tui.widgets.lines_pane import LinesPane
from tui.widgets.one_line import OneLine
from tui.words import _

LOW = 16


class Composer(Screen[str | None]):
    """Leaves with a sentence to say at the desk, or None."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it as a plain class attribute
        Binding(key, f"perform('{command.name}')", show=False, priority=True) for command in commands_at(Place.COMPOSER) for key in command.keys
    ]

    def __init__(self, composing: Composing, wide: bool) -> None:  # noqa: FBT001 - one layout or the other
        super().__init__()
        self.composing = composing
        self.sending = Sending(self)
        self.set_class(wide, "-wide")
        self._watching: Watching | None = None
        self._toast: Line | None = None
        self._away = False
        self.chores = Chores(self, self.say)

    def compose(self) -> ComposeResult:
        """Banner, conversation, fields, text, status bar."""
        draft = self.composing.draft
        yield OneLine(id="banner")
        with Vertical(id="composer-panes"):
            yield LinesPane(id="context")
            with Vertical(id="writing"):
                with Vertical(id="fields"):
                    labels = {"to": _("To"), "cc": _("Cc"), "subject": _("Subject")}
                    for name, value in _field_texts(draft).items():
                        with Horizontal(classes="field"):
                            yield Static(f"{labels[name]}:", classes="label", markup=False)
                            field = Input(value, id=f"field-{name}", select_on_focus=False)
                            field.cursor_blink = False
                            yield field
                body = TextArea(writable(draft.body), id="body", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
                body.cursor_blink = False
                yield body
        yield OneLine(id="bar")

    def on_mount(self) -> None:
        """The cursor where one begins to write; saving begins."""
        self.body.focus()
        self.body.move_cursor((0, 0))
        self.set_interval(AUTOSAVE_SECONDS, self._autosave)
        program_of(self).on_leaving(self.composing.save_here)
        self.composing.session.watch_lease(self._lease_lost)
        self.composing.session.watch_line(self._line_changed)
        self._watching = Watching(self)
        self.call_after_refresh(self.show_context)
        self._banner()

    def on_unmount(self) -> None:
        """Nobody waits for this lease any more."""
        if self._watching is not None:
            self._watching.close()
        self.composing.session.watch_lease(None)
        self.composing.session.watch_line(None)

    def on_resize(self, event: events.Resize) -> None:
        """Another layout."""
        self.set_class(event.size.width >= 160, "-wide")
        self.set_class(event.size.height < LOW, "-low")
        self.call_after_refresh(self.show_context)
        self.call_after_refresh(self.bar)

    @property
    def body(self) -> TextArea:
        """The text."""
        return self.query_one("#body", TextArea)

    # Keys.

    def action_perform(self, name: str) -> None:
        """A command of the composer."""
        match name:
            case "send":
                self.take_fields()
                self._ask(self.sending.send())
            case "template":
                self._ask(self._insert_template())
            case "editor":
                self._edit_outside()
            case "leave":
                self.spawn(self.leave())
            case "discard":
                self.spawn(self.leave(discard=True))

    def _ask(self, work: Coroutine[object, object, None]) -> None:
        # What is typed meanwhile is for the question it puts, or for the desk it goes back to.
        program = program_of(self)
        program.hold_keys()
        self.chores.spawn(work).add_done_callback(lambda _task: program.release_keys())

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run it beside the keys."""
        self.chores.spawn(work)

    def on_key(self, _event: events.Key) -> None:
        """Any key: the last sentence has been read."""
        if self._toast is not None:
            self._toast = None
            self.bar()

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        """Every letter of the text."""
        self.take_fields()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Every letter of a field."""
        self.take_fields()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Enter in a field goes on to the next."""
        self.focus_next()

    # The draft.

    def take_fields(self) -> None:
        """What stands on the screen becomes the draft."""
        if not self.is_mounted or self.composing.read_only:
            return
        self.composing.change(
            msgspec.structs.replace(
                self.composing.draft,
                to=addresses_in(self._field("to").value),
                cc=addresses_in(self._field("cc").value),
                subject=self._field("subject").value,
                body=self.body.text,
            )
        )

    def show_draft(self) -> None:
        """The draft becomes what stands on the screen."""
        draft = self.composing.draft
        for name, value in _field_texts(draft).items():
            self._field(name).value = value
        if self.body.text != (text := writable(draft.body)):
            self.body.load_text(text)

    def _field(self, name: str) -> Input:
        return self.query_one(f"#field-{name}", Input)

    async def _autosave(self) -> None:
        try:
            await self.composing.save()
        except MadoError as error:
            self.say(trouble_words(error), "alarm")

    async def _insert_template(self) -> None:
        self.take_fields()
        await insert_template(self)
        self.show_draft()

    def _edit_outside(self) -> None:
        if self.composing.read_only:
            return
        self.take_fields()
        self.composing.save_here()
        problem, draft = edit_outside(self.app, self.composing.draft)
        if problem:
            self.say(problem, "alarm")
        else:
            self.composing.change(draft)
            self.show_draft()

    async def leave(self, *, discard: bool = False) -> None:
        """Back to the desk; the text stays as a draft. Not while it is being sent: whoever reads "kept" would send it a second time."""
        if self.sending.is_busy:
            self.say(_("The reply is on its way; one moment."))
            return
        self.take_fields()
        kept = self.composing.has_text and not discard
        await self.composing.leave(discard=discard)
        self.close(_("Kept as a draft.") if kept else None)

    def close(self, words: str | None) -> None:
        """Back to the desk with a sentence."""
        if self.is_current:
            self.dismiss(words)

    # The lease.

    def _lease_lost(self, conversation_id: ConversationId) -> None:
        if conversation_id == self.composing.opened.row.id and not self.composing.read_only:
            self.take_fields()
            self.make_read_only(_("Your right to reply is gone: taken over or lapsed. The text stays as a draft."))

    def _line_changed(self, state: LinkState) -> None:
        if self.composing.read_only:
            return
        if state.ended:
            self.take_fields()
            self.make_read_only(ended_words())
        else:
            self._away = not state.connected
            self._banner()

    def make_read_only(self, words: str) -> None:
        """Nothing can be sent from here any more."""
        self.composing.lose_lease()
        self.body.read_only = True
        for field in self.query(Input):
            field.disabled = True
        self._banner(words)

    def show_news(self, words: str) -> None:
        """Something happened here while one writes."""
        if not self.composing.read_only:
            self._banner(words)

    def _banner(self, words: str = "") -> None:
        if not words and not self.composing.read_only:
            if self.composing.token is None:
                words = _("Server away: nobody sees that you write. A send waits for its return.")
            elif self._away:
                words = _("Server away: a send waits for its return.")
        self.query_one("#banner", OneLine).show(line(" " + words, "alarm") if words else None)

    # What is shown.

    def show_context(self) -> None:
        """The conversation beside the text."""
        pane, opened = self.query_one("#context", LinesPane), self.composing.opened
        lines = conversation_lines(opened.messages, pane.text_width, self.composing.session.clock.now())
        pane.show(lines, top=first_lines(opened.messages, lines))

    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence in place of the status bar, until the next key."""
        self._toast = Line((Span(" " + words, tone),))
        self.bar()

    def bar(self) -> None:
        """The status bar."""
        if not self.is_mounted:
            return
        view = _("Reply")
        facts = StatusFacts(view=view, count=-1, sync="", server="", mentions=0, keys=footer_words(Place.COMPOSER))
        self.query_one("#bar", OneLine).show(self._toast or status_line(facts, self.size.width))


def _field_texts(draft: Draft) -> dict[str, str]:
    """What stands in the fields. An editor, or an older version of this program, may have left anything in a draft."""
    texts = {"to": ", ".join(draft.to), "cc": ", ".join(draft.cc), "subject": draft.subject}
    return {name: writable_line(text) for name, text in texts.items()}

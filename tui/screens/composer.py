"""The composer: fields and text, the conversation beside them. What it writes is in `tui.composing`, what its keys do in `composer_commands`."""

from collections.abc import Awaitable

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, TextArea

from mailsync.link.outcome import LinkState
from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.errors import MadoError
from tui.composing import AUTOSAVE_SECONDS, Composing
from tui.screens.chores import Chores
from tui.screens.composer_commands import DEEDS
from tui.screens.composer_fields import Fields
from tui.screens.program import program_of
from tui.screens.sending import Sending
from tui.screens.watching import Watching
from tui.view.banner import ended_words
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
                yield Fields(draft)
                body = TextArea(writable(draft.body), id="body", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
                body.cursor_blink = False
                yield body
        yield OneLine(id="bar")

    def on_mount(self) -> None:
        """The cursor where one begins to write; saving begins."""
        self.body.focus()
        self.body.move_cursor((0, 0))
        self.composing.written_on(self)
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
        self.composing.written_on(None)
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
        deed = DEEDS[name]
        if self.composing.read_only and not deed.reading:
            return
        task = self.chores.spawn(_done(deed.do(self)))
        if deed.asks:
            # What is typed meanwhile is for the question it puts, or for the desk it goes back to.
            program = program_of(self)
            program.hold_keys()
            task.add_done_callback(lambda _task: program.release_keys())

    def on_key(self, _event: events.Key) -> None:
        """Any key: the last sentence has been read."""
        if self._toast is not None:
            self._toast = None
            self.bar()

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        """Every letter of the text."""
        self.composing.typed()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Every letter of a field."""
        self.composing.typed()

    # The draft.

    @property
    def fields(self) -> Fields:
        """Whom it goes to, and what it is about."""
        return self.query_one(Fields)

    def taken_into(self, draft: Draft) -> Draft:
        """What stands on the screen, as the draft."""
        return msgspec.structs.replace(self.fields.taken_into(draft), body=self.body.text)

    def show_draft(self, draft: Draft) -> None:
        """The draft becomes what stands on the screen."""
        self.fields.show(draft)
        if self.body.text != (text := writable(draft.body)):
            self.body.load_text(text)

    async def _autosave(self) -> None:
        try:
            await self.composing.save()
        except MadoError as error:
            self.say(trouble_words(error), "alarm")

    def close(self, words: str | None) -> None:
        """Back to the desk with a sentence."""
        if self.is_current:
            self.dismiss(words)

    # The lease.

    def _lease_lost(self, conversation_id: ConversationId) -> None:
        if conversation_id == self.composing.opened.row.id and not self.composing.read_only:
            self.make_read_only(_("Your right to reply is gone: taken over or lapsed. The text stays as a draft."))

    def _line_changed(self, state: LinkState) -> None:
        if self.composing.read_only:
            return
        if state.ended:
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


async def _done(work: Awaitable[None]) -> None:
    await work

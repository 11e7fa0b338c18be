"""The composer: fields and text, the conversation beside them. What it writes is in `tui.composing`, what its keys do in `composer_commands`."""

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Input, TextArea

from mailsync.link.outcome import LinkState
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId
from store.errors import MadoError
from tui.composing import AUTOSAVE_SECONDS, Composing
from tui.freezing import LARGEST_ATTACHMENTS_BYTES
from tui.identity import identities
from tui.screens.chores import Chores
from tui.screens.composer_commands import DEEDS
from tui.screens.composer_fields import Fields
from tui.screens.composer_files import along, pasted
from tui.screens.composer_quoting import quote_taken
from tui.screens.program import ANSWER, program_of
from tui.screens.sending import Sending
from tui.screens.watching import Watching
from tui.view.along import along_lines
from tui.view.banner import ended_words
from tui.view.gate import writable
from tui.view.helping import footer_words
from tui.view.keymap import Place, commands_at
from tui.view.kinds import kind_words
from tui.view.reading import conversation_lines, first_lines
from tui.view.spans import Line, Span, line
from tui.view.statusline import StatusFacts, status_line
from tui.view.trouble import trouble_words
from tui.widgets.body import Body
from tui.widgets.context_pane import ContextPane
from tui.widgets.lines_pane import LinesPane
from tui.widgets.one_line import OneLine
from tui.widgets.prompt import Prompt
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
        self.sought: list[str] = []
        self.chores = Chores(self, self.say)

    def compose(self) -> ComposeResult:
        """Banner, conversation, fields, text, status bar."""
        draft = self.composing.draft
        yield OneLine(id="banner")
        with Vertical(id="composer-panes"):
            yield ContextPane(id="context")
            with Vertical(id="writing"):
                yield Fields(draft, self.composing.known_addresses, identities(self.composing.inbox))
                files = LinesPane(id="along")
                files.can_focus = False
                yield files
                yield Body(writable(draft.body))
        yield OneLine(id="bar")
        yield Prompt(id="prompt")

    def on_mount(self) -> None:
        """The cursor where one begins to write; saving begins."""
        self._begin_where_one_writes()
        self.composing.written_on(self)
        self.set_interval(AUTOSAVE_SECONDS, self._autosave)
        program_of(self).on_leaving(self.composing.save_here)
        self.composing.session.watch_lease(self._lease_lost)
        self.composing.session.watch_line(self._line_changed)
        self._watching = Watching(self)
        self.chores.spawn(self._show_along(self.composing.draft))
        self.call_after_refresh(self.show_context)
        self._banner()

    def _begin_where_one_writes(self) -> None:
        draft = self.composing.draft
        self.body.move_cursor((0, 0))
        self.body.read_only = self.fields.field("subject").disabled = draft.kind is DraftKind.REDIRECT
        if draft.to or draft.kind in (DraftKind.REPLY, DraftKind.REPLY_ALL):
            self.body.focus()
        else:
            self.fields.field("to").focus()
        if draft.kind is DraftKind.REDIRECT:
            self.say(_("The mail itself goes out as it is; only whom it goes to is written here."))

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
    def body(self) -> Body:
        """The text."""
        return self.query_one(Body)

    @property
    def context(self) -> ContextPane:
        """The conversation beside it."""
        return self.query_one(ContextPane)

    # Keys.

    def hear_key(self, event: events.Key) -> bool:
        """Every key, from the app itself; False: it goes its way. What is typed behind an answer is for the text again."""
        if event.key in ("enter", "escape") and any(prompt.is_open for prompt in self.query(Prompt)):
            program_of(self).hold_keys(ANSWER)
        return False

    def action_perform(self, name: str) -> None:
        """A command of the composer."""
        task = self.chores.spawn(self.do(name))
        if DEEDS[name].asks:
            # What is typed meanwhile is for the question it puts, or for the desk it goes back to.
            program = program_of(self)
            program.hold_keys()
            task.add_done_callback(lambda _task: program.release_keys())

    async def do(self, name: str) -> None:
        """The same, until it is done."""
        if not self.composing.read_only or DEEDS[name].reading:
            await DEEDS[name].do(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """While a line is asked for at the bottom, every key is for it."""
        return action != "perform" or not any(prompt.is_open for prompt in self.query(Prompt))

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

    def on_body_pasted(self, event: Body.Pasted) -> None:
        """It may be a file that was dragged here."""
        self.chores.spawn(pasted(self, event.text))

    def on_context_pane_taken(self, event: ContextPane.Taken) -> None:
        """Lines of the conversation, for the text."""
        if not self.composing.read_only:
            quote_taken(self, event)

    # The draft.

    @property
    def fields(self) -> Fields:
        """Whom it goes to, and what it is about."""
        return self.query_one(Fields)

    def taken_into(self, draft: Draft) -> Draft:
        """What stands on the screen, as the draft."""
        try:
            return msgspec.structs.replace(self.fields.taken_into(draft), body=self.body.text)
        except NoMatches:
            # The screen is being taken away: what stood on it was read before.
            return draft

    def show_draft(self, draft: Draft) -> None:
        """The draft becomes what stands on the screen."""
        self.fields.show(draft)
        self.body.become(writable(draft.body))
        self.chores.spawn(self._show_along(draft))

    async def _show_along(self, draft: Draft) -> None:
        files = await along(draft)
        pane = self.query_one("#along", LinesPane)
        pane.display = bool(files)
        pane.show(along_lines(files, LARGEST_ATTACHMENTS_BYTES))

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
            if self.composing.token is None and self.composing.draft.kind is DraftKind.NEW:
                words = ""
            elif self.composing.token is None:
                words = _("Server away: nobody sees that you write. A send waits for its return.")
            elif self._away:
                words = _("Server away: a send waits for its return.")
        self.query_one("#banner", OneLine).show(line(" " + words, "alarm") if words else None)

    # What is shown.

    def show_context(self) -> None:
        """The conversation beside the text."""
        pane, opened = self.context, self.composing.opened
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
        view = kind_words(self.composing.draft.kind)
        facts = StatusFacts(view=view, count=-1, sync="", server="", mentions=0, keys=footer_words(Place.COMPOSER))
        self.query_one("#bar", OneLine).show(self._toast or status_line(facts, self.size.width))

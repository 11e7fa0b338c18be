"""The composer: fields and text, the conversation beside them. What it writes is in `tui.composing`, what its keys do in `composer_commands`."""

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.geometry import Size
from textual.widgets import Input, TextArea

from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.errors import MadoError
from tui.composing import AUTOSAVE_SECONDS, Composing
from tui.freezing import LARGEST_ATTACHMENTS_BYTES
from tui.identity import identities
from tui.screens.chores import Chores
from tui.screens.composer_commands import BY_CODE, DEEDS
from tui.screens.composer_fields import Fields
from tui.screens.composer_files import along, pasted
from tui.screens.composer_quoting import quote_taken
from tui.screens.program import ANSWER, QUESTION, program_of
from tui.screens.sending import Sending
from tui.screens.templates import fill_shelf
from tui.screens.watching import Watching
from tui.screens.writing_screen import WritingScreen
from tui.view.along import along_lines
from tui.view.commands.command import Place
from tui.view.gate import writable
from tui.view.keys.reading import KeyReader
from tui.view.template_search import Shelf, short_code
from tui.view.trouble import trouble_words
from tui.widgets.body import Body
from tui.widgets.context_pane import ContextPane
from tui.widgets.lines_pane import LinesPane
from tui.widgets.one_line import OneLine
from tui.widgets.prompt import Prompt
from tui.words import _

LOW = 16


class Composer(WritingScreen):
    """Leaves with a sentence to say at the desk, or None. One of it is kept for all mails of a run (`tui.standing`)."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = False
        """Whether a mail is being written here."""
        self.sending = Sending(self)
        self._watching: Watching | None = None
        self.sought: list[str] = []
        self.shelf = Shelf()
        self.chores = Chores(self, self.say)
        self._keys = KeyReader(lambda: Place.COMPOSER, lambda: self.composing.session.keys)

    def compose(self) -> ComposeResult:
        """Banner, conversation, fields, text, status bar."""
        yield OneLine(id="banner")
        with Vertical(id="composer-panes"):
            yield ContextPane(id="context")
            with Vertical(id="writing"):
                yield Fields()
                files = LinesPane(id="along")
                files.can_focus = False
                yield files
                yield Body("")
        yield OneLine(id="bar")
        yield Prompt(id="prompt")

    def on_mount(self) -> None:
        """Saving goes on for as long as the program runs."""
        self.set_interval(AUTOSAVE_SECONDS, self._autosave)
        program_of(self).on_leaving(self._save_at_the_end)

    def begin(self, composing: Composing) -> None:
        """Another mail: nothing of the last one is left. The screen is mounted, and shown right after."""
        draft = composing.draft
        self.composing, self.sending = composing, Sending(self)
        self.writes, self.away, self.sought = True, False, []
        self.toast.forget()
        self._suit(self.app.size)
        with self.prevent(TextArea.Changed, Input.Changed):
            self.fields.begin(draft, composing.known_addresses, identities(composing.inbox))
            self.body.begin(writable(draft.body), read_only=draft.kind is DraftKind.REDIRECT)
        self._begin_where_one_writes(draft)
        composing.written_on(self)
        self._watching = Watching(self)
        self.query_one("#along", LinesPane).display = False
        if draft.attachments or draft.carried:
            self.chores.spawn(self._show_along(draft))
        self.chores.spawn(fill_shelf(self))
        self.show_context()
        self.banner()
        self.bar()

    def _begin_where_one_writes(self, draft: Draft) -> None:
        is_addressed = draft.to or draft.kind in (DraftKind.REPLY, DraftKind.REPLY_ALL)
        self.set_focus(self.body if is_addressed else self.fields.field("to"))
        if draft.kind is DraftKind.REDIRECT:
            self.say(_("The mail itself goes out as it is; only whom it goes to is written here."))

    def _end(self) -> None:
        """Nobody waits for this lease any more, and nothing that was begun for this mail may reach the next one."""
        self.writes = False
        if self._watching is not None:
            self._watching.close()
        self.composing.written_on(None)
        self.chores.drop()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """It looks as it was left, but for what was changed since: Textual would find out anew how every widget looks."""
        event.refresh_styles = False

    def on_unmount(self) -> None:
        """The program ends."""
        if self.writes:
            self._end()

    def _save_at_the_end(self) -> None:
        if self.writes:
            self.composing.save_here()

    def on_resize(self, event: events.Resize) -> None:
        """Another layout."""
        self._suit(event.size)
        if self.writes:
            self.call_after_refresh(self.show_context)
            self.call_after_refresh(self.bar)

    def _suit(self, size: Size) -> None:
        self.set_class(size.width >= 160, "-wide")
        self.set_class(size.height < LOW, "-low")

    # Keys.

    def hear_key(self, event: events.Key) -> bool:
        """Every key, from the app itself; False: it goes its way. What is typed behind an answer is for the text again."""
        if any(prompt.is_open for prompt in self.query(Prompt)):
            # While a line is asked for at the bottom, every key is for it.
            if event.key in ("enter", "escape"):
                program_of(self).hold_keys(ANSWER)
            return False
        if event.key == "tab" and self.body.has_focus and short_code(self.body.before_cursor):
            self.action_perform(BY_CODE)
            return True
        name = "" if event.is_printable else self._keys.hear(event.key, None)
        if name:
            self.action_perform(name)
        return bool(name)

    def action_perform(self, name: str) -> None:
        """A command of the composer."""
        deed, program = DEEDS[name], program_of(self)
        task = self.chores.spawn(self.do(name))
        if deed.asks or deed.leaves:
            # What is typed meanwhile is for the question it puts, or for the desk it goes back to.
            what = QUESTION if deed.asks else ANSWER
            program.hold_keys(what)
            task.add_done_callback(lambda _task: program.release_keys(what))

    async def do(self, name: str) -> None:
        """The same, until it is done."""
        if not self.composing.read_only or DEEDS[name].reading:
            await DEEDS[name].do(self)

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
        if not self.writes or draft.conversation_id != self.composing.opened.row.id:
            return
        pane = self.query_one("#along", LinesPane)
        pane.display = bool(files)
        pane.show(along_lines(files, LARGEST_ATTACHMENTS_BYTES))

    async def _autosave(self) -> None:
        if not self.writes:
            return
        try:
            await self.composing.save()
        except MadoError as error:
            self.say(trouble_words(error), "alarm")

    def close(self, words: str | None) -> None:
        """Back to the desk with a sentence."""
        if self.is_current and self.writes:
            self._end()
            self.dismiss(words)

    # What may be done.

    def make_read_only(self, words: str) -> None:
        """Nothing can be sent from here any more."""
        self.composing.lose_lease()
        self.body.read_only = True
        self.fields.refuse()
        self.banner(words)

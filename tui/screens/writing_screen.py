"""The screen one writes on, as it looks: the text, its fields, the conversation beside it, banner and status bar."""

from textual import events
from textual.screen import Screen

from store.domain.draft_kind import DraftKind
from tui.composing import Composing
from tui.screens.composer_fields import Fields
from tui.screens.toast import Toast
from tui.view.banner import gone_words, writing_words
from tui.view.commands.command import Place
from tui.view.footer import WRITING, footer_words
from tui.view.kinds import kind_words
from tui.view.reading import conversation_lines, first_lines
from tui.view.spans import line
from tui.view.statusline import StatusFacts, status_line
from tui.widgets.body import Body
from tui.widgets.context_pane import ContextPane
from tui.widgets.one_line import OneLine


class WritingScreen(Screen[str | None]):
    """What is said and shown around the text."""

    def __init__(self) -> None:
        super().__init__()
        self.composing: Composing
        """What is written; there from the first `begin` on."""
        self.toast = Toast(self.bar)
        self.away = False
        self.covered = False
        """A dialog stands over it, whose keys are the ones that work."""

    @property
    def body(self) -> Body:
        """The text."""
        return self.query_one(Body)

    @property
    def context(self) -> ContextPane:
        """The conversation beside it."""
        return self.query_one(ContextPane)

    @property
    def fields(self) -> Fields:
        """Whom it goes to, and what it is about."""
        return self.query_one(Fields)

    def line_is(self, *, away: bool) -> None:
        """The server came or went."""
        self.away = away
        self.banner()

    def show_news(self, words: str) -> None:
        """Something happened here while one writes."""
        if not self.composing.read_only:
            self.banner(words)

    def banner(self, words: str = "") -> None:
        """What must be known while one writes."""
        composing = self.composing
        if not words and not composing.read_only:
            words = writing_words(leased=composing.token is not None, new=composing.draft.kind is DraftKind.NEW, away=self.away)
            words = gone_words() if composing.session.home_is_gone else words
        self.query_one("#banner", OneLine).show(line(" " + words, "alarm") if words else None)

    def show_context(self) -> None:
        """The conversation beside the text."""
        pane, opened = self.context, self.composing.opened
        lines = conversation_lines(opened.messages, pane.text_width, self.composing.session.clock.now())
        pane.show(lines, top=first_lines(opened.messages, lines))

    def say(self, words: str, tone: str = "notice") -> None:
        """One sentence in place of the status bar, until the next key."""
        self.toast.say(words, tone)
        self.bar()

    def bar(self) -> None:
        """The status bar."""
        if not self.is_mounted:
            return
        view = kind_words(self.composing.draft.kind)
        keys = "" if self.covered else footer_words(Place.COMPOSER, WRITING, keys=self.composing.session.keys)
        facts = StatusFacts(view=view, count=-1, sync="", server="", mentions=0, keys=keys)
        self.query_one("#bar", OneLine).show(self.toast.line or status_line(facts, self.size.width))

    def on_screen_suspend(self) -> None:
        """A dialog comes over it, or it ends."""
        if self in self.app.screen_stack and self.app.screen is not self:
            self.covered = True
            self.bar()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """What stood over it has gone."""
        del event
        if self.covered:
            self.covered = False
            self.bar()

    def on_key(self, _event: events.Key) -> None:
        """Any key: the last sentence has been read."""
        if self.toast.forget():
            self.bar()

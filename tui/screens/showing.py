"""What the desk shows beside the list: the mail, the comments, banner and status bar. Reads the store, never more often than it can paint."""

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from textual.screen import Screen
from textual.timer import Timer

from store.domain.ids import ConversationId
from store.local.rows import ConversationRow
from tui.line import Progress
from tui.opened import Opened
from tui.pager import Pager
from tui.screens.help import HelpScreen
from tui.screens.notices import Notices
from tui.session import Session
from tui.view.banner import Away, banner_line, mail_trouble_words
from tui.view.comments import comment_lines, comments_heading
from tui.view.gate import clean
from tui.view.helping import footer_words
from tui.view.keymap import Place
from tui.view.news import news_words
from tui.view.reading import conversation_lines, first_lines
from tui.view.spans import Line, Span, line
from tui.view.statusline import StatusFacts, status_line
from tui.view.sync_words import sync_words
from tui.view.timeline import timeline_lines
from tui.view.width import cut
from tui.view.wrapping import wrap
from tui.widgets.lines_pane import LinesPane
from tui.widgets.one_line import OneLine
from tui.words import _

PREVIEW_SECONDS = 0.12
"""With the mail beside the list, a run of `j` shows the last one only: each would repaint half the screen."""
COALESCE_SECONDS = 0.03
"""Changes that come closer together than this are one repaint."""


def _sync(status: Progress | None, *, failing: bool) -> str:
    return "" if status is None else sync_words(status.done, status.total, failed=failing)


class Panes(Protocol):
    """The desk as this module sees it."""

    session: Session
    pager: Pager
    place: Place
    unfolded: bool
    with_timeline: bool

    @property
    def row(self) -> ConversationRow | None: ...
    @property
    def reading(self) -> LinesPane: ...
    @property
    def comments(self) -> LinesPane: ...
    @property
    def is_wide(self) -> bool: ...
    @property
    def view_words(self) -> str: ...
    @property
    def screen(self) -> "Screen[object]": ...
    async def read(self, conversation_id: ConversationId) -> Opened | None: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def look(self, *, anew: bool = False) -> None: ...


class Showing:
    """Keeps the panes of one desk level with the store."""

    def __init__(self, desk: Panes) -> None:
        self._desk = desk
        self.opened: Opened | None = None
        self._wanted: tuple[ConversationId, bool] | None = None
        self._looking = False
        self._timer: Timer | None = None
        self._count = desk.session.first_count
        self._toast: Line | None = None
        self._news = ""
        self._changed: set[ConversationId] = set()
        self._everything = False
        self._due = False
        self.notices = Notices(desk.session, self.toast)
        self._loop = asyncio.get_running_loop()

    # Changes of the store.

    def changed_from_any_thread(self, ids: frozenset[ConversationId]) -> None:
        """What the store calls after a commit."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard, ids)

    def _heard(self, ids: frozenset[ConversationId]) -> None:
        self._changed |= ids
        self._everything = self._everything or not ids
        if not self._due:
            self._due = True
            self._loop.call_later(COALESCE_SECONDS, self._catch_up)

    def _catch_up(self) -> None:
        ids, everything = frozenset(self._changed), self._everything
        self._changed.clear()
        self._due = self._everything = False
        if not self._desk.screen.is_mounted:
            return
        if everything:
            self._desk.session.forget_people()
        self._desk.spawn(self._desk.pager.refresh())
        self.count()
        if self.opened is not None and (everything or self.opened.row.id in ids):
            self._desk.look()
        self._desk.spawn(self.notices.look())
        self.banner()

    # The conversation that is read.

    def look_soon(self) -> None:
        """Look when the cursor has rested for `PREVIEW_SECONDS`."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._desk.screen.set_timer(PREVIEW_SECONDS, lambda: self.look(anew=True))

    def look(self, *, anew: bool = False) -> None:
        """Read the conversation under the cursor and show it; `anew` from its last message on. The newest wish wins."""
        row = self._desk.row
        if row is None:
            self.opened = None
            self._desk.reading.show(())
            self._desk.comments.show(())
            return
        self._wanted = (row.id, anew or self.opened is None or self.opened.row.id != row.id)
        if not self._looking:
            self._looking = True
            self._desk.spawn(self._read())

    async def _read(self) -> None:
        try:
            while self._wanted is not None:
                (conversation_id, anew), self._wanted = self._wanted, None
                opened = await self._desk.read(conversation_id)
                if opened is not None and self._wanted is None:
                    self._show(opened, anew=anew)
                    if self._desk.place is not Place.LIST:
                        await self._say_where(opened, anew=anew)
        finally:
            self._looking = False

    async def _say_where(self, opened: Opened, *, anew: bool) -> None:
        session = self._desk.session
        if opened.row.mentions_me:
            # Also when it came while one was reading: it stands on the screen.
            await asyncio.to_thread(session.store.mark_seen, opened.row.id, opened.conversation.revision)
        if anew and session.link is not None:
            await session.link.look_at(opened.row.id)

    def left_conversation(self) -> None:
        """Back at the list: nobody's company any more."""
        self._news = ""
        self.opened = None
        self.banner()
        link = self._desk.session.link
        if link is not None:
            self._desk.spawn(link.look_at(None))

    def _show(self, opened: Opened, *, anew: bool) -> None:
        before = self.opened
        self.opened = opened
        session, now = self._desk.session, self._desk.session.clock.now()
        if anew:
            self._news = ""
        elif before is not None and before.row.id == opened.row.id:
            self._news = news_words(before.conversation, opened.conversation, session.me, session.names) or self._news
        reading = self._desk.reading
        lines = conversation_lines(opened.messages, reading.text_width, now, unfolded=self._desk.unfolded)
        if not opened.messages:
            lines = (line(_("The mail itself is not on this machine (yet)."), "notice"),)
        reading.show(lines, top=first_lines(opened.messages, lines) if anew else reading.top)
        self._show_comments(opened)
        self.banner()

    def _show_comments(self, opened: Opened) -> None:
        desk, session = self._desk, self._desk.session
        now, names, pane = session.clock.now(), session.names, desk.comments
        width = max(20, pane.text_width if pane.size.width else desk.screen.size.width)
        said = opened.conversation.comments
        if desk.with_timeline:
            lines = timeline_lines(opened.timeline, width, names=names, now=now)
            lead = line(cut("── " + _("timeline") + " " + "─" * width, width), "rule")
        else:
            lines = comment_lines(said, width, me=session.me, names=names, now=now)
            lead = comments_heading(len(said), width)
        pane.set_class(bool(lines) or desk.place is Place.COMMENTS, "-shown")
        # The newest is at the bottom, where one looks for it.
        pane.show(lines, top=len(lines), lead=lead)

    def raw(self) -> None:
        """The raw source of the last message, on a page of its own."""
        row = self._desk.row
        if row is not None:
            self._desk.spawn(self._raw(row.id))

    async def _raw(self, conversation_id: ConversationId) -> None:
        store = self._desk.session.store
        opened = await self._desk.read(conversation_id)
        if opened is None or not opened.messages:
            return
        last = opened.messages[-1]
        raw = await asyncio.wrap_future(store.ask(lambda: store.raw(last.message_id, last.inbox, last.content_sha256)))
        if raw is None:
            self.toast(_("The raw source is not on this machine."), "notice")
            return
        text = clean(raw.decode("utf-8", "replace"), lines=True).split("\n")
        title = _("Raw source (Esc leaves)")
        page = HelpScreen(title, lambda _typed, width: tuple(line(piece) for each in text for piece in wrap(each, width)), searchable=False)
        self._desk.screen.app.push_screen(page)

    # The lines above and below.

    def banner(self) -> None:
        """What must be known before the next key."""
        session = self._desk.session
        state = session.link.state if session.link is not None else None
        away = Away(state.since, state.queued, state.why) if state is not None and not state.connected and session.ever_tried else None
        conversation = self.opened.conversation if self.opened is not None and self._desk.place is not Place.LIST else None
        mail = next((mail_trouble_words(inbox, error) for inbox, error in session.failing.items() if error is not None), "")
        shown = banner_line(away=away, news=self._news, mail=mail, conversation=conversation, me=session.me, names=session.names)
        self._desk.screen.query_one("#banner", OneLine).show(shown)

    def sync_changed(self) -> None:
        """The mail came on, or an inbox cannot be reached."""
        self.bar()
        self.banner()

    def toast(self, words: str, tone: str) -> None:
        """One sentence in place of the status bar, until the next key."""
        self._toast = Line((Span(" " + words, tone),))
        self.bar()

    def forget_toast(self) -> None:
        """The status bar again."""
        if self._toast is not None:
            self._toast = None
            self.bar()

    def bar(self) -> None:
        """The status bar."""
        desk, session = self._desk, self._desk.session
        facts = StatusFacts(
            view=clean(desk.view_words),
            count=self._count,
            sync=_sync(session.sync_status, failing=bool(session.failing)),
            server=_("server away") if session.link is not None and not session.connected else "",
            mentions=sum(row.mentions_me for row in desk.pager.window.rows),
            keys=footer_words(desk.place),
        )
        self._desk.screen.query_one("#bar", OneLine).show(self._toast or status_line(facts, desk.screen.size.width))

    def count(self) -> None:
        """How many there are in this list, counted beside the keys."""
        self._desk.spawn(self._counted())

    async def _counted(self) -> None:
        store, query = self._desk.session.store, self._desk.pager.query
        self._count = await asyncio.wrap_future(store.ask(lambda: store.count(query)))
        self.bar()

    def empty_words(self) -> tuple[str, ...]:
        """What an empty list says."""
        if not self._desk.session.settings.inboxes:
            return (
                _("There is no inbox here yet."),
                _("To try it:            mado demo"),
                _("With an invitation:   mado join INVITATION"),
                _("Leave with q."),
            )
        return (_("Nothing here."), _("1 is the work tray, 2 what is yours, 3 everything; / searches."))

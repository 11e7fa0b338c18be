"""What stands around the panes: banner, status bar, what is said once. Hears the store, and has everything shown anew, never too often."""

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from typing import Protocol

from textual.screen import Screen

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.domain.outbox import LEFT_STATES
from store.domain.status import AWAITING_CHECK
from store.local.rows import ConversationRow
from store.sqlite.errors import ReadGivenUp
from tui.elsewhere import Elsewhere
from tui.opened import Opened
from tui.pager import Pager
from tui.screens.notices import Notices
from tui.screens.shown_mail import ShownMail
from tui.session import Session
from tui.view.banner import Away, banner_line, mail_trouble_words, queued_words, reply_queued_words
from tui.view.emptiness import Mail, empty_words
from tui.view.gate import clean
from tui.view.helping import footer_words
from tui.view.keymap import Place
from tui.view.news import news_words
from tui.view.progress import progress_words
from tui.view.query_words import MANY
from tui.view.spans import Line, Span
from tui.view.statusline import StatusFacts, status_line
from tui.widgets.one_line import OneLine
from tui.words import _

COALESCE_SECONDS = 0.03
"""The first change after a pause is painted at once; what comes closer behind it than this is one repaint."""
SYNCING_SECONDS = 0.25
"""The same while a mailbox is loaded: each repaint takes the store's time from the mail."""
BAR_SECONDS = 1.0
"""What changes by itself in the status bar is painted at most so often."""


class Counted(Protocol):
    """Which list is shown, as this module sees it."""

    @property
    def is_home(self) -> bool: ...


class Panes(Protocol):
    """The desk as this module sees it."""

    session: Session
    pager: Pager
    place: Place
    mail: ShownMail

    @property
    def views(self) -> Counted: ...
    @property
    def view_words(self) -> str: ...
    @property
    def screen(self) -> "Screen[object]": ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def look(self, *, anew: bool = False) -> None: ...
    def counted(self, count: int) -> None: ...
    def show_emptiness(self) -> None: ...
    def show_anew(self) -> None: ...


class Showing:
    """Keeps what stands around the panes of one desk level with the store."""

    def __init__(self, desk: Panes) -> None:
        self._desk = desk
        self._count = desk.session.first_count
        self._more = False
        self._counting: Future[int] | None = None
        self._toast: Line | None = None
        self._leaving: tuple[Line, Draft] | None = None
        """What was said of a mail that was handed over; true until it has left."""
        self._news = ""
        self._changed: set[ConversationId] = set()
        self._everything = False
        self._due = False
        self._caught_up_at = float("-inf")
        self._bar_due = False
        self._bar_at = float("-inf")
        several = len(desk.session.settings.inboxes) > 1
        self.elsewhere = Elsewhere(desk.session.store, several_inboxes=several, on_news=desk.show_anew)
        self.notices = Notices(desk.session, self.toast)
        self._loop = asyncio.get_running_loop()

    @property
    def _is_there(self) -> bool:
        """Whether the desk can be painted: at the very end of the program news still comes, and its lines have gone."""
        return self._desk.screen.is_mounted and self._desk.screen.is_running

    # Changes of the store.

    def changed_from_any_thread(self, ids: frozenset[ConversationId]) -> None:
        """What the store calls after a commit."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard, ids)

    def _heard(self, ids: frozenset[ConversationId]) -> None:
        if not ids:
            # At once, and before there is anything to paint: a name that was read earlier would be said for ever.
            self._desk.session.forget_people()
        self._changed |= ids
        self._everything = self._everything or not ids
        if not self._due:
            self._due = True
            pause_seconds = SYNCING_SECONDS if self._is_loading else COALESCE_SECONDS
            self._loop.call_later(max(0.0, self._caught_up_at + pause_seconds - self._loop.time()), self._catch_up)

    @property
    def _is_loading(self) -> bool:
        """Whether a mailbox is being loaded and its newest mail stands on the screen already."""
        session = self._desk.session
        return session.sync_status is not None and session.sync_status.total > session.sync_status.done > 0 and bool(self._desk.pager.window.rows)

    def _catch_up(self) -> None:
        ids, everything = frozenset(self._changed), self._everything
        self._changed.clear()
        self._due = self._everything = False
        self._caught_up_at = self._loop.time()
        if not self._is_there:
            return
        self.elsewhere.changed()
        self._desk.spawn(self._desk.pager.refresh())
        self._bar_soon()
        opened = self._desk.mail.opened
        if opened is not None and (everything or opened.row.id in ids):
            self._desk.look()
        self._desk.spawn(self._look_after_leaving())
        self._desk.spawn(self.notices.look())
        self.banner()

    def rows(self, rows: Sequence[ConversationRow]) -> None:
        """These stand in the list now."""
        if not self.elsewhere.is_level(rows):
            self._desk.spawn(self.elsewhere.look(rows))

    # The lines above and below.

    def read(self, before: Opened | None, opened: Opened, *, anew: bool) -> None:
        """Another conversation is read now, or what is new in it stands on the screen."""
        if anew:
            self._news = ""
        elif before is not None and before.row.id == opened.row.id:
            self._news = self._news_of(before, opened) or self._news
        self.banner()

    def _news_of(self, before: Opened, opened: Opened) -> str:
        session = self._desk.session
        return news_words(before.conversation, opened.conversation, session.me, session.names, session.statuses)

    def left_conversation(self) -> None:
        """Back at the list."""
        self._news = ""
        self._desk.mail.left()
        self.banner()

    def banner(self) -> None:
        """What must be known before the next key."""
        session, opened = self._desk.session, self._desk.mail.opened
        state = session.link.state if session.link is not None else None
        away = Away(state.since, state.queued, state.ended) if state is not None and not state.connected and session.ever_tried else None
        conversation = opened.conversation if opened is not None and self._desk.place is not Place.LIST else None
        mail = next((mail_trouble_words(inbox, error) for inbox, error in session.failing.items() if error is not None), "")
        gone = session.home_is_gone
        shown = banner_line(away=away, news=self._news, mail=mail, conversation=conversation, me=session.me, names=session.names, home_is_gone=gone)
        self._desk.screen.query_one("#banner", OneLine).show(shown)

    def sync_changed(self) -> None:
        """The mail came on, or an inbox cannot be reached."""
        if not self._is_there:
            return
        self._bar_soon()
        self.banner()
        if not self._desk.pager.window.rows:
            self._desk.show_emptiness()

    def toast(self, words: str, tone: str) -> None:
        """One sentence in place of the status bar, until the next key."""
        self._toast = _toast_of(words, tone)
        self.bar()

    def composer_left(self, words: str, draft: Draft) -> None:
        """What the composer says in the end: it may be that u takes the reply back."""
        self.toast(words, "notice")
        self._leaving = (_toast_of(words, "notice"), draft) if draft.submission_id is not None else None

    async def _look_after_leaving(self) -> None:
        """Once the mail server has the reply, nobody is to be told any more that u takes it back."""
        if self._leaving is None or self._toast != self._leaving[0]:
            self._leaving = None
            return
        store, (said, draft) = self._desk.session.store, self._leaving
        conversation = await asyncio.wrap_future(store.ask(lambda: store.conversation(draft.conversation_id)))
        submissions = conversation.submissions if conversation is not None else ()
        has_left = any(one.id == draft.submission_id and one.state in LEFT_STATES for one in submissions)
        if has_left and self._toast == said:
            self.toast(_("Your reply has left."), "notice")

    def nothing_waits(self) -> None:
        """The server is here and has everything: a sentence that something waits for it is true no more."""
        if self._toast in [_toast_of(words, "notice") for words in (queued_words(), reply_queued_words())]:
            self.toast(_("The server is back and has what waited."), "notice")

    def forget_toast(self) -> None:
        """The status bar again."""
        if self._toast is not None:
            self._toast = None
            self.bar()

    def bar(self) -> None:
        """The status bar."""
        desk, session = self._desk, self._desk.session
        self._bar_at = self._loop.time()
        selected = desk.pager.window.selected
        facts = StatusFacts(
            view=clean(desk.view_words),
            count=self._count,
            more=self._more,
            sync=self._sync_words(),
            server=_("server away") if session.link is not None and not session.connected else "",
            mentions=sum(row.mentions_me for row in desk.pager.window.rows),
            keys=footer_words(desk.place, session.role_at(selected), waits_for_check=selected is not None and selected.status == AWAITING_CHECK),
        )
        self._desk.screen.query_one("#bar", OneLine).show(self._toast or status_line(facts, desk.screen.size.width))

    def _sync_words(self) -> str:
        return self._progress_words() or (_("mail: no connection") if self._desk.session.failing else "")

    def _progress_words(self) -> str:
        status = self._desk.session.sync_status
        return progress_words(status.done, status.total, status.eta_seconds) if status is not None else ""

    def _bar_soon(self) -> None:
        """Count, and paint the bar: at once after a quiet second, else when it is over."""
        if not self._bar_due:
            self._bar_due = True
            self._loop.call_later(max(0.0, self._bar_at + BAR_SECONDS - self._loop.time()), self._bar_now)

    def _bar_now(self) -> None:
        self._bar_due = False
        if self._is_there:
            self.count()

    def count(self) -> None:
        """How many there are in this list, counted beside the keys."""
        self._desk.spawn(self._counted())

    async def _counted(self) -> None:
        store, query, most = self._desk.session.store, self._desk.pager.query, None if self._desk.views.is_home else MANY
        if self._counting is not None:
            self._counting.cancel()
        self._counting = store.ask(lambda: store.count(query, most=most))
        try:
            count = await asyncio.wrap_future(self._counting)
        except ReadGivenUp:
            return
        if query is self._desk.pager.query:
            self._count, self._more = (most, True) if most is not None and count > most else (count, False)
            self.bar()
            self._desk.counted(count)

    def empty_words(self) -> tuple[str, ...]:
        """What an empty list says."""
        session = self._desk.session
        waiting = [inbox.key for inbox in session.settings.inboxes if session.store.pulled_at(inbox.key) is None]
        mail = Mail.HERE if session.settings.inboxes else Mail.NO_INBOX
        if waiting:
            mail = Mail.UNREACHABLE if all(key in session.failing for key in waiting) else Mail.FETCHING
        return empty_words(mail, self._progress_words())


def _toast_of(words: str, tone: str) -> Line:
    return Line((Span(" " + words, tone),))

"""What stands around the panes: banner, marks, what came from elsewhere. Hears the store, and has everything shown anew, never too often."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Protocol

from textual.screen import Screen

from store.domain.ids import ConversationId
from store.local.rows import ConversationRow
from store.on_loop import OnLoop
from tui.calling import Calling
from tui.elsewhere import Elsewhere
from tui.opened import Opened
from tui.pager import Pager
from tui.screens.notices import Notices
from tui.screens.shown_mail import ShownMail
from tui.screens.status_bar import StatusBar, is_there
from tui.session import Session
from tui.view.banner import Away, banner_line, mail_trouble_words
from tui.view.commands.command import Place
from tui.view.news import news_words
from tui.widgets.one_line import OneLine

COALESCE_SECONDS = 0.03
"""The first change after a pause is painted at once; what comes closer behind it than this is one repaint."""
TELLING_SECONDS = 0.25
"""Whom it concerns is told so often at most: each time five questions to the store."""
SYNCING_SECONDS = 0.25
"""The same while a mailbox is loaded: each repaint takes the store's time from the mail."""


class Panes(Protocol):
    """The desk as this module sees it."""

    session: Session
    pager: Pager
    place: Place
    mail: ShownMail
    status: StatusBar
    calling: Calling

    @property
    def screen(self) -> "Screen[object]": ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def look(self, *, anew: bool = False) -> None: ...
    def say(self, words: str, tone: str = "notice") -> None: ...
    def show_emptiness(self) -> None: ...
    def show_anew(self) -> None: ...
    def recount(self, *, everything: bool) -> None: ...


class Showing:
    """Keeps what stands around the panes of one desk level with the store."""

    def __init__(self, desk: Panes) -> None:
        self._desk = desk
        self._news = ""
        self._changed: set[ConversationId] = set()
        self._everything = False
        self._due = False
        self._caught_up_at = self._told_at = float("-inf")
        self._to_tell = False
        several = len(desk.session.settings.inboxes) > 1
        self.elsewhere = Elsewhere(desk.session.store, several_inboxes=several, on_news=desk.show_anew)
        self.notices = Notices(desk.session, desk.say, desk.status.outgoing)
        self._loop = asyncio.get_running_loop()
        self._on_loop = OnLoop()

    # Changes of the store.

    def changed_from_any_thread(self, ids: frozenset[ConversationId]) -> None:
        """What the store calls after a commit."""
        self._on_loop.soon(self._heard, ids)

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
        if not is_there(self._desk.screen):
            return
        self.elsewhere.changed()
        self._desk.recount(everything=everything)
        self._desk.spawn(self._desk.pager.refresh())
        self._desk.status.count_soon()
        opened = self._desk.mail.opened
        if opened is not None and (everything or opened.row.id in ids):
            self._desk.look()
        self.banner()
        if not self._to_tell:
            self._to_tell = True
            self._loop.call_later(max(0.0, self._told_at + TELLING_SECONDS - self._loop.time()), self._tell)

    def _tell(self) -> None:
        """What is not of the list: whom it concerns is told at once after a quiet moment, and seldom while much happens."""
        self._to_tell = False
        self._told_at = self._loop.time()
        if is_there(self._desk.screen):
            self._desk.spawn(self._desk.status.look_after_leaving())
            self._desk.spawn(self.notices.look())
            self._desk.spawn(self._desk.calling.look())

    def rows(self, rows: Sequence[ConversationRow]) -> None:
        """These stand in the list now."""
        if not self.elsewhere.is_level(rows):
            self._desk.spawn(self.elsewhere.look(rows))

    # The lines above and below.

    def read(self, before: Opened | None, opened: Opened, *, anew: bool) -> None:
        """Another conversation is read now, or what is new in it stands on the screen."""
        if anew:
            self._news = ""
        elif before is not None:
            self._news = self._news_of(before, opened) or self._news
        self.banner()

    def _news_of(self, before: Opened, opened: Opened) -> str:
        session = self._desk.session
        return news_words(before.conversation, opened.conversation, session.me, session.names, session.statuses, opened.timeline)

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
        shown = banner_line(
            away=away,
            news=self._news,
            mail=mail,
            conversation=conversation,
            me=session.me,
            names=session.names,
            home_is_gone=gone,
            key=session.keys.shown,
        )
        self._desk.screen.query_one("#banner", OneLine).show(shown)

    def sync_changed(self) -> None:
        """The mail came on, or an inbox cannot be reached."""
        if not is_there(self._desk.screen):
            return
        self._desk.status.count_soon()
        self.banner()
        if not self._desk.pager.window.rows:
            self._desk.show_emptiness()

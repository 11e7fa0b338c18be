"""The status bar of the desk: which list, how many, whether all is well, the keys that matter; in its place what is said once."""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from typing import Protocol

from textual.screen import Screen

from store.domain.draft import Draft
from store.domain.outbox import LEFT_STATES, OutboxState
from store.domain.query import Field
from store.sqlite.errors import ReadGivenUp
from tui.pager import Pager
from tui.screens.shown_mail import ShownMail
from tui.screens.toast import Toast, said
from tui.session import Session
from tui.view.availability import Situation
from tui.view.banner import mail_words, queued_words, reply_queued_words
from tui.view.commands.command import Place
from tui.view.emptiness import Mail, empty_words
from tui.view.footer import Aside, footer_words
from tui.view.gate import clean
from tui.view.many_words import marked_words
from tui.view.marks import MarkSet
from tui.view.progress import progress_words
from tui.view.query_words import MANY
from tui.view.statusline import StatusFacts, outbox_words, status_line
from tui.widgets.one_line import OneLine
from tui.words import _

CALLED = Field("is", "called")
BAR_SECONDS = 1.0
"""What changes by itself in the status bar is painted at most so often."""
REST_SECONDS = 0.3
"""So long the cursor rests until the keys that matter for that conversation are shown: a run of `j` paints one line, not two."""


class Counted(Protocol):
    """Which list is shown, as this module sees it."""

    query_text: str

    @property
    def is_home(self) -> bool: ...
    @property
    def current(self) -> object | None: ...


class Barred(Protocol):
    """The desk as this module sees it."""

    session: Session
    pager: Pager
    place: Place
    marks: MarkSet
    mail: ShownMail

    @property
    def views(self) -> Counted: ...
    @property
    def situation(self) -> Situation: ...
    @property
    def view_words(self) -> str: ...
    @property
    def screen(self) -> "Screen[object]": ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def counted(self, count: int) -> None: ...


def is_there(screen: "Screen[object]") -> bool:
    """Whether the desk can be painted: at the very end of the program news still comes, and its lines have gone."""
    return screen.is_mounted and screen.is_running


class StatusBar:
    """Keeps the lowest line of one desk level with the store."""

    def __init__(self, desk: Barred) -> None:
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._count = desk.session.first_count
        self._more = False
        self._mentions = 0
        self._outbox: Mapping[OutboxState, int] = {}
        self._counting: Future[tuple[int, int]] | None = None
        self._toast = Toast(self._toast_ended)
        self._leaving: Draft | None = None
        """The mail of which was said that it leaves; nothing else was said since."""
        self._progress = ""
        """How far something that takes a while is."""
        self._is_due = False
        self._painted_at = float("-inf")
        self._keys = ""
        self._resting: asyncio.TimerHandle | None = None

    def toast(self, words: str, tone: str) -> None:
        """One sentence in place of the status bar, until the next key."""
        self._leaving = None
        self._toast.say(words, tone)
        self.paint()

    def aside(self, words: str) -> None:
        """The same of a key that does nothing: it never takes the place of what came of another."""
        if self._toast.line is None or self._toast.is_aside:
            self.why_not(words)

    def why_not(self, words: str) -> None:
        """Why a key does nothing now; said in place of whatever stands there."""
        self._toast.say(words, aside=True)
        self.paint()

    def key_pressed(self) -> None:
        """Whoever presses another key has read what was said of the last one, which did nothing."""
        if self._toast.is_aside:
            self.forget_toast()

    def _toast_ended(self) -> None:
        if is_there(self._desk.screen):
            self.paint()

    def composer_left(self, words: str, draft: Draft) -> None:
        """What the composer says in the end: it may be that u takes the reply back."""
        self.toast(words, "notice")
        self._leaving = draft if draft.submission_id is not None else None

    async def look_after_leaving(self) -> None:
        """Once the mail server has the reply, nobody is to be told any more that u takes it back."""
        draft, store = self._leaving, self._desk.session.store
        if draft is None:
            return
        conversation = await asyncio.wrap_future(store.ask(lambda: store.conversation(draft.conversation_id)))
        submissions = conversation.submissions if conversation is not None else ()
        has_left = any(one.id == draft.submission_id and one.state in LEFT_STATES for one in submissions)
        if has_left and self._leaving is draft:
            self.toast(_("Your reply has left."), "notice")

    def nothing_waits(self) -> None:
        """The server is here and has everything: a sentence that something waits for it is true no more."""
        if self._toast.line in [said(words, "notice") for words in (queued_words(), reply_queued_words(self._desk.session.undo_key))]:
            self.toast(_("The server is back and has what waited."), "notice")

    def progress(self, words: str) -> None:
        """So far it is; "": it is over. Painted at most every `BAR_SECONDS`."""
        self._progress = words
        if not words or self._loop.time() - self._painted_at >= BAR_SECONDS:
            self.paint()

    def forget_toast(self) -> None:
        """The status bar again."""
        self._leaving = None
        if self._toast.forget():
            self.paint()

    def paint(self) -> None:
        """The status bar."""
        desk, session = self._desk, self._desk.session
        self._painted_at = self._loop.time()
        self._keys = self._keys_now()
        facts = StatusFacts(
            view=clean(desk.view_words),
            count=self._count,
            more=self._more,
            sync=self._progress or self._sync_words(),
            marked=marked_words(desk.marks.count) if desk.marks else "",
            server=_("server away") if session.link is not None and not session.connected else "",
            mentions=self._mentions,
            outbox=outbox_words(self._outbox),
            keys=self._keys,
        )
        self._desk.screen.query_one("#bar", OneLine).show(self._toast.line or status_line(facts, desk.screen.size.width))

    def _keys_now(self) -> str:
        desk = self._desk
        files = desk.place is Place.READING and desk.mail.has_attachments
        return footer_words(desk.place, desk.situation, self._aside(files=files), keys=desk.session.keys)

    def _aside(self, *, files: bool) -> Aside:
        desk = self._desk
        at = desk.mail.talk.current if desk.place is Place.COMMENTS else None
        silent = desk.place is Place.COMMENTS and at is None
        colleagues = at is not None and at.by != desk.session.me
        return Aside(searched=desk.views.current is None, marked=bool(desk.marks), files=files, silent=silent, colleagues=colleagues)

    def moved(self) -> None:
        """Another conversation is under the cursor, or it is another by now: where other keys matter there, they come when it has rested."""
        if self._resting is not None:
            self._resting.cancel()
        self._resting = self._loop.call_later(REST_SECONDS, self._rested)

    def _rested(self) -> None:
        self._resting = None
        if is_there(self._desk.screen) and self._keys_now() != self._keys:
            self.paint()

    def _sync_words(self) -> str:
        session = self._desk.session
        return self._progress_words() or mail_words(session.failing, len(session.settings.inboxes))

    def _progress_words(self) -> str:
        status = self._desk.session.sync_status
        return progress_words(status.done, status.total, status.eta_seconds) if status is not None else ""

    def outgoing(self, outbox: Mapping[OutboxState, int]) -> None:
        """So many replies of one's own are on their way, or wait for a decision."""
        if outbox != self._outbox:
            self._outbox = outbox
            self.paint()

    def count_soon(self) -> None:
        """Count, and paint the bar: at once after a quiet second, else when it is over."""
        if not self._is_due:
            self._is_due = True
            self._loop.call_later(max(0.0, self._painted_at + BAR_SECONDS - self._loop.time()), self._count_now)

    def _count_now(self) -> None:
        self._is_due = False
        if is_there(self._desk.screen):
            self.count()

    def count(self) -> None:
        """How many there are in this list, counted beside the keys."""
        self._desk.spawn(self._counted())

    async def _counted(self) -> None:
        store, query, most = self._desk.session.store, self._desk.pager.query, None if self._desk.views.is_home else MANY
        if self._counting is not None:
            self._counting.cancel()
        self._counting = store.ask(lambda: (store.count(query, most=most), store.count(CALLED, most=MANY)))
        try:
            count, self._mentions = await asyncio.wrap_future(self._counting)
        except ReadGivenUp:
            return
        if query is self._desk.pager.query:
            self._count, self._more = (most, True) if most is not None and count > most else (count, False)
            self.paint()
            self._desk.counted(count)

    def empty_words(self) -> tuple[str, ...]:
        """What an empty list says."""
        session = self._desk.session
        # One that was taken from this member is never fetched.
        ours = [inbox.key for inbox in session.settings.inboxes if session.store.holds(inbox.key)]
        waiting = [key for key in ours if session.store.pulled_at(key) is None]
        mail = Mail.HERE if session.settings.inboxes else Mail.NO_INBOX
        if waiting:
            mail = Mail.UNREACHABLE if all(key in session.failing for key in waiting) else Mail.FETCHING
        return empty_words(mail, self._progress_words(), query=self._desk.views.query_text, key=session.keys.shown)

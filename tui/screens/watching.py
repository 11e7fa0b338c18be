"""The composer's ear: what happens while one writes to the conversation, to one's right to reply, and to the line to the server."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from textual.screen import Screen

from mailsync.link.outcome import LinkState
from store.domain.ids import ConversationId
from store.local.wiping import OWN_WORDS
from store.on_loop import OnLoop
from tui.composing import Composing
from tui.new_mail import is_to_start
from tui.opened import Opened, as_reread, read_opened
from tui.screens.remerging import offer_words
from tui.view.banner import ended_words
from tui.view.gate import clean
from tui.view.lost import kept_words
from tui.view.news import news_words
from tui.words import _


class Writer(Protocol):
    """The composer as this module sees it."""

    composing: Composing

    @property
    def screen(self) -> "Screen[object]": ...
    def make_read_only(self, words: str) -> None: ...
    def show_context(self) -> None: ...
    def show_news(self, words: str) -> None: ...
    def line_is(self, *, away: bool) -> None: ...


class Watching:
    """Hears the store, the keeper of the lease and the line for one mail, until `close`."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._on_loop = OnLoop()
        self._closed = False
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._unsubscribe: Callable[[], None] = writer.composing.session.store.changes.subscribe(self._changed)
        session = writer.composing.session
        session.watch_lease(self._lease_lost)
        session.watch_line(self._line_changed)
        session.watch_home(self._home_changed)

    def close(self) -> None:
        """Hear no more."""
        self._unsubscribe()
        session = self._writer.composing.session
        session.watch_lease(None)
        session.watch_line(None)
        session.watch_home(None)
        self._closed = True

    def _lease_lost(self, conversation_id: ConversationId) -> None:
        composing = self._writer.composing
        if conversation_id == composing.opened.row.id and not composing.read_only:
            self._writer.make_read_only(_("Your right to reply is gone: taken over or lapsed. The text stays as a draft."))

    def _line_changed(self, state: LinkState) -> None:
        if self._writer.composing.read_only:
            return
        if state.ended:
            self._writer.make_read_only(ended_words())
        else:
            self._writer.line_is(away=not state.connected)

    def _home_changed(self) -> None:
        self._writer.show_news("")

    def _changed(self, ids: frozenset[ConversationId]) -> None:
        # Nothing named: of the whole team, a template perhaps.
        if not ids or self._writer.composing.opened.row.id in ids:
            self._on_loop.soon(self._heard)

    def _heard(self) -> None:
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        composing = self._writer.composing
        store, conversation_id = composing.session.store, composing.opened.row.id
        while True:
            self._again = False
            opened = await asyncio.wrap_future(store.ask(lambda: read_opened(store, conversation_id)))
            if self._closed:
                return
            self._compare(opened) if opened is not None else self._gone()
            await self._look_at_templates()
            if not self._again:
                return

    async def _look_at_templates(self) -> None:
        composing = self._writer.composing
        draft = composing.draft
        offers = await asyncio.wrap_future(composing.session.store.ask(lambda: composing.offers(draft))) if draft.inserted else ()
        if (words := offer_words(offers, composing.session.keys.shown)) and not self._closed:
            self._writer.show_news(words)

    def _gone(self) -> None:
        """The conversation is in an inbox that is not ours (any more)."""
        composing = self._writer.composing
        if composing.read_only or is_to_start(composing.draft, None):
            # A new mail is nobody else's, and in no inbox yet.
            return
        # What was saved before went to the same place, with the conversation.
        place = composing.set_aside() or (composing.session.home / OWN_WORDS if composing.has_text else None)
        composing.parting_words = _("This conversation is not yours any more.") + kept_words(place)
        self._writer.make_read_only(composing.parting_words)

    def _compare(self, opened: Opened) -> None:
        composing, before = self._writer.composing, self._writer.composing.opened
        session = composing.session
        composing.opened = opened = as_reread(opened, before.reread)
        lease, claim = opened.conversation.lease, opened.conversation.claim
        lost = composing.token is not None and claim is None and (lease is None or lease.token != composing.token)
        if lost and not composing.read_only and not composing.handing_over:
            by = lease.by if lease is not None else None
            words = _("{who} has taken over. Your text is kept as a draft.").format(who=clean(session.names.get(by, by))) if by else ""
            self._writer.make_read_only(words or _("Your right to reply has lapsed. The text is kept as a draft."))
            return
        news = news_words(before.conversation, opened.conversation, session.me, session.names, session.statuses, opened.timeline)
        if opened.conversation.asked_by is not None and opened.conversation.asked_by != before.conversation.asked_by:
            asker = opened.conversation.asked_by
            news = _("{who} would like to write here.").format(who=clean(session.names.get(asker, asker)))
        if news:
            self._writer.show_news(news)
        if len(opened.messages) != len(before.messages):
            self._writer.show_context()

"""The conversation that is read: kept level with the store, never read more often than it can be shown."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Protocol

from textual.screen import Screen
from textual.timer import Timer

from store.domain.conversation import Conversation
from store.domain.ids import ConversationId
from store.domain.message import Message
from store.local.rows import ConversationRow, StoredMessage
from tui.opened import Opened, as_reread
from tui.reading_marks import mark_read
from tui.screens.comment_pane import CommentPane
from tui.screens.mail_pane import MailPane
from tui.session import Session
from tui.view.beside import Beside
from tui.view.commands.command import Place
from tui.view.highlight import Matcher
from tui.view.rows import Reader
from tui.widgets.lines_pane import LinesPane

PREVIEW_SECONDS = 0.12
"""With the mail beside the list, a run of `j` shows the last one only: each would repaint half the screen."""


class Panes(Protocol):
    """The desk as this module sees it."""

    session: Session
    place: Place
    unfolded: bool
    beside: Beside

    @property
    def row(self) -> ConversationRow | None: ...
    @property
    def reading(self) -> LinesPane: ...
    @property
    def reading_size(self) -> tuple[int, int]: ...
    @property
    def comments(self) -> LinesPane: ...
    @property
    def screen(self) -> "Screen[object]": ...
    @property
    def matcher(self) -> Matcher | None: ...
    async def read(self, conversation_id: ConversationId) -> Opened | None: ...
    def reader(self) -> Reader: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def go(self, place: Place) -> None: ...
    def look(self, *, anew: bool = False) -> None: ...
    def shown(self, before: Opened | None, *, anew: bool) -> None: ...


@dataclass(frozen=True)
class Here:
    """A conversation's messages, which of them one is at, and what the team says of it."""

    messages: tuple[StoredMessage, ...]
    current: int
    conversation: Conversation

    @property
    def message(self) -> StoredMessage | None:
        """That one."""
        return self.messages[self.current] if self.messages else None


class ShownMail:
    """Reading pane and comments of one desk. The newest wish wins."""

    def __init__(self, desk: Panes) -> None:
        self._desk = desk
        self._pane = MailPane(lambda: desk.reading, lambda: desk.reading_size, desk.session.clock.now, lambda: desk.session.keys)
        self.opened: Opened | None = None
        self.talk = CommentPane(desk, lambda: self.opened)
        self.wanted_message = ""
        """The message to begin at when the next conversation is shown; "": its last one."""
        self._sought: Matcher | None = None
        """What was looked for in this conversation alone."""
        self._begins_at_match = False
        """It was opened from a search, and does not stand yet where that was found."""
        self._wanted: tuple[ConversationId, bool] | None = None
        self._asked_for: ConversationId | None = None
        """What is shown; one that is part of another by now stands on the screen as that other."""
        self._looking = False
        self._is_shown = asyncio.Event()
        """Set while a conversation is shown, or none is on its way."""
        self._timer: Timer | None = None

    def look_soon(self) -> None:
        """Look when the cursor has rested for `PREVIEW_SECONDS`."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._desk.screen.set_timer(PREVIEW_SECONDS, lambda: self.look(anew=True))

    def look(self, *, anew: bool = False) -> None:
        """Read the conversation under the cursor and show it; `anew` from its last message on."""
        row = self._desk.row
        if row is None:
            self.opened = None
            self._pane.clear()
            self._desk.comments.show(())
            return
        # News that come in before it is read must not take the wish to begin anew away.
        self._wanted = (row.id, anew or self.opened is None or self._asked_for != row.id or self._wanted == (row.id, True))
        if not self._looking:
            self._looking = True
            if self.opened is None:
                self._is_shown.clear()
            self._desk.spawn(self._read())

    async def _read(self) -> None:
        try:
            while self._wanted is not None:
                (conversation_id, anew), self._wanted = self._wanted, None
                opened = await self._desk.read(conversation_id)
                if opened is None and self._desk.place is not Place.LIST:
                    self._desk.go(Place.LIST)
                if opened is not None and self._wanted is None:
                    self._asked_for = conversation_id
                    await self._show(opened, anew=anew)
                    if self._desk.place is not Place.LIST:
                        await self._say_where(opened, anew=anew)
        finally:
            self._looking = False
            self._is_shown.set()

    async def _say_where(self, opened: Opened, *, anew: bool) -> None:
        session = self._desk.session
        if opened.row.mentions_me or opened.row.unread:
            # Also when it came while one was reading: it stands on the screen.
            await mark_read(session, opened.row.id, opened.conversation.revision)
        if anew and session.link is not None:
            await session.link.look_at(opened.row.id)

    def left(self) -> None:
        """Back at the list: nobody's company any more."""
        self.opened = None
        self._sought = None
        link = self._desk.session.link
        if link is not None:
            self._desk.spawn(link.look_at(None))

    # Showing it.

    async def _show(self, opened: Opened, *, anew: bool) -> None:
        before, self.opened = self.opened, opened
        if before is None or before.row.id != opened.row.id:
            self._sought = None
        self._begins_at_match = self._desk.matcher is not None and (anew or self._begins_at_match)
        self._pane.mark(self._sought or self._desk.matcher)
        self._lay_out(opened, self._first_to_read(opened) if anew else None)
        self.talk.show(opened)
        self._desk.shown(before, anew=anew)
        self._is_shown.set()
        await self._pane.lay_out_rest(lambda: self._is_wanted(opened))
        if self._begins_at_match and self._is_wanted(opened) and self._desk.matcher is not None:
            await self._begin_at_match(opened)

    def _is_wanted(self, opened: Opened) -> bool:
        return self.opened is opened and self._wanted is None

    def _lay_out(self, opened: Opened, begin_at: int | None) -> None:
        self._pane.show(opened.row.id, opened.messages, begin_at=begin_at, unfolded=self._desk.unfolded, also_in=opened.also_in)

    def _first_to_read(self, opened: Opened) -> int:
        wanted, self.wanted_message = self.wanted_message, ""
        found = [index for index, each in enumerate(opened.messages) if each.message_id == wanted]
        return found[0] if found else max(0, len(opened.messages) - 1)

    async def _begin_at_match(self, opened: Opened) -> None:
        """Who comes from a search wants to see what was found, in a folded quotation too. Where news come in between, the next look does it."""
        if await asyncio.to_thread(lambda: self._pane.hides_matches) and self._is_wanted(opened):
            self._pane.open_quotes()
            self._lay_out(opened, self._pane.current)
            await self._pane.lay_out_rest(lambda: self._is_wanted(opened))
        if self._is_wanted(opened):
            self._begins_at_match = False
            self._pane.go_to_newest_match()

    @property
    def has_attachments(self) -> bool:
        """Whether a message that is read here has any."""
        return any(each.message.attachments for each in self._pane.messages)

    # What is done in it.

    async def here(self) -> Here | None:
        """What an action on a mail is about, also where only the list is on the screen; None: there is no conversation."""
        row = self._desk.row
        if row is None:
            return None
        if self.opened is not None and self.opened.row.id == row.id:
            return Here(self._pane.messages, self._pane.current, self.opened.conversation)
        opened = await self._desk.read(row.id)
        return Here(opened.messages, len(opened.messages) - 1, opened.conversation) if opened is not None else None

    def read_as(self, stored: StoredMessage, label: str, message: Message | None) -> None:
        """Show this message as it was read in another charset; None: as it says itself again."""
        self._pane.read_as(stored, label, message)
        self._desk.look()

    def as_read(self, opened: Opened) -> Opened:
        """A conversation from the store as it is shown: what was read in another charset is answered and passed on so, too."""
        return as_reread(opened, self._pane.reread)

    def step(self, by: int) -> None:
        """To the next message, or the one before."""
        self._pane.go_to(self._pane.current + by)

    def scrolled(self) -> None:
        """The agent has scrolled."""
        self._pane.scrolled()

    async def seek(self, matcher: Matcher | None) -> tuple[int, int] | None:
        """Mark where it stands in this conversation, and go to the first place from the message on that one is at."""
        if self._looking:
            await self._is_shown.wait()
        self._sought = matcher
        self._pane.mark(matcher or self._desk.matcher)
        opened = self.opened
        if opened is None:
            return None
        await self._pane.lay_out_rest(lambda: self.opened is opened)
        return self._pane.step_match(1) if matcher is not None else None

    def step_match(self, by: int) -> tuple[int, int] | None:
        """To the next place that was found: which it is, and of how many. None: there is none."""
        return self._pane.step_match(by)

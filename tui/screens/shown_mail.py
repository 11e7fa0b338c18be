"""The conversation that is read: which it is, how it is laid out, which of its messages one is at, and what was found in it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Protocol

import msgspec
from textual.screen import Screen
from textual.timer import Timer

from store.domain.ids import ConversationId
from store.domain.message import Message
from store.local.rows import ConversationRow, StoredMessage
from tui.opened import Opened
from tui.session import Session
from tui.view.comments import comment_lines, comments_heading
from tui.view.highlight import NOTHING_FOUND, Matcher, find_in_lines
from tui.view.keymap import Place
from tui.view.layout import Layout, Manner
from tui.view.spans import line
from tui.view.timeline import timeline_lines
from tui.view.width import cut
from tui.widgets.lines_pane import LinesPane
from tui.words import _

PREVIEW_SECONDS = 0.12
"""With the mail beside the list, a run of `j` shows the last one only: each would repaint half the screen."""
LONGEST_REREAD = 50
"""Messages whose other charset is remembered."""


class Panes(Protocol):
    """The desk as this module sees it."""

    session: Session
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
    def screen(self) -> "Screen[object]": ...
    @property
    def matcher(self) -> Matcher | None: ...
    async def read(self, conversation_id: ConversationId) -> Opened | None: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def look(self, *, anew: bool = False) -> None: ...
    def shown(self, before: Opened | None, *, anew: bool) -> None: ...


@dataclass(frozen=True)
class Here:
    """A conversation's messages, and which of them one is at."""

    messages: tuple[StoredMessage, ...]
    current: int

    @property
    def message(self) -> StoredMessage | None:
        """That one."""
        return self.messages[self.current] if self.messages else None


class ShownMail:
    """Keeps the reading pane and the comments level with the store, never more often than they can be painted."""

    def __init__(self, desk: Panes) -> None:
        self._desk = desk
        self.opened: Opened | None = None
        self.current = 0
        """The message one is at: what is done to one message is done to this."""
        self.wanted_message = ""
        """The message to begin at when the next conversation is shown; "": its last one."""
        self.sought: Matcher | None = None
        """What was looked for in this conversation alone."""
        self._wanted: tuple[ConversationId, bool] | None = None
        self._looking = False
        self._timer: Timer | None = None
        self._layout = Layout()
        self._reread: dict[tuple[str, str], tuple[str, Message]] = {}
        self._findings = NOTHING_FOUND
        self._here: int | None = None
        """Which of the places that were found one is at."""

    # Reading it from the store.

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
                    await self._show(opened, anew=anew)
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

    def left(self) -> None:
        """Back at the list: nobody's company any more."""
        self.opened = None
        self.sought = None
        link = self._desk.session.link
        if link is not None:
            self._desk.spawn(link.look_at(None))

    # Showing it.

    async def _show(self, opened: Opened, *, anew: bool) -> None:
        before, self.opened = self.opened, opened
        if before is None or before.row.id != opened.row.id:
            self.sought = None
        if anew:
            self.current = self._first_to_read(opened)
        self._lay_out(anew=anew)
        self._show_comments(opened)
        self._desk.shown(before, anew=anew)
        await self._lay_out_rest()

    def _first_to_read(self, opened: Opened) -> int:
        wanted, self.wanted_message = self.wanted_message, ""
        found = [index for index, each in enumerate(opened.messages) if each.message_id == wanted]
        return found[0] if found else max(0, len(opened.messages) - 1)

    def _lay_out(self, *, anew: bool) -> None:
        """What is seen at once; the messages above it are laid out behind, or were before."""
        opened, pane = self.opened, self._desk.reading
        assert opened is not None, "nothing to lay out"
        if not opened.messages:
            pane.show((line(_("The mail itself is not on this machine (yet)."), "notice"),))
            return
        manner = Manner(pane.text_width, self._desk.session.clock.now(), self._desk.unfolded)
        kept = None if anew else self._layout.place_of(pane.top)
        self._layout.of(opened.row.id, self.messages, manner, charsets=self._charsets())
        self._layout.lay_out(self.current, 2 * pane.text_height)
        top = self._layout.first_line(self.current) if kept is None else self._layout.line_of(kept)
        self._paint(top)

    async def _lay_out_rest(self) -> None:
        """The older messages, one at a time, so that a key is never behind more than one of them."""
        opened, pane = self.opened, self._desk.reading
        while self.opened is opened and self._wanted is None and self._layout.is_waiting:
            await asyncio.sleep(0)
            kept = self._layout.place_of(pane.top)
            self._layout.lay_out_next()
            self._paint(self._layout.line_of(kept))
        if self.opened is opened:
            await self._find()

    async def _find(self) -> None:
        matcher, pane = self.sought or self._desk.matcher, self._desk.reading
        if matcher is None and self._findings is NOTHING_FOUND:
            return
        lines = self._layout.lines
        found = NOTHING_FOUND if matcher is None else await asyncio.to_thread(find_in_lines, lines, matcher)
        if lines is self._layout.lines:
            self._here = self._here if len(found.matches) == len(self._findings.matches) else None
            self._findings = found
            self._paint(pane.top)

    def _paint(self, top: int) -> None:
        found = {} if self._layout.is_waiting else self._findings.marks(self._here)
        self._desk.reading.show(self._layout.lines, top=top, found=found)

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

    # The messages.

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """As they are shown: some may have been read in another charset."""
        stored = self.opened.messages if self.opened is not None else ()
        if not self._reread:
            return stored
        return tuple(
            msgspec.structs.replace(each, message=self._reread[key_of(each)][1]) if key_of(each) in self._reread else each for each in stored
        )

    def _charsets(self) -> dict[int, str]:
        messages = self.opened.messages if self.opened is not None else ()
        return {index: self._reread[key_of(each)][0] for index, each in enumerate(messages) if key_of(each) in self._reread}

    async def here(self) -> Here | None:
        """What an action on a mail is about, also where only the list is on the screen; None: there is no conversation."""
        row = self._desk.row
        if row is None:
            return None
        if self.opened is not None and self.opened.row.id == row.id:
            return Here(self.messages, min(self.current, len(self.opened.messages) - 1))
        opened = await self._desk.read(row.id)
        return Here(opened.messages, len(opened.messages) - 1) if opened is not None else None

    def read_as(self, stored: StoredMessage, label: str, message: Message | None) -> None:
        """Show this message as it was read in another charset; None: as it says itself again."""
        self._reread.pop(key_of(stored), None)
        if message is not None:
            self._reread[key_of(stored)] = (label, message)
            for oldest in list(self._reread)[:-LONGEST_REREAD]:
                del self._reread[oldest]
        self._desk.look()

    def step(self, by: int) -> None:
        """To the next message, or the one before."""
        self.go_to(self.current + by)

    def go_to(self, message: int) -> None:
        """To that message of the conversation."""
        if self.opened is None or not self.opened.messages:
            return
        self.current = min(max(0, message), len(self.opened.messages) - 1)
        pane = self._desk.reading
        self._layout.lay_out(self.current, 2 * pane.text_height)
        self._paint(self._layout.first_line(self.current))

    def scrolled(self) -> None:
        """The agent has scrolled: the message one is at stays as long as a line of it is on the screen."""
        pane = self._desk.reading
        first, last = (self._layout.message_at(each) for each in (pane.top, pane.top + pane.text_height - 1))
        self.current = min(max(self.current, first), last)

    # Finding in it.

    async def seek(self, matcher: Matcher | None) -> tuple[int, int] | None:
        """Mark where it stands in this conversation, and go to the first place from the message on that one is at."""
        self.sought, self._here = matcher, None
        await self._lay_out_rest()
        return self.step_match(1)

    def step_match(self, by: int) -> tuple[int, int] | None:
        """To the next place that was found, round the end: which it is, and of how many. None: there is none."""
        count = len(self._findings.matches)
        if not count:
            return None
        first = self._findings.first_from(self._layout.first_line(self.current))
        self._here = (first if by > 0 else (first - 1) % count) if self._here is None else (self._here + by) % count
        pane = self._desk.reading
        pane.scroll_into_view(self._findings.line_of(self._here))
        self._paint(pane.top)
        self.scrolled()
        return self._here + 1, count


def key_of(stored: StoredMessage) -> tuple[str, str]:
    """What tells one message from another on this machine."""
    return stored.message_id, stored.inbox

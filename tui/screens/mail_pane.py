"""The messages of one conversation in the reading pane: laid out, scrolled, read in another charset, and marked where something was found."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.message import Message
from store.local.rows import StoredMessage
from tui.opened import Key, key_of
from tui.view.highlight import NOTHING_FOUND, Matcher, find_in_lines
from tui.view.keys.keymap import KeyMap
from tui.view.layout import Layout, Manner
from tui.view.spans import line
from tui.view.threading_words import also_in_words
from tui.widgets.lines_pane import LinesPane
from tui.words import _

AlsoIn = Mapping[MessageId, Sequence[InboxKey]]
"""Messages that other inboxes of ours have too."""

FIRST_SECONDS = 0.03
"""What is seen is painted before the older messages are laid out."""
REREAD_AT_MOST = 50
"""Messages whose other charset is remembered."""


class MailPane:
    """What stands in the pane, and which message one is at. `pane` is asked for each time: it is made after this.

    `size` is how wide and high its text is, or will be: a hidden pane does not know.
    """

    def __init__(
        self, pane: Callable[[], LinesPane], size: Callable[[], tuple[int, int]], now: Callable[[], datetime], keys: Callable[[], KeyMap]
    ) -> None:
        self._pane = pane
        self._size = size
        self._now = now
        self._keys = keys
        self._of: ConversationId | None = None
        self._stored: tuple[StoredMessage, ...] = ()
        self._layout = Layout()
        self._reread: dict[Key, tuple[str, Message]] = {}
        self._also_in: dict[int, str] = {}
        self._matcher: Matcher | None = None
        self._findings = NOTHING_FOUND
        self._here: int | None = None
        self._quotes_open = False
        self.current = 0
        """The message one is at: what is done to one message is done to this."""

    # Showing.

    def show(self, of: ConversationId, stored: tuple[StoredMessage, ...], *, begin_at: int | None, unfolded: bool, also_in: AlsoIn) -> None:
        """Show these messages, `begin_at` that one, None: where the pane stands. The older ones follow with `lay_out_rest`."""
        if of != self._of:
            self._findings, self._here, self._quotes_open = NOTHING_FOUND, None, False
        before, self._of, self._stored = self._stored, of, stored
        self._also_in = {index: also_in_words(also_in[each.message_id]) for index, each in enumerate(stored) if each.message_id in also_in}
        pane = self._pane()
        if not stored:
            pane.show((line(_("The mail itself is not on this machine (yet)."), "notice"),))
            return
        kept = None if begin_at is not None else self._layout.place_of(pane.top)
        self.current = min(begin_at, len(stored) - 1) if begin_at is not None else same_message(before, stored, self.current)
        if kept is not None:
            # Mail that is older may have come in before the one that is read.
            kept = replace(kept, message=same_message(before, stored, kept.message))
        width, height = self._size()
        manner = Manner(width, self._now(), unfolded or self._quotes_open, self._keys())
        self._layout.of(of, self.messages, manner, charsets=self._charsets(), also_in=self._also_in)
        self._layout.lay_out(self.current, height)
        self._paint(self._layout.first_line(self.current) if kept is None else self._layout.line_of(kept))

    async def lay_out_rest(self, goes_on: Callable[[], bool]) -> None:
        """The older messages, a few at a time while `goes_on`, so that a key is never behind more than that; then what is to be marked."""
        pane = self._pane()
        if self._stored and self._layout.is_waiting:
            await asyncio.sleep(FIRST_SECONDS)
        while self._stored and self._layout.is_waiting and goes_on():
            await asyncio.sleep(0)
            kept = self._layout.place_of(pane.top)
            self._layout.lay_out_next()
            self._paint(self._layout.line_of(kept))
        if self._stored and goes_on():
            await self._find()

    def clear(self) -> None:
        """No conversation."""
        self._of, self._stored = None, ()
        self._pane().show(())

    def _paint(self, top: int) -> None:
        found = {} if self._layout.is_waiting else self._findings.marks(self._here)
        self._pane().show(self._layout.lines, top=top, found=found)

    # The messages.

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """As they are shown: some may have been read in another charset."""
        reread = self._reread
        return tuple(msgspec.structs.replace(each, message=reread[key_of(each)][1]) if key_of(each) in reread else each for each in self._stored)

    @property
    def reread(self) -> dict[Key, Message]:
        """How those read that were read in another charset."""
        return {key: message for key, (_label, message) in self._reread.items()}

    def _charsets(self) -> dict[int, str]:
        return {index: self._reread[key_of(each)][0] for index, each in enumerate(self._stored) if key_of(each) in self._reread}

    def read_as(self, stored: StoredMessage, label: str, message: Message | None) -> None:
        """From the next `show` on as it was read in another charset; None: as it says itself again."""
        self._reread.pop(key_of(stored), None)
        if message is not None:
            self._reread[key_of(stored)] = (label, message)
            for oldest in list(self._reread)[:-REREAD_AT_MOST]:
                del self._reread[oldest]

    def go_to(self, message: int) -> None:
        """To that message of the conversation, or the nearest there is."""
        if self._stored:
            self.current = min(max(0, message), len(self._stored) - 1)
            self._layout.lay_out(self.current, self._size()[1])
            self._paint(self._layout.first_line(self.current))

    def scrolled(self) -> None:
        """The agent has scrolled: the message one is at stays as long as a line of it is on the screen."""
        if self._stored:
            pane = self._pane()
            first, last = (self._layout.message_at(each) for each in (pane.top, pane.top + pane.text_height - 1))
            self.current = min(max(self.current, first), last)

    # Finding.

    def mark(self, matcher: Matcher | None) -> None:
        """What `lay_out_rest` marks from now on."""
        if matcher is not self._matcher:
            self._matcher, self._here = matcher, None

    async def _find(self) -> None:
        if self._matcher is None and self._findings is NOTHING_FOUND:
            return
        lines, matcher = self._layout.lines, self._matcher
        found = NOTHING_FOUND if matcher is None else await asyncio.to_thread(find_in_lines, lines, matcher)
        if lines is self._layout.lines:
            self._here = self._here if len(found.matches) == len(self._findings.matches) else None
            self._findings = found
            self._paint(self._pane().top)

    @property
    def hides_matches(self) -> bool:
        """Whether what is looked for stands in folded quotations only."""
        matcher = self._matcher
        if matcher is None or self._findings.matches or self._quotes_open:
            return False
        return any(any(True for _place in matcher(each.message.text)) for each in self.messages)

    def open_quotes(self) -> None:
        """From the next `show` on, for this conversation."""
        self._quotes_open = True

    def go_to_newest_match(self) -> None:
        """To the first match in the newest message that has one; one on the screen already moves nothing."""
        if self._findings.matches:
            newest = self._layout.message_at(self._findings.line_of(-1))
            self._here = self._findings.first_from(self._layout.first_line(newest))
            self._step_to(self._here)

    def step_match(self, by: int) -> tuple[int, int] | None:
        """To the next place that was found, round the end: which it is, and of how many. None: there is none."""
        count = len(self._findings.matches)
        if not count:
            return None
        first = self._findings.first_from(self._layout.first_line(self.current))
        self._here = (first if by > 0 else (first - 1) % count) if self._here is None else (self._here + by) % count
        self._step_to(self._here)
        return self._here + 1, count

    def _step_to(self, match: int) -> None:
        pane = self._pane()
        pane.scroll_into_view(self._findings.line_of(match))
        self._paint(pane.top)
        self.scrolled()


def same_message(before: Sequence[StoredMessage], now: Sequence[StoredMessage], index: int) -> int:
    """Where the message that stood at that place stands now; where it is gone, the nearest place there is."""
    wanted = key_of(before[index]) if index < len(before) else None
    return next((at for at, each in enumerate(now) if key_of(each) == wanted), max(0, min(index, len(now) - 1)))

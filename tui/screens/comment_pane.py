"""The comments of the conversation that is read, its timeline, or who the customer is: laid out, and which comment is under the cursor."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Protocol

from textual.screen import Screen

from store.domain.conversation import Comment
from store.domain.ids import CommentId, ConversationId
from tui.customers import read_customer
from tui.opened import Opened
from tui.session import Session
from tui.view.attachments import numbered, numbered_on_comments
from tui.view.beside import Beside
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME
from tui.view.comments import Hearer, comment_lines, comment_mark, comments_heading, in_threads, nothing_said_lines
from tui.view.customer_lines import CustomerFacts, customer_heading, customer_lines
from tui.view.labels import facts_words
from tui.view.rows import Reader
from tui.view.spans import Line, line
from tui.view.timeline import timeline_lines
from tui.view.width import cut
from tui.widgets.lines_pane import LinesPane
from tui.words import _


class BesideMail(Protocol):
    """The desk as this module sees it."""

    session: Session
    place: Place
    beside: Beside

    @property
    def comments(self) -> LinesPane: ...
    @property
    def screen(self) -> Screen[object]: ...
    def reader(self) -> Reader: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...


class CommentPane:
    """What stands in the pane of the comments. `opened` says what is read."""

    def __init__(self, desk: BesideMail, opened: Callable[[], Opened | None]) -> None:
        self._desk = desk
        self._opened = opened
        self._of: ConversationId | None = None
        self._at: CommentId | None = None
        self._customer: CustomerFacts | None = None
        self._wanted: CommentId | None = None

    def begin_at(self, comment_id: CommentId) -> None:
        """The comment to stand on when its conversation is shown next."""
        self._wanted = comment_id

    def show(self, opened: Opened) -> None:
        """Show what is said; the newest is at the bottom, where one looks for it, unless the cursor stands on another."""
        desk, pane = self._desk, self._desk.comments
        if opened.row.id != self._of:
            self._of, self._at = opened.row.id, None
        if self._wanted is not None and any(comment.id == self._wanted for comment in opened.conversation.comments):
            self._at, self._wanted = self._wanted, None
        lines, lead, has_facts = self._lines(opened)
        self._appear(is_wanted=bool(lines) or has_facts)
        stays = self._at is not None and desk.place is Place.COMMENTS
        pane.show(lines, top=pane.top if stays else 0 if desk.beside is Beside.CUSTOMER else len(lines), lead=lead)
        if desk.beside is Beside.CUSTOMER:
            desk.spawn(self._read_customer(opened))
        elif stays:
            self._bring_up()

    def _lines(self, opened: Opened) -> tuple[tuple[Line, ...], Line, bool]:
        desk, session, pane = self._desk, self._desk.session, self._desk.comments
        now, names = session.clock.now(), session.names
        width = max(20, pane.text_width if pane.size.width else desk.screen.size.width)
        if desk.beside is Beside.CUSTOMER:
            return self._of_customer(opened, width), customer_heading(width), True
        if desk.beside is Beside.TIMELINE:
            lines = timeline_lines(opened.timeline, width, names=names, now=now, statuses=session.statuses)
            return lines, line(cut("── " + _("timeline") + " " + "─" * width, width), "rule"), False
        said = opened.conversation.comments
        numbers = {each.message_id: index for index, each in enumerate(opened.messages, 1)} if len(opened.messages) > 1 else {}
        at = self.current
        files = numbered_on_comments(said, len(numbered(opened.messages)) + 1)
        hearer = Hearer(session.me, names, now, at.id if at is not None and desk.place is Place.COMMENTS else None, numbers, files)
        followers = tuple(hearer.name(key) for key in opened.row.followers)
        facts = facts_words(opened.row, followers, now)
        lines = comment_lines(said, width, hearer)
        if not said and desk.place is Place.COMMENTS:
            lines = nothing_said_lines(session.keys.key_of(BY_NAME["comment"]), width)
        return lines, comments_heading(len(said), width, facts), bool(facts)

    def _of_customer(self, opened: Opened, width: int) -> tuple[Line, ...]:
        known = self._customer
        if known is None or known.address != opened.row.customer_address:
            return ()
        return customer_lines(known, opened.row.id, width, self._desk.reader(), self._desk.session.keys.shown)

    async def _read_customer(self, opened: Opened) -> None:
        """Their other conversations come behind the mail; nobody waits for them."""
        store, address = self._desk.session.store, opened.row.customer_address
        found = await asyncio.wrap_future(store.ask(lambda: read_customer(store, address), priority=-1))
        changed, self._customer = found != self._customer, found
        now = self._opened()
        if changed and now is not None and now.row.customer_address == address and self._desk.beside is Beside.CUSTOMER:
            lines, lead, _facts = self._lines(now)
            self._desk.comments.show(lines, top=self._desk.comments.top, lead=lead)

    # The cursor.

    @property
    def current(self) -> Comment | None:
        """The comment under the cursor: the last one until it is moved. None: nothing is said here, or the timeline stands there."""
        opened = self._opened()
        said = in_threads(opened.conversation.comments) if opened is not None and self._desk.beside is Beside.COMMENTS else ()
        return next((comment for comment in said if comment.id == self._at), said[-1] if said else None)

    def step(self, by: int) -> None:
        """Down through a comment that is longer than the pane, else to the next one, or the one before."""
        opened, at, pane = self._opened(), self.current, self._desk.comments
        if opened is None or at is None:
            pane.scroll_by(by)
            return
        said = [comment.id for comment in in_threads(opened.conversation.comments)]
        index = said.index(at.id)
        first, end = self._place_of(at.id)
        hidden = end > pane.top + pane.text_height if by > 0 else first < pane.top
        if not hidden:
            self._at = said[min(max(0, index + by), len(said) - 1)]
        if hidden or self._at == at.id:
            self._at = at.id
            pane.scroll_by(by)
        else:
            self.show(opened)

    def entered(self) -> None:
        """The focus is here, or has left: the cursor shows, or goes."""
        opened = self._opened()
        if opened is not None and self._desk.beside is Beside.COMMENTS:
            top = self._desk.comments.top
            lines, lead, has_facts = self._lines(opened)
            self._appear(is_wanted=bool(lines) or has_facts)
            self._desk.comments.show(lines, top=top, lead=lead)

    def _appear(self, *, is_wanted: bool) -> None:
        """The pane stands there for what is in it, and for whoever goes into it."""
        self._desk.comments.set_class(is_wanted or self._desk.place is Place.COMMENTS, "-shown")

    def _bring_up(self) -> None:
        pane = self._desk.comments
        if self._at is None:
            return
        first, end = self._place_of(self._at)
        if end > pane.top + pane.text_height:
            pane.scroll_by(min(end - pane.text_height, first) - pane.top)
        if first < pane.top:
            pane.scroll_by(first - pane.top)

    def _place_of(self, comment_id: CommentId) -> tuple[int, int]:
        """The lines of a comment, the last one excluded; `(0, 0)`: it is not here."""
        marks = [each.mark for each in self._desk.comments.lines]
        try:
            first = marks.index(comment_mark(comment_id))
        except ValueError:
            return 0, 0
        return first, next((index for index in range(first + 1, len(marks)) if marks[index]), len(marks))

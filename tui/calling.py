"""Calls whoever sits here when something of theirs happens: hears the events of the team, and writes to the terminal what they have wished for."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from store.domain.events import MessageArrived, Recorded
from store.domain.ids import ConversationId, MemberKey, Seq
from store.domain.query import Field, Query, QueryError, parse_query
from store.domain.team_facts import names_of_statuses
from store.settings.kept import Kept
from store.sqlite.errors import ReadGivenUp
from tui.session import Session
from tui.view.notifying import Call, Caller, Hearing, calls, calls_in
from tui.view.signals import PROGRAM, calling
from tui.view.viewing import listed_views, view_named
from tui.view.wishes import Wishes
from tui.wished import keep_wishes, wishes_of
from tui.words import _

AT_ONCE = 500
"""Events that are looked at in one go."""
MOST_UNREAD = 99
"""More are not counted for a title."""


class Terminal(NamedTuple):
    """What can be done to the terminal beside painting on it."""

    write: Callable[[str], None]
    entitle: Callable[[str], None]


class _Heard(NamedTuple):
    wishes: Wishes
    calls: tuple[Call, ...]


class Calling:
    """Of one desk. What happened before it began calls nobody: whoever comes sees it in the list."""

    def __init__(self, session: Session, terminal: Terminal) -> None:
        self._session = session
        self._terminal = terminal
        self._caller = Caller()
        self._begun = session.clock.now()
        self._seq: Seq | None = None
        self._looking = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._wishes: Wishes | None = None

    async def look(self) -> None:
        """The store has news, or one begins to listen."""
        async with self._looking:
            if self._wishes is None:
                self._wishes = await asyncio.to_thread(wishes_of, self._session.home)
            try:
                heard = await asyncio.wrap_future(self._session.store.ask(self._read))
            except ReadGivenUp:
                return
            if heard is not None:
                self._wishes = heard.wishes
                self._caller.hear(heard.calls, heard.wishes, self._session.clock.now().astimezone())
                self._call()
            await self._entitle()

    async def wished(self, wishes: Wishes) -> None:
        """They wish for something else from now on."""
        await asyncio.to_thread(keep_wishes, self._session.home, wishes)
        self._wishes = wishes
        await self.look()

    def call_for_a_try(self, wishes: Wishes) -> None:
        """So it would be."""
        self._write(wishes, _("So you are called."))

    def _read(self) -> _Heard | None:
        """On the reader's thread: what calls; None: nothing that could."""
        store, session = self._session.store, self._session
        now_at = store.mirror_seq()
        if self._seq is None or now_at < self._seq:
            # The first look, or another journal.
            self._seq = now_at
            return None
        recorded: list[Recorded] = []
        while self._seq < now_at and (some := store.happened_after(self._seq, AT_ONCE)):
            self._seq = some[-1].seq
            recorded += [one for one in some if calls(one.event) and one.by != session.me and one.at >= self._begun]
        self._seq = now_at
        if not recorded or session.me is None:
            return None
        wishes = wishes_of(session.home)
        return _Heard(wishes, calls_in(recorded, self._hearing(session.me, recorded, wishes)))

    def _hearing(self, me: MemberKey, recorded: Sequence[Recorded], wishes: Wishes) -> Hearing:
        store = self._session.store
        named = {one.conversation_id for one in recorded if one.conversation_id is not None}
        states = {one: state for one in named if (state := store.conversation(one)) is not None}
        mail = {one.conversation_id for one in recorded if isinstance(one.event, MessageArrived) and one.conversation_id is not None}
        queries = self._queries(wishes) if mail else ()
        in_views: set[ConversationId] = {one for one in mail if any(store.fulfils(query, one) for query in queries)}
        return Hearing(me, self._session.names, states, in_views)

    def _queries(self, wishes: Wishes) -> tuple[Query, ...]:
        """A view that is no more, or no query any more, has no mail."""
        session = self._session
        views = listed_views(session.team.living_views(), Kept(session.home).views())
        named = [one for name in wishes.views if (one := view_named(views, name)) is not None]
        found: list[Query] = []
        for one in named:
            try:
                found.append(parse_query(one.view.query, me=session.me, own_statuses=names_of_statuses(session.team)))
            except QueryError:
                continue
        return tuple(found)

    # To the terminal.

    def _call(self) -> None:
        """Now, or when it is not too soon any more."""
        now = self._session.clock.now()
        if words := self._caller.take(now):
            self._write(self._wishes or Wishes(), words)
        at = self._caller.next_at(now)
        if at is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later((at - now).total_seconds(), self._call_later)

    def _call_later(self) -> None:
        self._timer = None
        self._call()

    def _write(self, wishes: Wishes, words: str) -> None:
        in_tmux = wishes.tmux if wishes.tmux is not None else bool(os.environ.get("TMUX"))
        if sequence := calling(wishes.ways, words, in_tmux=in_tmux):
            self._terminal.write(sequence)

    async def _entitle(self) -> None:
        store = self._session.store
        if self._wishes is None or not self._wishes.title:
            self._terminal.entitle("")
            return
        try:
            unread = await asyncio.wrap_future(store.ask(lambda: store.count(Field("is", "unread"), most=MOST_UNREAD), priority=-1))
        except ReadGivenUp:
            return
        shown = f"{MOST_UNREAD}+" if unread > MOST_UNREAD else str(unread)
        self._terminal.entitle(_("{program} {n} new").format(program=PROGRAM, n=shown) if unread else PROGRAM)

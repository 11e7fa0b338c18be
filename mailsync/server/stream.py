"""The event stream: everybody hears of every commit within 50 ms, in order, from where they left off; who cannot keep up is cut."""

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from mailsync.link.stream_protocol import Events, FromServer, Hello, Marks, Presence, PullNow
from mailsync.server.authorise import sees
from mailsync.server.errors import TooMany
from mailsync.server.presence import Presence as WhoIsWhere
from mailsync.server.presence import PresentIn
from mailsync.server.stream_line import Line, as_message
from store.clock import Clock
from store.domain.events import ConversationMovedIn, MemberChanged, Recorded
from store.domain.hearing import as_told
from store.domain.ids import ConversationId, InboxKey, MemberKey, Seq
from store.domain.people import Member, Role, role_in
from store.team.desk import TeamDesk
from store.team.values import Published

TICK_SECONDS = 0.05
"""Events of this long travel together: at 100 commands a second, 5 to a batch instead of 100 wake-ups of every client."""
SHORTEST_SECONDS = 0.002
"""What one group commit brought is one batch."""
REST = 2.0
"""Where telling everybody takes long, the next batch begins so many times as long after the last began: telling a crowd never takes more than half
of the loop, and commands need not wait behind it."""
LONGEST_QUEUE = 256
"""Batches a client may be behind: 12 s of the busiest desk. One that is slower starts again with `?since=`, which costs us no memory."""
MOST_LINES = 64
"""Streams of one session; a home with more terminals than these is no desk but a mistake, or somebody who would use us up."""
COMING_BACK = 200
"""Clients a second that are asked to come back after we ended."""
LONGEST_SPREAD_SECONDS = 10.0
PRESENCE_SECONDS = 5.0
PULL_SECONDS = 15.0

_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class Hub:
    """All the lines. Belongs to one event loop."""

    def __init__(self, desk: TeamDesk, clock: Clock, presence: WhoIsWhere, *, longest_queue: int = LONGEST_QUEUE) -> None:
        self._desk = desk
        self._clock = clock
        self.presence = presence
        self._longest_queue = longest_queue
        self._lines: dict[int, Line] = {}
        self._of: Counter[str] = Counter()
        self._ids = itertools.count(1)
        self._pending: list[Published] = []
        self._flush_at: asyncio.TimerHandle | None = None
        self._next_at = float("-inf")
        self._pulls: dict[int, tuple[InboxKey, asyncio.Queue[bool]]] = {}
        self.marked_here: Callable[[MemberKey, int], None] | None = None
        """Told of what `marked` was told, for the other servers."""
        self._unsubscribe = desk.subscribe(self._hear)

    @property
    def lines(self) -> int:
        """How many clients listen."""
        return len(self._lines)

    async def run(self) -> None:
        """Keep presence true while nothing happens; for ever."""
        while True:
            await asyncio.sleep(PRESENCE_SECONDS)
            self.tick()

    def tick(self) -> None:
        """Time has passed: who is gone, who is idle now."""
        self.presence.tick()
        self.flush()

    # Lines

    def sessions(self) -> frozenset[str]:
        """The sessions of those who listen."""
        return frozenset(line.whose for line in self._lines.values())

    def join(self, member: Member, session_id: str = "") -> tuple[Line, Seq]:
        """A new line, and the seq from which on it hears everything. What the member may hear is as of now, not of when they called.

        Raises:
            TooMany: This session has as many as anybody may have.
        """
        whose = session_id or f"unix {member.key}"
        if self._of[whose] >= MOST_LINES:
            raise TooMany(f"This session has {MOST_LINES} streams open already.")
        self.flush()
        now = self._desk.people.member(member.key) or member
        line = Line(next(self._ids), now, whose, self._longest_queue)
        self._lines[line.stream_id] = line
        self._of[whose] += 1
        if not now.active:
            line.cut("access_ended")
        return line, self._desk.seq

    def hello(self, line: Line, seq: Seq) -> bytes:
        """The first frame of a line."""
        present = tuple(one.present for one in self.presence.everybody() if sees(line.member, one.inbox))
        return _encode(Hello(self._desk.epoch, seq, self._clock.now(), present, self.presence.version))

    def leave(self, line: Line) -> None:
        """The line is gone."""
        if self._lines.pop(line.stream_id, None) is not None:
            self._of[line.whose] -= 1
            if not self._of[line.whose]:
                del self._of[line.whose]
        if self.presence.left(line.stream_id):
            self._flush_soon()

    def looking(self, terminal: int, member: Member, conversation_id: ConversationId | None, inbox: InboxKey | None) -> None:
        """A client says where its agent is; `terminal` is its line's id, or what tells those without a line apart."""
        self.presence.looking(terminal, member.key, conversation_id, inbox)
        self._flush_soon()

    def marked(self, member: MemberKey, n: int) -> None:
        """A member has read something at this server: their other terminals hear it, and nobody else."""
        self.marked_elsewhere(member, n)
        if self.marked_here is not None:
            self.marked_here(member, n)

    def marked_elsewhere(self, member: MemberKey, n: int) -> None:
        """The same, at another server."""
        for line in self._lines.values():
            if line.member.key == member:
                line.put(_encode(Marks(n)))

    def elsewhere(self) -> None:
        """Something about presence was heard from another server."""
        self._flush_soon()

    def pulsed(self, of: Iterable[ConversationId]) -> None:
        """Holders of leases showed at other servers that they live, or type."""
        for conversation_id in of:
            self.presence.touch(conversation_id)
            self._flush_soon()

    def cut(self, why: str, whose: Callable[[Line], bool] = lambda _line: True) -> None:
        """Say goodbye on every line that `whose` names."""
        self.flush()
        cut = [line for line in self._lines.values() if whose(line)]
        within_seconds = min(LONGEST_SPREAD_SECONDS, max(0, len(cut) - 1) / COMING_BACK)
        for line in cut:
            line.cut(why, within_seconds)

    def close(self) -> None:
        """Hear of nothing any more."""
        self._unsubscribe()
        if self._flush_at is not None:
            self._flush_at.cancel()

    # Asking a client to look at the mailboxes: an own server has no IMAP

    async def pull_now(self, inbox: InboxKey) -> bool | None:
        """Have any client that works in the inbox look at its mailboxes; False when none could within 15 s, None when none is there."""
        asked = [line for line in self._lines.values() if _pulls_for(line.member, inbox)]
        if not asked:
            return None
        request, answers = next(self._ids), asyncio.Queue[bool]()
        self._pulls[request] = inbox, answers
        for line in asked:
            line.put(_encode(PullNow(request, inbox)))
        try:
            async with asyncio.timeout(PULL_SECONDS):
                for _ in asked:
                    if await answers.get():
                        return True
        except TimeoutError:
            _log.warning("no client looked at the mailboxes of %s in time", inbox)
        finally:
            del self._pulls[request]
        return False

    def pulled(self, request: int, member: Member, *, reached: bool) -> None:
        """A client's answer; of one that was not asked it counts for nothing: a reply leaves on the strength of it."""
        inbox, answers = self._pulls.get(request, (None, None))
        if inbox is not None and answers is not None and _pulls_for(member, inbox):
            answers.put_nowait(reached)

    # Publishing

    def flush(self) -> None:
        """Send what has gathered."""
        if self._flush_at is not None:
            self._flush_at.cancel()
            self._flush_at = None
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        pending, self._pending = self._pending, []
        if pending:
            self._send(lambda member: _events(pending, member))
        of, present, inboxes = self.presence.changes()
        if of:
            self._send(lambda member: _presence(of, present, inboxes, member))
        self._next_at = began_at + max(TICK_SECONDS, REST * (loop.time() - began_at))

    def _hear(self, published: Published) -> None:
        self._pending.append(published)
        for part in published.recorded:
            if isinstance(part.event, ConversationMovedIn) and part.conversation_id is not None and published.inbox is not None:
                self._moved(part.conversation_id, published.inbox)
            if part.conversation_id is not None:
                self.presence.touch(part.conversation_id)
            elif isinstance(part.event, MemberChanged):
                self._member_changed(part.event.member)
        self._flush_soon()

    def _moved(self, conversation_id: ConversationId, inbox: InboxKey) -> None:
        """Those who look at it are in another inbox now, as far as that is theirs."""
        people = self._desk.people
        self.presence.rehouse(conversation_id, inbox, lambda key: (one := people.member(key)) is not None and sees(one, inbox))

    def _member_changed(self, member: Member) -> None:
        if not member.active:
            self.cut("access_ended", lambda line: line.member.key == member.key)
            return
        for line in self._lines.values():
            if line.member.key == member.key and _reach(line.member) != _reach(member):
                # They may see other inboxes now: a new line starts with the right ones.
                line.cut("stopping")

    def _flush_soon(self) -> None:
        if self._flush_at is None:
            # The first of a burst goes at once, or as soon as the last batch is a tick ago; all that comes meanwhile goes with it.
            loop = asyncio.get_running_loop()
            self._flush_at = loop.call_later(max(SHORTEST_SECONDS, self._next_at - loop.time()), self.flush)

    def _send(self, frame_for: Callable[[Member | None], FromServer | None]) -> None:
        """Encode once for all who see everything, and once for each set of inboxes."""
        encoded: dict[tuple[InboxKey, ...], tuple[bytes, bytes] | None] = {}
        for line in list(self._lines.values()):
            inboxes = line.member.inboxes
            if inboxes not in encoded:
                said = frame_for(line.member if inboxes else None)
                frame = _encode(said) if said is not None else b""
                encoded[inboxes] = (frame, as_message(frame)) if frame else None
            ready = encoded[inboxes]
            if ready is not None:
                line.put(*ready)


def _pulls_for(member: Member, inbox: InboxKey) -> bool:
    return sees(member, inbox) and role_in(member, inbox) is not Role.GUEST


def _reach(member: Member) -> tuple[object, ...]:
    """What a line is made for: another one of it needs another line."""
    return member.inboxes, member.role, member.roles, member.ends_at


def _events(pending: Iterable[Published], member: Member | None) -> Events | None:
    inboxes = member.inboxes if member is not None else ()
    told = (as_told(part, published.inbox, inboxes) for published in pending for part in published.recorded)
    recorded: tuple[Recorded, ...] = tuple(part for part in told if part is not None)
    return Events(recorded) if recorded else None


def _presence(
    of: tuple[ConversationId, ...], present: tuple[PresentIn, ...], inboxes: dict[ConversationId, InboxKey], member: Member | None
) -> Presence | None:
    seen = tuple(one for one in of if member is None or sees(member, inboxes[one]))
    there = tuple(one.present for one in present if member is None or sees(member, one.inbox))
    return Presence(seen, there) if seen else None

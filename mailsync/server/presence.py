"""Who looks at what and who writes, as of now: from what the streams say, here and at other servers, and from the leases. In memory only."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from mailsync.link.stream_protocol import Present
from store.clock import Clock
from store.domain.ids import ConversationId, InboxKey, MemberKey
from store.domain.lease import lease_is_idle, lease_is_live
from store.team.desk import TeamDesk

GONE_AFTER = timedelta(seconds=45)
"""A terminal says every 15 s where it is; after three silences it is nowhere."""


class PresentIn(msgspec.Struct, frozen=True):
    """Who is where, and in which inbox that is."""

    inbox: InboxKey
    present: Present


class Look(msgspec.Struct, frozen=True, array_like=True):
    """A terminal is at a conversation."""

    member: MemberKey
    conversation_id: ConversationId
    inbox: InboxKey
    since: datetime


Place = tuple[str, int]
"""A server ("" is this one), and one terminal's stream there."""
HERE = ""


class Presence:
    """`stream_id` is one terminal's stream. What changed since it was last published is what `changes` returns."""

    def __init__(self, desk: TeamDesk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._looks: dict[Place, Look] = {}
        self._heard_at: dict[Place, datetime] = {}
        self._at: dict[ConversationId, set[Place]] = {}
        self._moved: dict[int, Look | None] = {}
        self.moved = asyncio.Event()
        """A terminal of this server came or went: there is something for `news`."""
        self._shown: dict[ConversationId, tuple[PresentIn, ...]] = {}
        self._touched: set[ConversationId] = set()
        # From the time, so that a count of before a restart is never taken for one of now.
        self.version = int(clock.now().timestamp() * 1000)
        """Grows with each change of who is where."""

    def looking(self, stream_id: int, member: MemberKey, conversation_id: ConversationId | None, inbox: InboxKey | None) -> None:
        """A terminal says where it is; None: at the list."""
        now, place = self._clock.now(), (HERE, stream_id)
        before = self._looks.get(place)
        if before is not None and before.conversation_id == conversation_id and before.member == member:
            self._heard_at[place] = now
            return
        self.left(stream_id)
        if conversation_id is not None and inbox is not None:
            look = Look(member, conversation_id, inbox, now)
            self._put(place, look)
            self._note(stream_id, look)

    def rehouse(self, conversation_id: ConversationId, inbox: InboxKey, sees: Callable[[MemberKey], bool]) -> None:
        """A conversation is in another inbox now: who does not see that one is there no more."""
        for place in tuple(self._at.get(conversation_id, ())):
            look = self._looks[place]
            self._drop(place)
            if sees(look.member):
                self._put(place, msgspec.structs.replace(look, inbox=inbox))

    def left(self, stream_id: int) -> bool:
        """A terminal's stream has ended, or it went away from where it was (True: it had been somewhere)."""
        was_there = self._drop((HERE, stream_id))
        if was_there:
            self._note(stream_id, None)
        return was_there

    def elsewhere(self, server: str, looks: Mapping[int, Look | None]) -> None:
        """Another server says where terminals of its own are; None: at the list, or gone."""
        now = self._clock.now()
        for stream_id, look in looks.items():
            place = (server, stream_id)
            if look is not None and self._looks.get(place) == look:
                self._heard_at[place] = now
                continue
            self._drop(place)
            if look is not None:
                self._put(place, look)

    def forget(self, server: str) -> None:
        """Another server has ended."""
        for place in [place for place in self._looks if place[0] == server]:
            self._drop(place)

    def news(self) -> dict[int, Look | None]:
        """What has changed of this server's terminals since this was last asked."""
        news, self._moved = self._moved, {}
        self.moved.clear()
        return news

    def here(self) -> dict[int, Look]:
        """Where this server's terminals are."""
        return {stream_id: look for (server, stream_id), look in self._looks.items() if server == HERE}

    def touch(self, conversation_id: ConversationId) -> None:
        """Something happened there that may change who is where."""
        self._touched.add(conversation_id)

    def tick(self) -> None:
        """Time has passed: forget who fell silent, and look at every lease again."""
        now = self._clock.now()
        for (server, stream_id), heard_at in list(self._heard_at.items()):
            if now - heard_at >= GONE_AFTER:
                if server == HERE:
                    self.left(stream_id)
                else:
                    self._drop((server, stream_id))
        self._touched.update(held.conversation_id for held in self._desk.leases())
        self._touched.update(self._shown)

    def changes(self) -> tuple[tuple[ConversationId, ...], tuple[PresentIn, ...], dict[ConversationId, InboxKey]]:
        """The conversations where it is no longer as last published, who is there now, and their inboxes."""
        touched, self._touched = self._touched, set()
        of: list[ConversationId] = []
        present: list[PresentIn] = []
        inboxes: dict[ConversationId, InboxKey] = {}
        for conversation_id in touched:
            before, now = self._shown.get(conversation_id, ()), self._there(conversation_id)
            if before == now:
                continue
            inboxes[conversation_id] = (now or before)[0].inbox
            of.append(conversation_id)
            present.extend(now)
            if now:
                self._shown[conversation_id] = now
            else:
                del self._shown[conversation_id]
        self.version += bool(of)
        return tuple(of), tuple(present), inboxes

    def everybody(self) -> tuple[PresentIn, ...]:
        """Who is where, as last published."""
        return tuple(one for there in self._shown.values() for one in there)

    def _there(self, conversation_id: ConversationId) -> tuple[PresentIn, ...]:
        found: dict[MemberKey, PresentIn] = {}
        for look in self._looks_at(conversation_id):
            earlier = found.get(look.member)
            if earlier is None or look.since < earlier.present.since:
                found[look.member] = PresentIn(look.inbox, Present(look.member, conversation_id, writing=False, idle=False, since=look.since))
        held, now = self._desk.lease_of(conversation_id), self._clock.now()
        if held is not None and lease_is_live(held.lease, held.pulse, now):
            idle = lease_is_idle(held.lease, held.pulse, now)
            writer = Present(held.lease.by, conversation_id, writing=True, idle=idle, since=held.lease.since)
            found[held.lease.by] = PresentIn(held.inbox, writer)
        return tuple(found[member] for member in sorted(found))

    def _looks_at(self, conversation_id: ConversationId) -> Iterable[Look]:
        return [self._looks[place] for place in self._at.get(conversation_id, ())]

    def _put(self, place: Place, look: Look) -> None:
        self._looks[place], self._heard_at[place] = look, self._clock.now()
        self._at.setdefault(look.conversation_id, set()).add(place)
        self.touch(look.conversation_id)

    def _drop(self, place: Place) -> bool:
        before = self._looks.pop(place, None)
        if before is None:
            return False
        del self._heard_at[place]
        there = self._at[before.conversation_id]
        there.discard(place)
        if not there:
            del self._at[before.conversation_id]
        self.touch(before.conversation_id)
        return True

    def _note(self, stream_id: int, look: Look | None) -> None:
        if self._desk.shared:
            self._moved[stream_id] = look
            self.moved.set()

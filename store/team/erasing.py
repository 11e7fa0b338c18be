"""Having a customer erased, and old conversations when their time is over: the desk's part, in small steps and safe to begin again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from store.clock import Clock
from store.domain.audit import ERASED, digest
from store.domain.conversation import Conversation
from store.domain.erasure import ERASURE, RETENTION, erased_state
from store.domain.events import LegalHoldChanged
from store.domain.ids import ConversationId, MemberKey
from store.domain.outbox import STILL_HERE_STATES, OutboxState
from store.domain.people import SERVER
from store.domain.status import Category
from store.errors import BadInput
from store.team import statements as s
from store.team.audit import note
from store.team.connection import Connection
from store.team.erasure import DONE, Order, Told, erase_one, find_customer, new_erasure, stands_against, would_tell
from store.team.erasure_list import Listed, list_erasures, listed_erasures
from store.team.mailing_forgetting import find_remarked, forget_remarks
from store.team.reading import alive, load_state, timeline
from store.team.rows import read_conversation, run, to_micros, value
from store.team.suppressing import forget_person
from store.team.values import Published

T = TypeVar("T")
Written = tuple[T, tuple[Published, ...]]

LOOKED_AT_ONCE = 200
"""Conversations, or entries of the log, that one step of retention looks at."""
YEAR = timedelta(days=365.25)

_PLACE = "retention_after"
_LOG_PLACE = "retention_log_after"


class Write(Protocol):
    """How the desk writes and publishes."""

    def __call__(self, work: Callable[[Connection], Written[T]]) -> Awaitable[T]:
        """Run `work` in the writer's transaction."""
        ...


class Ask(Protocol):
    """How the desk reads."""

    def __call__(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work` on the reader's thread."""
        ...


class OwnAddress(BadInput):
    """An address of ours is no customer's."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is an inbox of the team, no customer; nothing was erased.", address=address)


class NoAddress(BadInput):
    """What was given cannot be an address."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no mail address; nothing was erased.", address=text)


class ErasureReport(msgspec.Struct, frozen=True):
    """What became of each conversation, and in which others the customer is only named: those are for a person to look at."""

    erasure: str
    conversations: tuple[Told, ...]
    named_in: tuple[ConversationId, ...]
    swept: bool
    """The database's files hold nothing of it any more; False: a reader was busy, the next sweep does it."""


class Erasing:
    """`sweep`: has nothing of what was deleted left in the database's files, or says that it could not. `erasures`: the list of them."""

    def __init__(self, sweep: Callable[[], bool], erasures: Path, clock: Clock, write: Write, ask: Ask, own_addresses: frozenset[str]) -> None:
        self._sweep = sweep
        self._list = erasures
        self._clock = clock
        self._write = write
        self._ask = ask
        self._own_addresses = own_addresses

    async def erase_customer(self, address: str, by: MemberKey, *, dry_run: bool = False, where: str = "") -> ErasureReport:
        """Erase every conversation of a customer but those on legal hold, in writing or on their way out; those can be tried again.

        Raises:
            NoAddress, OwnAddress: It is no customer's.
        """
        wanted = address.strip().casefold()
        if "@" not in wanted.strip("@") or any(letter.isspace() for letter in wanted):
            raise NoAddress(address)
        if wanted in self._own_addresses:
            raise OwnAddress(address)
        found = await self._ask(partial(find_customer, address=wanted))
        if dry_run:
            told = [await self._ask(partial(would_tell, conversation_id=one)) for one in found.theirs]
            return ErasureReport("", tuple(told), found.named_in, swept=False)
        order = Order(by, ERASURE, new_erasure(), where)
        # First: once their rows are forgotten, nobody knows which mailings they were in.
        remarked = await self._ask(partial(find_remarked, address=wanted))
        remarks = await self._write(partial(forget_remarks, remarked=remarked, now=self._clock.now(), order=order)) if remarked.remarks else 0
        told = [await self._erase(one, order) for one in found.theirs]
        rows = await self._write(partial(forget_person, address=wanted))
        swept = await asyncio.to_thread(self._sweep) if rows or remarks or any(one.outcome == DONE for one in told) else True
        return ErasureReport(order.erasure, tuple(told), found.named_in, swept)

    async def _erase(self, conversation_id: ConversationId, order: Order) -> Told:
        may = await self._ask(partial(would_tell, conversation_id=conversation_id))
        if may.outcome != "would_erase":
            return may
        # Listed first: cut off between the two, it is erased at the next start.
        listed = Listed(order.erasure, conversation_id, self._clock.now().isoformat())
        await asyncio.to_thread(list_erasures, self._list, [listed])
        return await self._write(partial(erase_one, now=self._clock.now(), conversation_id=conversation_id, order=order))

    async def apply_retention(self, keep: timedelta) -> int:
        """One small step: conversations finished, and entries of the log written, longer ago than `keep` lose their words.

        Returns how many conversations that were. Call it again and again; it begins anew at the end.
        """
        told = await self._write(partial(_retain, now=self._clock.now(), keep=keep))
        await self._write(partial(_retain_log, now=self._clock.now(), keep=keep))
        if told:
            await asyncio.to_thread(self._sweep)
        return told


def list_beside(place: Path | str, folder: Path | None) -> Path:
    """Where the list of erasures lies: outside the database, for a backup that is restored must not bring back what was erased since."""
    return (folder or (place.parent if isinstance(place, Path) else Path())) / "erasures.jsonl"


def erase_again(connection: Connection, erasures: Path, now: datetime) -> int:
    """After a restore: what is in the list, and not erased in the database; returns how many conversations.

    Also what was listed by a server that died before it was done. Somebody may have begun to answer there since: that is left to a later start.

    Raises:
        BadErasureList: The list cannot be read.
    """
    done = 0
    for conversation_id, listed in listed_erasures(erasures).items():
        state = load_state(connection, conversation_id)
        if state is not None and state.erasure != listed.erasure and not _in_work(connection, state) and not _held_since(connection, state, listed):
            order = Order(SERVER, ERASURE, listed.erasure, forced=True)
            done += erase_one(connection, now, conversation_id, order)[0].outcome == DONE
    return done


def _in_work(connection: Connection, state: Conversation) -> bool:
    """Whether somebody writes there, or a reply may still leave; leases and claims from before a restore do neither."""
    epoch = int(str(value(connection, s.GET_META, name="epoch")))
    waiting = (reply.token for reply in state.submissions if reply.state in STILL_HERE_STATES | {OutboxState.SENDING})
    checked = (state.check.reply.token,) if state.check is not None and state.check.waits else ()
    return any(token.epoch == epoch for token in (*waiting, *checked, *((state.lease.token,) if state.lease is not None else ())))


def _held_since(connection: Connection, state: Conversation, listed: Listed) -> bool:
    """Whether a legal hold that stands was set after the erasure was ordered."""
    whole = alive(connection, state.id) or state
    if not whole.legal_hold:
        return False
    held_at = [one.at for one in timeline(connection, conversation_id=whole.id) if isinstance(one.event, LegalHoldChanged) and one.event.on]
    return max(held_at).isoformat() > listed.at if held_at else False


def _retain(connection: Connection, *, now: datetime, keep: timedelta) -> Written[int]:
    place = str(value(connection, s.GET_META, name=_PLACE) or "")
    rows = run(connection, s.STATES_AFTER, after=place, most=LOOKED_AT_ONCE)
    order = Order(SERVER, RETENTION, new_erasure())
    published: list[Published] = []
    done = 0
    for body, _ in rows:
        state = read_conversation(body)
        over = state.category in {Category.DONE, Category.JUNK} and max(filter(None, (state.last_at, state.done_at)), default=now) < now - keep
        if over and erased_state(state, state.erasure) != state and stands_against(connection, state) is None:
            told, parts = erase_one(connection, now, state.id, order)
            done += told.outcome == DONE
            published += parts
    reached = read_conversation(rows[-1][0]).id if len(rows) == LOOKED_AT_ONCE else ""
    run(connection, s.PUT_META, name=_PLACE, value=reached)
    return done, tuple(published)


def _retain_log(connection: Connection, *, now: datetime, keep: timedelta) -> Written[None]:
    place = int(str(value(connection, s.GET_META, name=_LOG_PLACE) or 0))
    last = value(connection, s.LAST_ENTRY_BEFORE, before=to_micros(now - keep))
    if not isinstance(last, int) or last <= place:
        return None, ()
    high = min(last, place + LOOKED_AT_ONCE)
    left = digest(b"", b"", b"").hex()
    remains = [f"{n}:{left}" for (n,) in sorted(run(connection, s.ERASE_NOTES, low=place, high=high))]
    if remains:
        note(connection, now, SERVER, ERASED, facts={"why": RETENTION, "erasure": new_erasure(), "remains": remains})
    run(connection, s.PUT_META, name=_LOG_PLACE, value=str(high))
    return None, ()

"""Mailings at the server: decided and kept in one transaction, their rows taken in page by page, and what became of each."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from store.clock import Clock
from store.domain.ids import InboxKey, MailingId
from store.domain.mailing import OVER, Fate, Mailing, MailingRow, MailingState, digest_of, submission_id
from store.domain.mailing_check import MailingCheck, Today, check_of
from store.domain.mailing_commands import AnyMailingCommand, MailingRefusal
from store.domain.outbox import OutboxState
from store.domain.people import Member
from store.domain.unsubscribing import address_sha256, mailing_key
from store.errors import BadInput
from store.team import mailing_statements as m
from store.team.connection import Connection, Row
from store.team.mailing_moves import Kept, kept_in_row, load, move, today
from store.team.reading import reply_keys
from store.team.rows import from_micros, run, run_all
from store.team.suppressing import Suppressing
from store.team.values import Order, Outcome, Published
from store.team.writing import Ask, Write, Written

MOST_MAILINGS = 100
RESULTS_AT_ONCE = 2000
WAITING, HANDED_OVER, SKIPPED, FAILED = "waiting", "handed_over", "skipped", "failed"

Execute = Callable[[Connection, Sequence[Order]], tuple[tuple[Outcome, ...], tuple[Published, ...]]]
"""`store.team.execution.Execution.run`: commands decided and kept inside the writer's transaction."""

FATES: Mapping[OutboxState, Fate] = {
    OutboxState.ACCEPTED: Fate.SENT,
    OutboxState.PARTLY_ACCEPTED: Fate.SENT,
    OutboxState.REFUSED: Fate.REFUSED,
    OutboxState.UNKNOWN: Fate.UNKNOWN,
    OutboxState.CANCELLED: Fate.CANCELLED,
}
"""What the outbox says of a row that was handed over; every other state: it is on its way."""
SETTLED = frozenset({Fate.SENT, Fate.REFUSED, Fate.SKIPPED, Fate.FAILED, Fate.CANCELLED})
"""An unknown one may still be cleared up."""


class RowsRefused(BadInput):
    """A page of rows that cannot be taken; `last` is the row up to which all have come."""

    def __init__(self, problem: str, last: int) -> None:
        super().__init__(f"the rows cannot be taken: {problem}", last=last)
        self.last = last


class Standing(msgspec.Struct, frozen=True):
    """A mailing, how far its rows have come, how many of them are how, and whose yes it needs and has."""

    mailing: Mailing
    last_n: int
    there: int
    fates: dict[Fate, int]
    check: MailingCheck


class RowFate(msgspec.Struct, frozen=True):
    """What became of one row."""

    n: int
    address: str
    fate: Fate
    reason: str
    at: datetime | None
    message_id: str
    conversation_id: str = ""


class Mailings:
    """The desk's part. `suppressing`: the do-not-mail list; `execute`: how a row's turn opens its conversation."""

    def __init__(self, clock: Clock, epoch: int, execute: Execute, write: Write, ask: Ask) -> None:
        self.suppressing = Suppressing(clock, write, ask)
        self._clock = clock
        self._epoch = epoch
        self.execute = execute
        self._settled: dict[MailingId, Standing] = {}
        """Mailings of which nothing can change any more: to count 10,000 rows again for each look would keep others waiting."""
        self._write = write
        self._ask = ask

    async def move(self, actor: Member, command: AnyMailingCommand, *, where: str = "") -> Mailing | MailingRefusal:
        """Decide a command and keep what comes of it; the same again changes nothing."""
        work = partial(move, actor=actor, command=command, now=self._clock.now(), epoch=self._epoch, where=where)
        return await self._write(work)

    async def add_rows(self, mailing: MailingId, actor: Member, after: int, rows: Sequence[MailingRow]) -> int:
        """Keep a page of rows behind row `after`; 0: begin anew. Returns the last row that is here.

        Raises:
            RowsRefused: There is no such mailing of the actor's that takes rows, or the page does not follow what is here.
        """
        return await self._write(partial(_add_rows, mailing_id=mailing, actor=actor, after=after, rows=tuple(rows)))

    async def inbox_of(self, mailing: str) -> InboxKey | None:
        """The inbox it is sent from; None: there is no such mailing."""
        found = await self._ask(partial(load, mailing_id=MailingId(mailing)))
        return found.mailing.inbox if found else None

    async def standing(self, mailing: MailingId) -> Standing | None:
        """One of them as it stands."""
        return await self._ask(partial(_standing, mailing_id=mailing, now=self._clock.now()))

    async def standings(self, inboxes: Collection[InboxKey]) -> tuple[Standing, ...]:
        """The newest, in these inboxes; none named: in all."""
        found = await self._ask(partial(_standings, inboxes=inboxes, settled=dict(self._settled), now=self._clock.now()))
        self._settled |= {one.mailing.id: one for one in found if one.mailing.state in OVER and one.fates.keys() <= SETTLED}
        return found

    async def results(self, mailing: MailingId, after: int) -> tuple[RowFate, ...]:
        """What became of the rows behind row `after`, `RESULTS_AT_ONCE` at a time."""
        return await self._ask(partial(_results, mailing_id=mailing, after=after))

    async def samples(self, mailing: MailingId) -> tuple[MailingRow, ...]:
        """The first, the longest and the last of the mails that still wait."""
        return await self._ask(partial(_samples, mailing_id=mailing))

    async def key_of(self, mailing: MailingId) -> bytes:
        """What signs the unsubscribe tokens of its mails."""
        return mailing_key((await self._ask(reply_keys))[0], mailing)


def _add_rows(connection: Connection, *, mailing_id: MailingId, actor: Member, after: int, rows: Sequence[MailingRow]) -> Written[int]:
    kept = load(connection, mailing_id)
    if kept is None or kept.mailing.by != actor.key:
        raise RowsRefused("there is no such mailing of yours", kept.last_n if kept else 0)
    if not kept.mailing.takes_rows:
        why = "it was handed in" if kept.mailing.begun_at is None else "some of its mails may have left"
        raise RowsRefused(f"{why}, and the mailing is {kept.mailing.state.value}", kept.last_n)
    digest = kept.digest
    if after == 0:
        run(connection, m.DROP_ROWS, mailing=mailing_id)
        digest = ""
    elif after != kept.last_n:
        raise RowsRefused(f"row {kept.last_n} is the last that came", kept.last_n)
    hashes = [address_sha256(row.address) for row in rows]
    there = run_all(connection, [(m.SAME_ADDRESS, {"mailing": mailing_id, "hash": hashed}) for hashed in hashes])
    last, known = after, set[str]()
    for row, hashed, same in zip(rows, hashes, there, strict=True):
        if row.n <= last:
            raise RowsRefused(f"row {row.n} does not follow row {last}", kept.last_n)
        if same or hashed in known:
            raise RowsRefused(f"row {row.n} has the address of another row", kept.last_n)
        known.add(hashed)
        _put_row(connection, mailing_id, row, hashed)
        last = row.n
    run(connection, m.ROWS_CAME, which=mailing_id, reached=last, hashed=digest_of(rows, digest))
    return last, ()


def _put_row(connection: Connection, mailing_id: MailingId, row: MailingRow, hashed: str) -> None:
    run(
        connection,
        m.PUT_ROW,
        mailing_id=mailing_id,
        n=row.n,
        address=row.address,
        address_sha256=hashed,
        name=row.name,
        subject=row.subject,
        message_id=row.message_id,
        submission_id=submission_id(mailing_id, row.n),
        state=WAITING,
        reason="",
        at=None,
        mime=row.mime,
    )


def _standing(connection: Connection, *, mailing_id: MailingId, now: datetime) -> Standing | None:
    kept = load(connection, mailing_id)
    return None if kept is None else _stand(connection, (kept,), now)[0]


def _standings(
    connection: Connection, *, inboxes: Collection[InboxKey], settled: Mapping[MailingId, Standing], now: datetime
) -> tuple[Standing, ...]:
    kept = [kept_in_row(row) for row in run(connection, m.MAILINGS, most=MOST_MAILINGS)]
    wanted = [one for one in kept if not inboxes or one.mailing.inbox in inboxes]
    counted = _stand(connection, [one for one in wanted if one.mailing.id not in settled], now)
    known = {**settled, **{one.mailing.id: one for one in counted}}
    return tuple(known[one.mailing.id] for one in wanted)


def _stand(connection: Connection, kept: Sequence[Kept], now: datetime) -> tuple[Standing, ...]:
    if not kept:
        return ()
    here = today(connection, now)
    counts = run_all(connection, [(m.FATES, {"mailing": one.mailing.id}) for one in kept])
    return tuple(_stands(one, rows, here) for one, rows in zip(kept, counts, strict=True))


def _stands(kept: Kept, counts: Sequence[Row], here: Today) -> Standing:
    fates: Counter[Fate] = Counter()
    for state, outbox, count in counts:
        fates[fate_of(kept.mailing, state, outbox)] += count
    return Standing(kept.mailing, kept.last_n, sum(fates.values()), dict(fates), check_of(kept.mailing, here))


def fate_of(mailing: Mailing, state: str, outbox: str | None) -> Fate:
    """What became of a row, by what is known here and in the outbox."""
    if state == WAITING:
        return Fate.CANCELLED if mailing.state is MailingState.CANCELLED else Fate.WAITING
    if state == SKIPPED:
        return Fate.SKIPPED
    if state == FAILED:
        return Fate.FAILED
    return Fate.SENT if outbox is None else FATES.get(OutboxState(outbox), Fate.ON_ITS_WAY)


def _results(connection: Connection, *, mailing_id: MailingId, after: int) -> tuple[RowFate, ...]:
    kept = load(connection, mailing_id)
    if kept is None:
        return ()
    rows = run(connection, m.RESULTS_AFTER, mailing=mailing_id, after=after, most=RESULTS_AT_ONCE)
    return tuple(_result(kept.mailing, *row) for row in rows)


def _result(
    mailing: Mailing, n: int, address: str, state: str, reason: str, at: int | None, message_id: str, outbox: str | None, conversation: str | None
) -> RowFate:
    when = None if at is None else from_micros(at)
    return RowFate(n, address, fate_of(mailing, state, outbox), reason, when, message_id, conversation or "")


def _samples(connection: Connection, *, mailing_id: MailingId) -> tuple[MailingRow, ...]:
    found = run_all(connection, [(asked, {"mailing": mailing_id}) for asked in m.SAMPLES])
    return tuple({row[0]: MailingRow(*row) for rows in found for row in rows}.values())

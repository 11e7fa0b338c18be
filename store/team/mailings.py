"""Mailings at the server: decided and kept in one transaction, their rows taken in page by page, and what became of each."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from store.clock import Clock
from store.domain.asked_checks import may_read_checks
from store.domain.check_policy import asks_of_batch
from store.domain.decide_mailing import MAY_SEND, MailingContext, decide_mailing
from store.domain.ids import InboxKey, MailingId
from store.domain.mailing import OVER, Fate, Mailing, MailingRow, MailingState, digest_of, submission_id
from store.domain.mailing_commands import AnyMailingCommand, HandInMailing, MailingRefusal, MailingStands, StartMailing
from store.domain.mailing_events import MailingMoved
from store.domain.outbox import OutboxState
from store.domain.people import Member, acting_in, is_here, members_with, role_in, seeing, sees
from store.domain.refusals import NotAllowed
from store.domain.team_facts import folded
from store.domain.unsubscribing import address_sha256, mailing_key
from store.errors import BadInput
from store.team import mailing_statements as m
from store.team.connection import Connection
from store.team.journal import append
from store.team.reading import all_members, reply_keys, team_events
from store.team.rows import from_micros, maybe_micros, run, to_json, to_micros, value
from store.team.suppressing import Suppressing
from store.team.values import Order, Outcome, Published
from store.team.writing import Ask, Write, Written

MOST_MAILINGS = 100
RESULTS_AT_ONCE = 2000
WAITING, HANDED_OVER, SKIPPED, FAILED = "waiting", "handed_over", "skipped", "failed"

read_mailing = msgspec.json.Decoder(Mailing).decode

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


class Kept(msgspec.Struct, frozen=True):
    """A mailing as it lies here. `last_at`: of its last turn; `last_n`, `digest`: of the rows that have come."""

    mailing: Mailing
    last_at: datetime | None
    last_n: int
    digest: str


class Standing(msgspec.Struct, frozen=True):
    """A mailing, how far its rows have come, and how many of them are how."""

    mailing: Mailing
    last_n: int
    there: int
    fates: dict[Fate, int]


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
        return await self._ask(partial(_standing, mailing_id=mailing))

    async def standings(self, inboxes: Collection[InboxKey]) -> tuple[Standing, ...]:
        """The newest, in these inboxes; none named: in all."""
        found = await self._ask(partial(_standings, inboxes=inboxes, settled=dict(self._settled)))
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


def load(connection: Connection, mailing_id: MailingId) -> Kept | None:
    """One by its id."""
    rows = run(connection, m.GET_MAILING, id=mailing_id)
    if not rows:
        return None
    body, last_at, last_n, digest = rows[0]
    return Kept(read_mailing(body), None if last_at is None else from_micros(last_at), last_n, digest)


def move(
    connection: Connection, *, actor: Member, command: AnyMailingCommand, now: datetime, epoch: int, where: str = ""
) -> Written[Mailing | MailingRefusal]:
    """Decide, journal, keep: inside the writer's transaction."""
    kept = load(connection, command.mailing_id)
    inbox = kept.mailing.inbox if kept else command.inbox if isinstance(command, StartMailing) else None
    if inbox is None:
        return MailingStands(""), ()
    members = [member for member in all_members(connection) if is_here(member, now)]
    known = next((member for member in members if member.key == actor.key), actor)
    if not sees(known, inbox):
        return NotAllowed("inbox"), ()
    handed_in = isinstance(command, HandInMailing)
    policy = folded(team_events(connection)).check_policy
    context = MailingContext(
        actor=acting_in(known, inbox, now),
        now=now,
        epoch=epoch,
        there=int(str(value(connection, m.COUNT_ROWS, mailing=command.mailing_id))) if handed_in else 0,
        sha256=kept.digest if kept else "",
        senders=members_with(members, MAY_SEND, inbox) & seeing(members, inbox),
        asks=asks_of_batch(policy, kept.mailing.by if kept else known.key, inbox),
        checks=may_read_checks(role_in(known, inbox), known.key, policy),
    )
    decision = decide_mailing(kept.mailing if kept else None, command, context)
    if decision is None:
        assert kept is not None, "only what is there can stay as it is"
        return kept.mailing, ()
    if not isinstance(decision, MailingMoved):
        return decision, ()
    return decision.mailing, (put(connection, kept, decision, actor, now, where),)


def put(connection: Connection, kept: Kept | None, moved: MailingMoved, actor: Member, now: datetime, where: str = "") -> Published:
    """Keep a mailing as it is now, and journal how it came to be so."""
    mailing = moved.mailing
    run(
        connection,
        m.PUT_MAILING,
        id=mailing.id,
        inbox=mailing.inbox,
        state=mailing.state,
        started_at=to_micros(mailing.started_at),
        last_at=maybe_micros(kept.last_at) if kept else None,
        last_n=kept.last_n if kept else 0,
        digest=kept.digest if kept else "",
        body=to_json(mailing),
    )
    return Published(mailing.inbox, append(connection, now, actor.key, (moved,), None, mailing.inbox, where=where))


def _add_rows(connection: Connection, *, mailing_id: MailingId, actor: Member, after: int, rows: Sequence[MailingRow]) -> Written[int]:
    kept = load(connection, mailing_id)
    if kept is None or kept.mailing.by != actor.key or kept.mailing.state is not MailingState.UPLOADING:
        raise RowsRefused("there is no mailing of yours that takes rows", kept.last_n if kept else 0)
    digest = kept.digest
    if after == 0:
        run(connection, m.DROP_ROWS, mailing=mailing_id)
        digest = ""
    elif after != kept.last_n:
        raise RowsRefused(f"row {kept.last_n} is the last that came", kept.last_n)
    last = after
    for row in rows:
        if row.n <= last:
            raise RowsRefused(f"row {row.n} does not follow row {last}", kept.last_n)
        hashed = address_sha256(row.address)
        if run(connection, m.SAME_ADDRESS, mailing=mailing_id, hash=hashed):
            raise RowsRefused(f"row {row.n} has the address of another row", kept.last_n)
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


def _standing(connection: Connection, *, mailing_id: MailingId) -> Standing | None:
    kept = load(connection, mailing_id)
    if kept is None:
        return None
    fates: Counter[Fate] = Counter()
    for state, outbox, count in run(connection, m.FATES, mailing=mailing_id):
        fates[fate_of(kept.mailing, state, outbox)] += count
    return Standing(kept.mailing, kept.last_n, sum(fates.values()), dict(fates))


def _standings(connection: Connection, *, inboxes: Collection[InboxKey], settled: Mapping[MailingId, Standing]) -> tuple[Standing, ...]:
    rows = run(connection, m.MAILINGS, most=MOST_MAILINGS)
    ids = [read_mailing(body).id for body, inbox in rows if not inboxes or inbox in inboxes]
    found = (settled.get(one) or _standing(connection, mailing_id=one) for one in ids)
    return tuple(one for one in found if one is not None)


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
    rows = [found for asked in m.SAMPLES for found in run(connection, asked, mailing=mailing_id)]
    return tuple({row[0]: MailingRow(*row) for row in rows}.values())

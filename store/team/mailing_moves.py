"""What is asked about a mailing, decided and kept: inside the writer's transaction, by the rules and with the people of that moment."""

from datetime import datetime

import msgspec

from store.domain.decide_mailing import MailingContext, decide_mailing
from store.domain.ids import MailingId
from store.domain.mailing import Mailing
from store.domain.mailing_check import Today
from store.domain.mailing_commands import AnyMailingCommand, HandInMailing, MailingRefusal, MailingStands, SendBackMailing, StartMailing
from store.domain.mailing_events import MailingMoved
from store.domain.people import Member, acting_in, is_here, sees
from store.domain.refusals import NotAllowed
from store.domain.team_facts import folded
from store.team import check_statements as c
from store.team import mailing_statements as m
from store.team.connection import Connection, Row
from store.team.journal import append
from store.team.reading import all_members, team_events
from store.team.rows import from_micros, maybe_micros, run, to_json, to_micros, value
from store.team.values import Published
from store.team.writing import Written

_read_mailing = msgspec.json.Decoder(Mailing).decode
OF_A_MAILING = "mailing"
"""The kind of a remark with which a mailing was sent back."""


class Kept(msgspec.Struct, frozen=True):
    """A mailing as it lies here. `last_at`: of its last turn; `last_n`, `digest`: of the rows that have come."""

    mailing: Mailing
    last_at: datetime | None
    last_n: int
    digest: str


def load(connection: Connection, mailing_id: MailingId) -> Kept | None:
    """One by its id."""
    rows = run(connection, m.GET_MAILING, id=mailing_id)
    return kept_in_row(rows[0]) if rows else None


def kept_in_row(row: Row) -> Kept:
    """A row of the table, as `mailing_statements` selects it."""
    body, last_at, last_n, digest = row
    return Kept(_read_mailing(body), None if last_at is None else from_micros(last_at), last_n, digest)


def move(
    connection: Connection, *, actor: Member, command: AnyMailingCommand, now: datetime, epoch: int, where: str = ""
) -> Written[Mailing | MailingRefusal]:
    """Decide, journal, keep: inside the writer's transaction."""
    kept = load(connection, command.mailing_id)
    inbox = kept.mailing.inbox if kept else command.inbox if isinstance(command, StartMailing) else None
    if inbox is None:
        return MailingStands(""), ()
    here = today(connection, now)
    known = here.member(actor.key) or actor
    if not sees(known, inbox):
        return NotAllowed("inbox"), ()
    handed_in = isinstance(command, HandInMailing)
    context = MailingContext(
        actor=acting_in(known, inbox, now),
        now=now,
        epoch=epoch,
        there=int(str(value(connection, m.COUNT_ROWS, mailing=command.mailing_id))) if handed_in else 0,
        sha256=kept.digest if kept else "",
        today=here,
    )
    decision = decide_mailing(kept.mailing if kept else None, command, context)
    if decision is None:
        assert kept is not None, "only what is there can stay as it is"
        return kept.mailing, ()
    if not isinstance(decision, MailingMoved):
        return decision, ()
    if isinstance(command, SendBackMailing):
        _keep_remark(connection, decision.mailing, actor, now)
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


def today(connection: Connection, now: datetime) -> Today:
    """Who is here, and the rules, as this transaction reads them."""
    members = tuple(member for member in all_members(connection) if is_here(member, now))
    return Today(members, folded(team_events(connection)).check_policy)


def _keep_remark(connection: Connection, mailing: Mailing, by: Member, now: datetime) -> None:
    """On its maker's list to learn from; sent back again, each remark has a place of its own."""
    at = to_micros(now)
    told = {"member": mailing.by, "checker": by.key, "at": at, "kind": OF_A_MAILING, "remark": mailing.remark}
    run(connection, c.ADD_REMARK, id=f"{mailing.id}-{at}", conversation_id="", number=0, inbox=mailing.inbox, **told)


def mailing_of_remark(id_: str) -> MailingId:
    """The mailing that a remark kept here is of."""
    return MailingId(id_.rpartition("-")[0])

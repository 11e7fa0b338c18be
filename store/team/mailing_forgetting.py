"""What a checker said of a mailing when it was sent back may name one it went to: who is erased leaves that, too."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from store.domain.audit import ERASED
from store.domain.events import Recorded
from store.domain.ids import MailingId
from store.domain.mailing_events import MailingMoved
from store.domain.unsubscribing import address_sha256
from store.team import check_statements as c
from store.team import mailing_statements as m
from store.team.audit import note
from store.team.connection import Connection
from store.team.erasure import Order, bodies, rewrite_event
from store.team.mailing_moves import OF_A_MAILING, load, mailing_of_remark
from store.team.rows import read_recorded, run, to_json
from store.team.writing import Written


class Remarked(msgspec.Struct, frozen=True):
    """Remarks by their ids, the mailings they are of, and the events of the journal in which they stand."""

    remarks: tuple[str, ...] = ()
    mailings: tuple[MailingId, ...] = ()
    events: tuple[Recorded, ...] = ()


def find_remarked(connection: Connection, *, address: str) -> Remarked:
    """What was said of mailings that this customer is in, or that says their address. To be asked before their rows are forgotten."""
    theirs = {mailing for (mailing,) in run(connection, m.MAILINGS_OF_PERSON, whose=address_sha256(address))}
    said = run(connection, c.REMARKS_OF_KIND, kind=OF_A_MAILING)
    remarks = tuple(id_ for id_, remark in said if mailing_of_remark(id_) in theirs or address.casefold() in remark.casefold())
    mailings = tuple(dict.fromkeys(mailing_of_remark(id_) for id_ in remarks))
    events = (read_recorded(body) for body in bodies(connection) if b'"MailingMoved"' in body) if mailings else ()
    return Remarked(remarks, mailings, tuple(one for one in events if _says_something(one, mailings)))


def _says_something(recorded: Recorded, mailings: tuple[MailingId, ...]) -> bool:
    event = recorded.event
    return isinstance(event, MailingMoved) and event.mailing.id in mailings and bool(event.mailing.remark)


def forget_remarks(connection: Connection, *, remarked: Remarked, now: datetime, order: Order) -> Written[int]:
    """Erase them from the list of whoever is to learn from them, from the mailing and from the journal. Returns how many remarks that were."""
    for id_ in remarked.remarks:
        run(connection, c.DROP_REMARK, which=id_)
    for mailing_id in remarked.mailings:
        kept = load(connection, mailing_id)
        if kept is not None and kept.mailing.remark:
            run(connection, m.PUT_MAILING_ANEW, which=mailing_id, body=to_json(replace(kept.mailing, remark="")))
    remains = [one for recorded in remarked.events if (one := rewrite_event(connection, recorded, _without_remark)) is not None]
    if remains:
        note(connection, now, order.by, ERASED, order.where, {"why": order.why, "erasure": order.erasure, "remains": remains})
    return len(remarked.remarks), ()


def _without_remark(recorded: Recorded) -> Recorded:
    event = recorded.event
    return replace(recorded, event=replace(event, mailing=replace(event.mailing, remark=""))) if isinstance(event, MailingMoved) else recorded

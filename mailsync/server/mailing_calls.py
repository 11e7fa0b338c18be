"""The calls about mailings and the do-not-mail list."""

from collections.abc import Sequence

from mailsync.link import mailing_protocol as p
from mailsync.server.calls import Call
from mailsync.server.errors import MalformedCall, NotThere
from mailsync.server.handed_in import problem_with
from store.domain.commands import SubmitReply
from store.domain.ids import InboxKey, MailingId, MessageId, Revision
from store.domain.mailing import Mailing, MailingRow, conversation_id, submission_id
from store.domain.mailing_commands import StartMailing
from store.domain.outbox import Envelope
from store.domain.refusals import Malformed
from store.team.mailings import Standing
from store.team.suppressing import MOST_AT_ONCE

LONGEST_REASON = 500
LONGEST_ADDRESS = 320


async def command_mailing(call: Call) -> p.MailingTold | p.MailingRefused:
    """Have a command about a mailing decided."""
    said, desk = call.said(p.MailingRequest).command, call.house.desk
    if isinstance(said, StartMailing) and said.inbox not in call.house.addresses:
        return p.MailingRefused(Malformed(f"the server's settings know no inbox `{said.inbox}`: nobody can write from it"))
    decided = await desk.mailings.move(call.caller.known, said, where=call.caller.where)
    if not isinstance(decided, Mailing):
        return p.MailingRefused(decided)
    standing = await desk.mailings.standing(decided.id)
    assert standing is not None, "it was decided just now"
    return _told(standing)


async def inbox_of_command(call: Call) -> InboxKey | None:
    """The inbox of the mailing that is spoken of, or that is to be."""
    said = call.said(p.MailingRequest).command
    found = await call.house.desk.mailings.inbox_of(said.mailing_id)
    return found or (said.inbox if isinstance(said, StartMailing) else None)


async def inbox_of_mailing(call: Call) -> InboxKey | None:
    """The inbox of the mailing in the path."""
    return await call.house.desk.mailings.inbox_of(call.path("mailing_id"))


async def mailings(call: Call) -> list[p.MailingTold]:
    """The newest mailings of the caller's inboxes."""
    return [_told(one) for one in await call.house.desk.mailings.standings(call.caller.known.inboxes)]


def _told(standing: Standing) -> p.MailingTold:
    return p.MailingTold(standing.mailing, standing.last_n, standing.there, standing.fates, standing.check)


async def _found(call: Call) -> Mailing:
    standing = await call.house.desk.mailings.standing(MailingId(call.path("mailing_id")))
    if standing is None:
        raise NotThere("There is no such mailing.")
    return standing.mailing


async def add_mailing_rows(call: Call) -> p.RowsTaken:
    """Keep a page of a mailing's rows.

    Raises:
        NotThere: There is no such mailing.
        MalformedCall: A row is no mail from its inbox to its address.
        RowsRefused: They do not follow what is here, or it takes no rows any more.
    """
    said, mailing = call.said(p.RowsPage), await _found(call)
    addresses = call.house.addresses.get(mailing.inbox, ())
    own = frozenset(address for each in call.house.addresses.values() for address in each)
    rows = tuple(MailingRow(row.n, row.address, row.name, row.subject, row.message_id, row.mime) for row in said.rows)
    for row in rows:
        if (problem := _problem(mailing, row, addresses, own)) is not None:
            raise MalformedCall(f"Row {row.n}: {problem}.")
    return p.RowsTaken(await call.house.desk.mailings.add_rows(mailing.id, call.caller.known, said.after, rows))


def _problem(mailing: Mailing, row: MailingRow, addresses: Sequence[str], own: frozenset[str]) -> str | None:
    """Why a row cannot be what it says; the same that is asked of a reply."""
    return problem_with(as_reply(mailing, row, next(iter(addresses), "")), addresses, own)


def as_reply(mailing: Mailing, row: MailingRow, address: str) -> SubmitReply:
    """A row as it is handed to the outbox."""
    submission = submission_id(mailing.id, row.n)
    return SubmitReply(
        conversation_id=conversation_id(submission),
        submission_id=submission,
        message_id=MessageId(row.message_id),
        envelope=Envelope(address, (row.address,)),
        mime=row.mime,
        seen_revision=Revision(0),
        token=None,
        hold_seconds=0.0,
        terminal="mailing",
    )


async def mailing_rows(call: Call) -> list[p.RowBody]:
    """Three mails of a mailing as they will leave, for whoever is to approve it."""
    mailing = await _found(call)
    rows = await call.house.desk.mailings.samples(mailing.id)
    return [p.RowBody(row.n, row.address, row.name, row.subject, row.message_id, row.mime) for row in rows]


async def mailing_doors(call: Call) -> p.MailingDoors:
    """How the mails of a mailing say where one unsubscribes."""
    mailing = await _found(call)
    if mailing.by != call.caller.known.key:
        raise NotThere("Only its maker writes the mails of a mailing.")
    key = await call.house.desk.mailings.key_of(mailing.id)
    return p.MailingDoors(mailing.id, call.house.unsubscribe_url, next(iter(call.house.addresses.get(mailing.inbox, ())), ""), key)


async def mailing_results(call: Call) -> list[p.RowResultLine]:
    """What became of the rows of a mailing, in pages."""
    mailing = await _found(call)
    found = await call.house.desk.mailings.results(mailing.id, call.asked(p.ResultsQuery).after)
    return [p.RowResultLine(row.n, row.address, row.fate, row.reason, row.at, row.message_id, row.conversation_id) for row in found]


# The do-not-mail list


async def suppressed_among(call: Call) -> p.Addresses:
    """Which of some addresses nobody writes to."""
    said = call.said(p.Addresses)
    return p.Addresses(await call.house.desk.mailings.suppressing.among(_few(said.addresses)))


async def suppress(call: Call) -> p.SuppressedCount:
    """Write to some addresses no more."""
    said, caller = call.said(p.SuppressRequest), call.caller
    addresses = tuple(address.strip() for address in _few(said.addresses))
    if not all(0 < len(address) <= LONGEST_ADDRESS and "@" in address for address in addresses):
        raise MalformedCall("One of these is no address; nothing was changed.")
    reason = said.reason[:LONGEST_REASON]
    return p.SuppressedCount(await call.house.desk.mailings.suppressing.add(addresses, caller.known.key, reason, where=caller.where))


async def allow(call: Call) -> p.SuppressedCount:
    """Write to an address again."""
    said, caller = call.said(p.AllowRequest), call.caller
    return p.SuppressedCount(int(await call.house.desk.mailings.suppressing.remove(said.address, caller.known.key, where=caller.where)))


async def suppressed(call: Call) -> list[p.SuppressedLine]:
    """The whole list, in pages."""
    found = await call.house.desk.mailings.suppressing.page(call.asked(p.SuppressedQuery).after)
    return [p.SuppressedLine(one.address, one.address_sha256, one.reason, one.how, one.member, one.at) for one in found]


def _few(addresses: tuple[str, ...]) -> tuple[str, ...]:
    if len(addresses) > MOST_AT_ONCE:
        raise MalformedCall(f"More than {MOST_AT_ONCE} addresses at once.")
    return addresses

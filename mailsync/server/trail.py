"""The audit log and erasure, for admins: looking, proving, erasing."""

from functools import partial

from mailsync.link.trail import Erased, ErasedLine, EraseRequest, KeptHead, LogLine, LogRequest, LogVerified, VerifyRequest
from mailsync.server.calls import Call
from mailsync.server.errors import MalformedCall
from store.domain.audit import BadHead, Head, read_head
from store.domain.audit_walk import NOWHERE, Walked
from store.sqlite.connection import Connection
from store.team.audit_check import Asked, hash_at, search, verify

MOST_LINES = 2000
AT_ONCE = 20_000
"""Entries that one call walks: between two calls other questions get their turn."""
MOST_HEADS = 200


async def log_show(call: Call) -> list[LogLine]:
    """The newest entries that match."""
    said = call.said(LogRequest)
    asked = Asked(said.words[:20], said.since, max(1, min(said.limit, MOST_LINES)))
    entries = await call.house.desk.ask(partial(search, asked=asked))
    return [LogLine(one.n, one.at, one.what, one.who, one.conversation_id, one.seq, one.where, one.facts, one.erased) for one in entries]


async def log_verify(call: Call) -> LogVerified:
    """Walk a part of the chain.

    Raises:
        MalformedCall: A head that is none.
    """
    said = call.said(VerifyRequest)
    try:
        start = Walked(read_head(said.start), said.events, said.erased, done=False) if said.start else NOWHERE
        kept = [(one, read_head(one.head)) for one in said.heads[:MOST_HEADS]]
    except BadHead as error:
        raise MalformedCall(f"{str(error)[:80]!r} is no head of an audit log: it reads `number:hash`.") from error
    epoch = call.house.desk.epoch
    # Those of this epoch must be met; an earlier one's may have been lost with a restore, which is told, not held against the log.
    walked = await call.house.desk.ask(partial(_walk, heads=[head for one, head in kept if one.epoch == epoch], start=start))
    earlier = [(one, head) for one, head in kept if one.epoch != epoch]
    lost = await call.house.desk.ask(partial(_lost, kept=earlier)) if walked.done else ()
    bad = walked.bad
    return LogVerified(
        epoch,
        str(walked.head),
        walked.events,
        walked.erased,
        walked.done,
        bad_n=bad.n if bad else None,
        problem=bad.problem if bad else "",
        seq=bad.seq if bad else None,
        lost=lost,
    )


async def erase_customer(call: Call) -> Erased:
    """Erase a customer, or tell what would be erased.

    Raises:
        NoAddress, OwnAddress: It is no customer's.
    """
    said = call.said(EraseRequest)
    report = await call.house.desk.erasing.erase_customer(said.address, call.caller.known.key, dry_run=said.dry_run, where=call.caller.where)
    lines = tuple(ErasedLine(one.conversation_id, one.number, one.outcome, one.events) for one in report.conversations)
    return Erased(lines, report.named_in, report.swept)


def _walk(connection: Connection, *, heads: list[Head], start: Walked) -> Walked:
    with connection.snapshot():
        return verify(connection, [head for head in heads if head.n > start.head.n], start, AT_ONCE)


def _lost(connection: Connection, *, kept: list[tuple[KeptHead, Head]]) -> tuple[KeptHead, ...]:
    return tuple(one for one, head in kept if head.n and hash_at(connection, head.n) != head.hash)

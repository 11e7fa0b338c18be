"""Many commands in one call: each is authorised, decided and answered by itself, all of them in one transaction."""

from functools import partial

from mailsync.link.many_protocol import Given, ManyAnswer, ManyRequest
from mailsync.link.protocol import Answer, Refused
from mailsync.server.authorise import Right, authorise
from mailsync.server.calls import Call
from mailsync.server.errors import NotYours
from mailsync.server.needs import not_theirs
from mailsync.server.working import answer_of, checked_epoch, checked_key
from store.domain.people import role_in
from store.domain.refusals import NotAllowed
from store.team.known import answered
from store.team.values import Order, Outcome


async def commands(call: Call) -> ManyAnswer:
    """Have the team's rules decide several.

    Raises:
        OtherEpoch, MalformedCall: As for one command; nothing was done then.
    """
    said, desk = call.said(ManyRequest), call.house.desk
    checked_epoch(call, said.epoch)
    refused: dict[int, Answer] = {}
    orders: dict[int, Order] = {}
    for at, given in enumerate(said.commands):
        checked_key(given.key)
        refusal = await _not_theirs(call, given)
        order = Order(call.caller.known, given.key, given.command, call.caller.where)
        if refusal is None:
            orders[at] = order
        else:
            # It may have been taken while it was theirs, and the answer lost on the way.
            before = await desk.ask(partial(answered, order=order)) if refusal.needs != "inbox" else None
            refused[at] = answer_of(before) if before is not None else Refused(desk.seq, refusal)
    outcomes: tuple[Outcome, ...] = await desk.execute_many(tuple(orders.values())) if orders else ()
    done = dict(zip(orders, map(answer_of, outcomes), strict=True))
    return ManyAnswer(desk.seq, tuple(done[at] if at in done else refused[at] for at in range(len(said.commands))))


async def _not_theirs(call: Call, given: Given) -> NotAllowed | None:
    """Why it is not even decided: the same two questions as for a command that comes alone."""
    inbox = await call.house.desk.inbox_of(given.command.conversation_id)
    try:
        authorise(call.caller, Right.SPEAK, inbox)
    except NotYours:
        return NotAllowed("inbox")
    member = call.caller.known
    return not_theirs(role_in(member, inbox) if member.roles else member.role, given.command)

"""Read marks: what a member's terminals tell each other through the server, and nobody else hears."""

from functools import partial

from mailsync.link.protocol import MarksAnswer, MarksSaid
from mailsync.server.calls import Call
from mailsync.server.errors import OtherEpoch
from store.team.marks import changed_since, take_marks


async def exchange_marks(call: Call) -> MarksAnswer:
    """Keep the caller's marks, and tell what their other terminals said.

    Raises:
        OtherEpoch: The marks are of another journal: its revisions mean nothing here.
    """
    said, desk, member = call.said(MarksSaid), call.house.desk, call.caller.known
    if said.epoch != desk.epoch:
        raise OtherEpoch(f"The server's epoch is {desk.epoch}, not {said.epoch}: load a snapshot.")
    told = partial(changed_since, member=member.key, after=said.after)
    part = await desk.ask(told) if not said.marks else None
    if part is None:
        moved = await desk.ledger.write_plain(partial(take_marks, member=member, marks=said.marks, now=desk.clock.now()))
        if moved:
            call.house.hub.marked(member.key, moved)
        part = await desk.ask(told)
        assert part is not None, "begun in the transaction before"
    return MarksAnswer(desk.epoch, part.n, part.begun, part.marks, part.more)

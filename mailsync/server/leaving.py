"""Somebody leaves: cut off at once, what they held freed, and a list of what needs another hand."""

import asyncio

from mailsync.link import people_protocol as p
from mailsync.server.authorise import Transport
from mailsync.server.calls import Call
from mailsync.server.handing_out import note_handed_out, passwords_to_change
from store.domain.ids import MemberKey
from store.domain.outbox import OutboxState
from store.team.belongings import owned_by

NOT_GONE = (
    OutboxState.SCHEDULED,
    OutboxState.QUEUED,
    OutboxState.HELD,
    OutboxState.DEFERRED,
    OutboxState.SENDING,
    OutboxState.UNKNOWN,
)


async def deactivate(call: Call) -> p.Deactivated:
    """End a member: sessions and streams at once, leases freed; what was theirs is the answer.

    Raises:
        NoSuchMember, LastAdmin: as they say.
    """
    house, key = call.house, MemberKey(call.path("key"))
    before = house.desk.people.member(key)
    gone = await house.desk.people.deactivate(key, call.caller.known.key, call.caller.place)
    house.gate.look()
    freed = sum(held.lease.by == key for held in house.desk.leases())
    await house.desk.free_leases_of(key)
    if before is not None and before.active and await house.desk.people.joined_ever(key):
        # Told by an earlier version, which kept no list: whoever joined may know what is shared now.
        await note_handed_out(house, before, await asyncio.to_thread(house.offers.for_member, before, Transport.UNIX))
    to_change = await passwords_to_change(house)
    conversations: dict[str, tuple[p.LeftBehind, ...]] = {}
    for one in await owned_by(house.desk.ask, key):
        row = p.LeftBehind(one.conversation_id, one.number, one.inbox, one.subject, one.status)
        conversations[one.category] = (*conversations.get(one.category, ()), row)
    inboxes = tuple(inbox for inbox, members in to_change.items() if key in members)
    return p.Deactivated(gone, conversations, freed, await _replies_of(call, key), inboxes)


async def _replies_of(call: Call, key: MemberKey) -> tuple[p.PendingReply, ...]:
    found: list[p.PendingReply] = []
    for state in NOT_GONE:
        items = await call.house.desk.submissions_in(state)
        theirs = (item for item in items if item.submission.by == key)
        found.extend(p.PendingReply(item.conversation_id, item.number, item.submission.id, item.submission.state) for item in theirs)
    return tuple(found)


async def mailbox_passwords(call: Call) -> list[p.PasswordToChange]:
    """Shared mailbox passwords that people who are gone still know."""
    return [p.PasswordToChange(inbox, members) for inbox, members in (await passwords_to_change(call.house)).items()]

"""Somebody leaves, or loses an inbox: cut off at once, what they held freed, and a list of what needs another hand."""

import asyncio
from collections.abc import Callable, Iterable

from mailsync.link import people_protocol as p
from mailsync.server.authorise import Transport
from mailsync.server.calls import Call
from mailsync.server.handing_out import note_handed_out, passwords_to_change
from store.domain.events import AnyEvent, OwnerChanged
from store.domain.ids import ConversationId, InboxKey, MemberKey
from store.domain.outbox import OutboxState
from store.domain.people import Member, sees, writes
from store.domain.table import Happening
from store.team.belongings import Belonging, owned_by
from store.team.reading import load_state
from store.team.values import Published

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
    conversations = _by_category(await owned_by(house.desk.ask, key))
    inboxes = tuple(inbox for inbox, members in to_change.items() if key in members)
    return p.Deactivated(gone, conversations, freed, await _replies_of(call, key), inboxes)


async def change_and_list(call: Call, wanted: Member) -> p.Lost | None:
    """Make a member another; what was theirs where they see, or may write, nothing any more is freed and listed. None: there was nothing.

    Raises:
        NoSuchMember, LastAdmin, MemberMisfit: as they say.
    """
    desk, let_go = call.house.desk, list[ConversationId]()

    def hear(published: Published) -> None:
        let_go.extend(one.conversation_id for one in published.recorded if one.conversation_id and _is_let_go(one.event, wanted.key))

    unsubscribe = desk.subscribe(hear)
    try:
        member = await desk.people.change(wanted, call.caller.known.key, call.caller.place)
    finally:
        unsubscribe()
    now = call.house.clock.now()
    freed = sum(held.lease.by == member.key and not writes(member, held.inbox, now) for held in desk.leases())
    await desk.free_leases_of(member.key)
    replies = await _replies_of(call, member.key, lambda inbox: not sees(member, inbox))
    if not (let_go or freed or replies):
        return None
    states = await desk.ask(lambda connection: [load_state(connection, conversation_id) for conversation_id in let_go])
    return p.Lost(_by_category(Belonging.of(state) for state in states if state is not None), freed, replies)


def _is_let_go(event: AnyEvent, whose: MemberKey) -> bool:
    return isinstance(event, OwnerChanged) and (event.before, event.reason) == (whose, Happening.INBOX_LOST)


def _by_category(belongings: Iterable[Belonging]) -> dict[str, tuple[p.LeftBehind, ...]]:
    listed: dict[str, tuple[p.LeftBehind, ...]] = {}
    for one in sorted(belongings, key=lambda one: one.number):
        row = p.LeftBehind(one.conversation_id, one.number, one.inbox, one.subject, one.status)
        listed[one.category] = (*listed.get(one.category, ()), row)
    return listed


async def _replies_of(call: Call, key: MemberKey, in_inbox: Callable[[InboxKey], bool] = lambda _inbox: True) -> tuple[p.PendingReply, ...]:
    found: list[p.PendingReply] = []
    for state in NOT_GONE:
        items = await call.house.desk.submissions_in(state)
        theirs = (item for item in items if item.submission.by == key and in_inbox(item.inbox))
        found.extend(p.PendingReply(item.conversation_id, item.number, item.submission.id, item.submission.state) for item in theirs)
    return tuple(found)


async def mailbox_passwords(call: Call) -> list[p.PasswordToChange]:
    """Shared mailbox passwords that people who are gone still know."""
    return [p.PasswordToChange(inbox, members) for inbox, members in (await passwords_to_change(call.house)).items()]

"""Which shared mailbox passwords members were told, and which of them must be changed because somebody has left since."""

import asyncio
from collections.abc import Mapping, Sequence

from mailsync.link.protocol import InboxOffer
from mailsync.server.house import House
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Member, sees
from store.settings.secrets import Secret


async def note_handed_out(house: House, member: Member, offers: Sequence[InboxOffer]) -> None:
    """Remember what a member is about to be told."""
    told = {offer.key: Secret(offer.password) for offer in offers if offer.password is not None}
    if told:
        marks = await asyncio.to_thread(_marks, house, told)
        await house.desk.people.access.hand_out(member.key, marks)


async def passwords_to_change(house: House) -> dict[InboxKey, tuple[MemberKey, ...]]:
    """The inboxes whose shared password is still the one that members who are gone were told."""
    now = await asyncio.to_thread(lambda: _marks(house, house.offers.shared_passwords()))
    people, found = house.desk.people, dict[InboxKey, list[MemberKey]]()
    for handed in await people.access.handed_out():
        member = people.member(handed.member)
        gone = member is None or not member.active or not sees(member, handed.inbox)
        if gone and now.get(handed.inbox) == handed.mark:
            found.setdefault(handed.inbox, []).append(handed.member)
    return {inbox: tuple(members) for inbox, members in found.items()}


def _marks(house: House, passwords: Mapping[InboxKey, Secret]) -> dict[InboxKey, str]:
    return {key: house.sealing.mark(password, f"inbox {key}") for key, password in passwords.items()}

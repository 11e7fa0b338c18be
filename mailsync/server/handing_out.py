"""Which shared mailbox passwords members were told, and which of them must be changed because somebody has left since."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from mailsync.link.protocol import InboxOffer
from mailsync.server.house import House
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Member, sees
from store.settings.errors import KeyringError, SettingsError
from store.settings.secrets import Secret

_log = logging.getLogger(__name__)


async def note_handed_out(house: House, member: Member, offers: Sequence[InboxOffer]) -> None:
    """Remember what a member is about to be told."""
    told = {offer.key: Secret(offer.password) for offer in offers if offer.password is not None}
    if told:
        try:
            marks = await asyncio.to_thread(_marks, house, told)
        except (KeyringError, SettingsError) as error:
            # Nobody is kept out because our own secrets cannot be read; when they leave, all that is shared then counts as told.
            _log.warning("what a member is told could not be remembered: %s", error)
            return
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

"""Who a mail of ours is from: the inbox's own addresses, the one that was written to, and the signature below."""

from collections.abc import Collection, Sequence

from store.domain.draft import Draft
from store.domain.ids import InboxKey
from store.domain.merge_fields import merge, one_line
from store.domain.message import Address, Message
from store.domain.people import Member
from store.errors import BadInput
from store.settings.kept import Kept
from store.settings.settings import InboxSettings
from tui.words import _

EVERY_INBOX = InboxKey("")
"""Under this a member keeps the signature that counts wherever they have no other."""

SEPARATOR = "-- \n"
"""RFC 3676 4.3: what is below is a signature."""


class NotOurAddress(BadInput):
    """A mail may be from the inbox's own addresses only."""

    def __init__(self, address: str, inbox: InboxSettings) -> None:
        super().__init__(
            _("{address} is no address of the inbox {inbox}.").format(address=address, inbox=inbox.key), address=address, inbox=inbox.key
        )


def identities(inbox: InboxSettings) -> tuple[Address, ...]:
    """What it may write as; the first is meant where nothing else is said."""
    return tuple(Address(name, address) for name, address in inbox.own_addresses())


def own_addresses(inboxes: Sequence[InboxSettings]) -> frozenset[str]:
    """Every address of these inboxes, lower case."""
    return frozenset(address.lower() for inbox in inboxes for _name, address in inbox.own_addresses())


def is_own(address: str, own: Collection[str]) -> bool:
    """Whether it is one of `own`, lower case, or one with a tag: `support+shop@example.jp` comes to `support@example.jp`."""
    lower = address.lower()
    if lower in own:
        return True
    local, at, domain = lower.rpartition("@")
    untagged, plus, _tag = local.partition("+")
    return bool(plus and untagged) and f"{untagged}{at}{domain}" in own


def written_to(message: Message, inbox: InboxSettings) -> str:
    """The own address of the inbox that a mail was sent to, for its answer to come from; "": the first, or none of them is named."""
    named = (each.address for each in (*message.to, *message.cc))
    of_inbox = {each.address.lower(): each.address for each in identities(inbox)}
    found = next((of_inbox[lower] for address in named for lower in of_inbox if is_own(address, {lower})), inbox.address)
    return "" if found == inbox.address else found


def sender(draft: Draft, inbox: InboxSettings, member: Member) -> Address:
    """The From of a draft.

    Raises:
        NotOurAddress: Its address is not one of the inbox's.
    """
    wanted = (draft.from_address or inbox.address).lower()
    found = next((each for each in identities(inbox) if each.address.lower() == wanted), None)
    if found is None:
        raise NotOurAddress(draft.from_address, inbox)
    return Address(found.name or member.name, found.address)


def signature_of(kept: Kept, inbox: InboxSettings, member_name: str) -> str:
    """What stands below a new text: the member's own for this inbox alone, else their own for every inbox above the house's.

    Without any, the member's name. It begins with `-- ` where the inbox wants that. Blocking.
    """
    alone = kept.signature(inbox.key)
    parts = [alone] if alone.strip() else [kept.signature(EVERY_INBOX), inbox.writing.signature]
    agent = one_line(member_name) or ""
    fields = {"agent": agent, "担当者": agent, "担当者名": agent}
    text = "\n".join(merge(part, fields).text.strip("\n") for part in parts if part.strip()) or member_name
    return f"{SEPARATOR}{text}" if inbox.writing.separator and text and not text.startswith(SEPARATOR) else text

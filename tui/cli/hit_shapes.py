"""The JSON objects of `mado search`; apart from the others because a search imports nothing of the team's state. Pure."""

from store.domain.message import Address
from store.local.hits import Hit

Shape = dict[str, object]


def hit_shape(hit: Hit) -> Shape:
    """A line of `mado search`."""
    return {
        "conversation_id": hit.conversation_id,
        "message_id": hit.message_id,
        "subject": hit.subject,
        "from": address_shape(hit.from_),
        "date": hit.date,
        "snippet": hit.snippet,
    }


def address_shape(address: Address) -> Shape:
    """Name and address; "" for a missing one."""
    return {"name": address.name, "address": address.address}

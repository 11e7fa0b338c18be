"""Who takes part in a conversation: everybody who was written to or wrote, but nobody who only broke in."""

from store.domain.conversation import Conversation


def participants(state: Conversation) -> frozenset[str]:
    """Addresses, case folded. A new sender, and whom they name, join only once one of ours writes to them."""
    addresses: set[str] = set()
    for message in state.messages:
        if not message.new_sender:
            addresses.add(message.from_address)
            addresses.update(message.recipients)
    for reply in state.submissions:
        if reply.sent_revision:
            addresses.update(reply.envelope.rcpt_to)
    return frozenset(address.casefold() for address in addresses if address)

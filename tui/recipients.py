"""To whom an answer goes: Reply-To, everybody but ourselves, and nobody who only broke in."""

from collections.abc import Collection, Sequence

from mailsync.mime.header.addresses import parse_addresses
from store.domain.conversation import Conversation
from store.domain.message import Address, Kind
from store.domain.participants import participants
from store.local.rows import StoredMessage
from tui.identity import is_own
from tui.view.gate import writable

_SPECIALS = frozenset('()<>[]:;@\\,."')
"""RFC 5322 3.2.3: a name with one of these must stand in quotes."""

_BY_PEOPLE = frozenset({Kind.MAIL, Kind.LIST, Kind.CALENDAR})


def answered_message(messages: Sequence[StoredMessage], conversation: Conversation, own: Collection[str]) -> StoredMessage | None:
    """What a reply answers: the newest mail of a participant, else the newest of ours, else None.

    Somebody who broke in does not get into the recipients by having written (conversations.md, "Threading"); an automatic answer is
    only answered when there is nothing else.
    """
    theirs = [stored for stored in messages if not _is_ours(stored, own) and not _is_stranger(stored, conversation)]
    by_people = [stored for stored in theirs if stored.message.kind in _BY_PEOPLE]
    ours = [stored for stored in messages if _is_ours(stored, own)]
    return next(iter((*by_people[-1:], *theirs[-1:], *ours[-1:])), None)


def _is_stranger(stored: StoredMessage, conversation: Conversation) -> bool:
    """Whether its sender takes no part, as the team's journal says; of a mail it has not told of yet, as it will most likely say."""
    facts = [fact for fact in conversation.messages if fact.message_id == stored.message_id]
    if not conversation.messages or any(not fact.new_sender for fact in facts):
        return False
    return not {address.address.casefold() for address in stored.message.from_} & participants(conversation)


def _is_ours(stored: StoredMessage, own: Collection[str]) -> bool:
    """Sent by us; a web form that writes in our name but asks for answers elsewhere is the customer's."""
    senders = {address.address for address in stored.message.from_}
    return stored.outgoing or (bool(senders) and all(is_own(one, own) for one in senders) and not _foreign(stored.message.reply_to, own))


def recipients(answered: StoredMessage, own: Collection[str], *, reply_all: bool) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """To and Cc of an answer, without our own addresses (a web form may write in our name) and without doubles."""
    message = answered.message
    # RFC 5322 3.6.2: Reply-To says where answers go, a list's too. One that leads back to us is a list's or a form's mistake.
    theirs = _foreign(message.reply_to, own) or _foreign(message.from_, own) or message.from_
    to = (_foreign(message.to, own) or message.to) if answered.outgoing else theirs
    cc: tuple[Address, ...] = ()
    if reply_all:
        taken = {address.address.lower() for address in to}
        # Of a list whose Reply-To is the list, who wrote would else be left out.
        others = message.cc if answered.outgoing else (*_sender_of_list(answered), *message.to, *message.cc)
        cc = _foreign(others, {*own, *taken})
    return to, cc


def _sender_of_list(answered: StoredMessage) -> tuple[Address, ...]:
    return answered.message.from_ if answered.message.kind is Kind.LIST else ()


def _foreign(addresses: Sequence[Address], own: Collection[str]) -> tuple[Address, ...]:
    kept = {address.address.lower(): address for address in reversed(addresses) if address.address and not is_own(address.address, own)}
    return tuple(reversed(kept.values()))


def written(address: Address) -> str:
    """An address as it is typed and read back: `Name <a@b>`, the name in quotes where it must be."""
    name = writable_line(address.name).strip()
    if not name:
        return address.address
    if any(character in _SPECIALS for character in name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address.address}>"


def read_addresses(fields: Sequence[str]) -> tuple[Address, ...]:
    """The addresses that were typed; what is none among them is found when it is composed."""
    return tuple(address for field in fields for address in parse_addresses(field.encode()))


def writable_line(text: str) -> str:
    """What others wrote, for a header of ours: on one line, and without control characters, which no mail may have there."""
    return writable(text).replace("\n", " ").replace("\t", " ")

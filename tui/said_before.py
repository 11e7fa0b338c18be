"""Whether a customer was sent much the same within a day, as far as this machine knows (conversations.md, "Never two replies", rule 12)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from store.domain.draft import Draft
from store.domain.ids import ConversationId, MemberKey
from store.domain.near_duplicates import SHORTEST, WITHIN, SentText, near_duplicate
from store.domain.send_check import SAID_BEFORE, WARNING, Finding, address_of
from store.local.store import LocalStore


def said_before(store: LocalStore, draft: Draft, own_addresses: Collection[str], now: datetime) -> Finding | None:
    """A warning that says who, when and in which conversation; None: nothing like it is known to have left.

    Only To is looked at: whoever is in copy is often the same colleague for every customer. Blocks for a few reads and for comparing
    texts, some milliseconds, in the worst case seconds: not for the event loop.

    Raises:
        StoreError: The store cannot be read.
    """
    addresses = _recipients(draft, own_addresses)
    text = own_words(draft.body)
    if not addresses or len(text) < SHORTEST:
        return None
    found = near_duplicate(text, addresses, now, (*_copies(store, addresses, now), *_on_their_way(store, draft, own_addresses)))
    if found is None:
        return None
    return Finding(SAID_BEFORE, WARNING, 1, 1, "body", (_sender(store, found), found.at.isoformat(), _called(store, found.conversation_id)))


def own_words(body: str) -> str:
    """A text without what it quotes and without the signature, which is the same below every mail."""
    from mailsync.mime.quoting.quotes import RunKind, runs_of  # start-up cost

    return "".join(run.text for run in runs_of(body) if run.kind is RunKind.TEXT)


def _recipients(draft: Draft, own_addresses: Collection[str]) -> tuple[str, ...]:
    written = (address_of(text) for text in draft.to)
    return tuple(address for address in written if address and address.lower() not in own_addresses)


def _copies(store: LocalStore, addresses: Collection[str], now: datetime) -> Iterator[SentText]:
    for sent in store.sent_to(addresses, now - WITHIN):
        to = tuple(address.address for address in sent.message.to)
        yield SentText(sent.conversation_id, sent.at, to, own_words(sent.message.text), sent.message_id)


def _on_their_way(store: LocalStore, draft: Draft, own_addresses: Collection[str]) -> Iterator[SentText]:
    """One's own replies that were handed over here and of which no copy can lie in Sent yet."""
    for other in store.drafts():
        if other.submission_id is not None and other.saved_at is not None and other.conversation_id != draft.conversation_id:
            yield SentText(other.conversation_id, other.saved_at, _recipients(other, own_addresses), own_words(other.body))


def _sender(store: LocalStore, found: SentText) -> str:
    """The member's name; "" when it was sent by another program."""
    by = store.me() if found.message_id is None else _submitted_by(store, found)
    return next((member.name for member in store.members() if member.key == by), by or "")


def _submitted_by(store: LocalStore, found: SentText) -> MemberKey | None:
    state = store.conversation(found.conversation_id)
    return next((each.by for each in state.submissions if each.message_id == found.message_id), None) if state else None


def _called(store: LocalStore, conversation_id: ConversationId) -> str:
    row = store.row(conversation_id)
    return f"#{row.number}" if row is not None and row.number is not None else conversation_id

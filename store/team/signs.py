"""What says where a message belongs when no id it names does: our own token, `[#123]`, and the hints of those who write no References."""

from collections.abc import Iterator
from typing import NamedTuple

from store.domain.commands import RecordMessage
from store.domain.conversation import Conversation
from store.domain.decide_mail import says_we_wrote
from store.domain.ids import InboxKey, ThreadKey
from store.domain.own_id import OwnId, is_ours, read_own_id
from store.domain.participants import participants
from store.domain.subject_number import numbers_in
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.threading import Link, key_of
from store.team.connection import Connection
from store.team.reading import alive, of_thread, resolve

MOST_TOKENS = 8
"""Different ones in one chain that are looked at; there is one a conversation."""


class House(NamedTuple):
    """What of the house decides where mail goes. `keys`: those that sign our Message-IDs, the newest first."""

    own_addresses: frozenset[str]
    reopen_days: int
    keys: tuple[bytes, ...]


class Sign(NamedTuple):
    """A conversation, and why."""

    state: Conversation
    evidence: ThreadEvidence


def vouching(connection: Connection, command: RecordMessage, chain: tuple[Link, ...], house: House) -> Iterator[Sign]:
    """The conversations whose own signed Message-IDs it names, the nearest first: who names one has received it."""
    seen: set[OwnId] = set()
    for link in reversed(chain):
        said = read_own_id(link.id)
        if said is None or said in seen or len(seen) == MOST_TOKENS:
            continue
        seen.add(said)
        if not is_ours(said, command.inbox, house.keys):
            continue
        state = alive(connection, said.conversation_id)
        if state is not None and state.inbox == command.inbox:
            yield Sign(state, ThreadEvidence(By.OWN_ID, link.n, link.id))


def from_a_participant(connection: Connection, command: RecordMessage, house: House) -> Sign | None:
    """A number in the subject, else a hint: both can be guessed, so they count only from somebody who takes part already.

    Not from ourselves, unless it lies in Sent: anybody can write our address into a From.
    """
    if command.inbound and says_we_wrote(command, house.own_addresses):
        return None
    for number in numbers_in(command.subject):
        found = resolve(connection, str(number))
        state = alive(connection, found) if found is not None else None
        if state is not None and _takes_part(state, command):
            return Sign(state, ThreadEvidence(By.NUMBER, number))
    for hint in command.hints:
        found = of_thread(connection, command.inbox, hint_key(command.inbox, hint))
        state = alive(connection, found) if found is not None else None
        if state is not None and _takes_part(state, command):
            return Sign(state, ThreadEvidence(By.HINT, id=hint))
    return None


def _takes_part(state: Conversation, command: RecordMessage) -> bool:
    return state.inbox == command.inbox and command.from_address.casefold() in participants(state)


def hint_key(inbox: InboxKey, hint: str) -> ThreadKey:
    """Under which a hint stands in the registry; no Message-ID has the same, for none has a blank."""
    return key_of(inbox, f"hint {hint}")

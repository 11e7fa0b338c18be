"""Which conversation a message belongs to: the registry's word, then the message's own chain of references, then a new one."""

import base64
import hashlib
from datetime import datetime
from typing import NamedTuple

import msgspec

from store.domain.commands import RecordMessage
from store.domain.conversation import Conversation
from store.domain.decide_mail import is_known, starts_follow_up
from store.domain.ids import ConversationId, InboxKey, MessageId, ThreadKey
from store.domain.own_id import reply_token
from store.domain.participants import participants
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.thread_roots import evidence_of
from store.domain.threading import Link, key_of, links
from store.team import statements as s
from store.team.connection import Connection
from store.team.reading import alive, counter, load_state, of_thread
from store.team.rows import run, value
from store.team.signs import House, from_a_participant, hint_key, vouching

LONGEST_LINEAGE = 50
"""Follow-ups of follow-ups that are walked back."""


class Routed(NamedTuple):
    """The conversation a message belongs to, empty if it opens one; the command with that id; and others that turn out to be part of it."""

    state: Conversation
    command: RecordMessage
    joins: tuple[Conversation, ...] = ()


class _Found(NamedTuple):
    """What the registry knows of a message's names. `states`: the conversations, nearest first."""

    states: tuple[Conversation, ...]
    evidence: ThreadEvidence
    unknown: tuple[ThreadKey, ...]
    answers: frozenset[ConversationId] = frozenset()
    """Of them that in which somebody has named this very message before it came."""


def route(connection: Connection, command: RecordMessage, now: datetime, house: House) -> Routed:
    """Find the conversation of a message, and remember where every id it names belongs, seen or not."""
    known = _of_message(connection, command.inbox, command.message_id)
    same = alive(connection, known) if known else None
    if same is not None and is_known(same, command):
        return Routed(same, msgspec.structs.replace(command, conversation_id=same.id))
    chain = links(command.message_id, command.in_reply_to, command.references, command.other_ids, command.reported)
    found = _look_up(connection, command, chain, same)
    vouched = tuple(vouching(connection, command, chain, house))
    if not found.states:
        sign = next(iter(vouched), None) or from_a_participant(connection, command, house)
        found = found if sign is None else found._replace(states=_heirs(connection, (sign.state,)), evidence=sign.evidence)
    fresh = [state for state in found.states if not starts_follow_up(state, command, now, house.reopen_days, house.own_addresses)]
    if fresh:
        first, *others = sorted(_of_one_matter(fresh, command, house, found.answers), key=lambda state: state.number)
        by_receiver = any(sign.state.id in {state.id for state in fresh} for sign in vouched)
        told = msgspec.structs.replace(command, conversation_id=first.id, evidence=found.evidence, vouched=by_receiver)
        routed = Routed(first, told, tuple(others))
    elif found.states:
        finished = max(found.states, key=lambda state: state.number)
        evidence = ThreadEvidence(By.FOLLOW_UP, finished.number)
        routed = _opening(connection, command, house, follow_up_id(command.thread_key, command.message_id), finished.id, evidence)
    else:
        routed = _opening(connection, command, house, _unborne_id(connection, command), None, found.evidence)
    _register(connection, routed, found.unknown)
    return routed


def _of_one_matter(states: list[Conversation], command: RecordMessage, house: House, answers: frozenset[ConversationId]) -> list[Conversation]:
    """The nearest, and those that may become one with it: nobody from outside joins the conversations of customers who have nobody in common.

    Such a mail joins the nearest; what lies in Sent was written by one of us, who may answer two at once. Those who answered it have come
    before it, and would have joined it had they come behind it.
    """
    nearest, *others = states
    ours = not command.inbound
    here = participants(nearest) - house.own_addresses

    def joins(other: Conversation) -> bool:
        there = participants(other) - house.own_addresses
        if other.id in nearest.parted or nearest.id in other.parted:
            return False  # people said that these are two matters
        return ours or bool(here & there) or not answers.isdisjoint({nearest.id, other.id})

    return [nearest, *(other for other in others if joins(other))]


def _unborne_id(connection: Connection, command: RecordMessage) -> ConversationId:
    """The thread's own, unless somebody began a conversation under that id in another inbox: nothing is opened over what is there."""
    own = ConversationId(command.thread_key)
    return own if load_state(connection, own) is None else follow_up_id(command.thread_key, command.message_id)


def follow_up_id(thread_key: ThreadKey, message_id: MessageId) -> ConversationId:
    """The id of a conversation that a message starts after its thread's reopen window; pure, so that a replay gives the same."""
    digest = hashlib.sha256(f"{thread_key}\n{message_id}".encode()).digest()
    return ConversationId(base64.b32encode(digest[:10]).decode().lower())


def _opening(
    connection: Connection,
    command: RecordMessage,
    house: House,
    conversation_id: ConversationId,
    follow_up_of: ConversationId | None,
    evidence: ThreadEvidence,
) -> Routed:
    changed = msgspec.structs.replace(
        command,
        conversation_id=conversation_id,
        number=counter(connection, "number") + 1,
        follow_up_of=follow_up_of,
        evidence=evidence,
        reply_token=reply_token(house.keys[0], command.inbox, conversation_id),
    )
    return Routed(Conversation(id=conversation_id), changed)


def _of_message(connection: Connection, inbox: InboxKey, message_id: MessageId) -> ConversationId | None:
    found = value(connection, s.ID_OF_MESSAGE, inbox=inbox, message_id=message_id)
    return ConversationId(found) if isinstance(found, str) else None


def _look_up(connection: Connection, command: RecordMessage, chain: tuple[Link, ...], same: Conversation | None) -> _Found:
    """Every conversation that an id of the chain leads to. A mail program that drops References breaks the thread key, not the chain."""
    inbox = command.inbox
    found: dict[ConversationId, None] = {}
    known: list[Link] = []
    unknown: list[ThreadKey] = []
    for link in reversed(chain):
        key = key_of(inbox, link.id)
        where = _of_message(connection, inbox, link.id) or of_thread(connection, inbox, key)
        if where is None:
            unknown.append(key)
        else:
            known.append(link)
            found[where] = None
    if (of_own_key := of_thread(connection, inbox, command.thread_key)) is not None:
        found[of_own_key] = None
    else:
        unknown.append(command.thread_key)
    named = of_thread(connection, inbox, key_of(inbox, command.message_id))
    if named is not None:
        found[named] = None
    evidence = evidence_of(known, named_before=named is not None)
    if same is not None:
        evidence = ThreadEvidence(By.SAME_ID, id=command.message_id)
    states = (*((same,) if same else ()), *(state for id_ in found if (state := alive(connection, id_)) is not None))
    answered = alive(connection, named) if named is not None else None
    answers = frozenset(state.id for state in _heirs(connection, (answered,))) if answered is not None else frozenset()
    return _Found(_heirs(connection, states), evidence, tuple(unknown), answers)


def _heirs(connection: Connection, states: tuple[Conversation, ...]) -> tuple[Conversation, ...]:
    """Each once, and in the place of one that has a follow-up the latest of those: they were parted on purpose."""
    heirs: dict[ConversationId, Conversation] = {}
    for state in states:
        latest = of_thread(connection, state.inbox, state.thread_key)
        heir = alive(connection, latest) if latest is not None and latest != state.id else None
        if heir is None or not _follows(connection, heir, state.id):
            heir = state
        heirs[heir.id] = heir
    followed = {state.follow_up_of for state in heirs.values()}
    return tuple(state for state in heirs.values() if state.id not in followed)


def _follows(connection: Connection, state: Conversation, earlier: ConversationId) -> bool:
    for _ in range(LONGEST_LINEAGE):
        if state.follow_up_of is None:
            return False
        if state.follow_up_of == earlier:
            return True
        before = load_state(connection, state.follow_up_of)
        if before is None:
            return False
        state = before
    return False


def _register(connection: Connection, routed: Routed, unknown: tuple[ThreadKey, ...]) -> None:
    """Ids that nobody has seen yet lead here from now on, and the key by which a client may know this thread."""
    command = routed.command
    # An opening maps its own key itself.
    opens = None if routed.state.revision else command.thread_key
    for key in dict.fromkeys((*(key for key in unknown if key != opens), *(hint_key(command.inbox, hint) for hint in command.hints))):
        run(connection, s.KEEP_THREAD, inbox=command.inbox, thread_key=key, conversation_id=command.conversation_id)
    own = ConversationId(command.thread_key)
    if own != command.conversation_id and load_state(connection, own) is None:
        run(connection, s.KEEP_ALIAS, alias=own, conversation_id=command.conversation_id)

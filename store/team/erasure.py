"""Erasing conversations at the server: the journal's bodies, their salts, answers kept, drafts and frozen replies, in one transaction each."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from store.domain.audit import ERASED, digest
from store.domain.conversation import Conversation
from store.domain.erasure import LEGAL_HOLD, erased_recorded, is_of_customer, stands_against_erasing
from store.domain.events import PayloadErased, Recorded
from store.domain.evolve import evolve
from store.domain.ids import ConversationId, MemberKey
from store.team import check_statements as c
from store.team import file_statements as f
from store.team import mailing_statements as m
from store.team import statements as s
from store.team.audit import note
from store.team.connection import Connection
from store.team.journal import append
from store.team.projection import project
from store.team.reading import alive, load_state, timeline
from store.team.rows import read_outcome, read_recorded, run, to_json, value
from store.team.values import Executed, Published

PAGE = 2000

DONE = "erased"
ALREADY = "already_erased"


class Order(msgspec.Struct, frozen=True):
    """Who has something erased, and why: `erasure` or `retention`. `forced`: it was erased once, and a backup brought it back."""

    by: MemberKey
    why: str
    erasure: str
    where: str = ""
    forced: bool = False


class Told(msgspec.Struct, frozen=True):
    """What became of one conversation. `outcome`: `erased already_erased legal_hold lease outbox`; `would_erase` in a dry run."""

    conversation_id: ConversationId
    number: int
    outcome: str
    events: int = 0


class Found(msgspec.Struct, frozen=True):
    """Where a customer is: their conversations, and those in which they are only named or copied, which are left to a person."""

    theirs: tuple[ConversationId, ...]
    named_in: tuple[ConversationId, ...]


def new_erasure() -> str:
    """A name for an order."""
    return secrets.token_hex(8)


def find_customer(connection: Connection, address: str) -> Found:
    """Look through the whole journal; what was merged into theirs is theirs."""
    wanted = address.casefold()
    needle = wanted.encode()
    theirs: dict[ConversationId, None] = {}
    named: dict[ConversationId, None] = {}
    for body in bodies(connection):
        if needle not in body.lower():
            continue
        recorded = read_recorded(body)
        if recorded.conversation_id is not None:
            (theirs if is_of_customer(recorded, wanted) else named)[recorded.conversation_id] = None
    whole = dict.fromkeys(one for found in theirs for one in _family(connection, found))
    return Found(tuple(whole), tuple(one for one in named if one not in whole))


def erase_one(connection: Connection, now: datetime, conversation_id: ConversationId, order: Order) -> tuple[Told, tuple[Published, ...]]:
    """Erase a conversation, or say what stands against it."""
    state = load_state(connection, conversation_id)
    if state is None:
        return Told(conversation_id, 0, ALREADY), ()
    against = None if order.forced else stands_against(connection, state)
    if against is not None:
        return Told(state.id, state.number, against), ()
    remains = [one for recorded in timeline(connection, conversation_id=state.id) if (one := rewrite_event(connection, recorded)) is not None]
    if not remains and state.erasure:
        return Told(state.id, state.number, ALREADY), ()
    run(connection, s.DROP_DRAFTS_OF, which=state.id)
    run(connection, f.DROP_PIECES_IN, which=state.id)
    run(connection, f.DROP_FILES_IN, which=state.id)
    run(connection, c.DROP_CHECKS_IN, which=state.id)
    run(connection, c.DROP_REMARKS_IN, which=state.id)
    for reply in state.submissions:
        run(connection, s.DROP_MIME, which=reply.id)
        run(connection, m.FORGET_ROW, which=reply.id)
    recorded = append(connection, now, order.by, (PayloadErased(order.erasure, order.why),), state.id, state.inbox, where=order.where)
    after = evolve(state, recorded[-1])
    project(connection, state, after, recorded, None)
    note(connection, now, order.by, ERASED, order.where, {"why": order.why, "erasure": order.erasure, "remains": remains}, state.id)
    return Told(state.id, state.number, DONE, len(remains)), (Published(after.inbox, recorded, after.lease),)


def would_tell(connection: Connection, conversation_id: ConversationId) -> Told:
    """What `erase_one` would come to."""
    state: Conversation | None = load_state(connection, conversation_id)
    if state is None:
        return Told(conversation_id, 0, ALREADY)
    events = len(timeline(connection, conversation_id=conversation_id))
    return Told(state.id, state.number, stands_against(connection, state) or "would_erase", events)


def stands_against(connection: Connection, state: Conversation) -> str | None:
    """Why it cannot be erased now. What became part of another is held as long as that one is: its words are there too."""
    whole = alive(connection, state.id) if state.merged_into is not None else None
    return LEGAL_HOLD if whole is not None and whole.legal_hold else stands_against_erasing(state)


def rewrite_event(connection: Connection, recorded: Recorded, rest_of: Callable[[Recorded], Recorded] = erased_recorded) -> str | None:
    """Rewrite one event, and the answer that was kept of its command; returns what the chain needs to know of the rest. None: done before."""
    n = value(connection, s.ERASE_ENTRY, which=recorded.seq)
    if not isinstance(n, int):
        return None
    body = to_json(rest_of(recorded))
    run(connection, s.PUT_BODY, which=recorded.seq, body=body)
    if recorded.command_key is not None:
        answer = value(connection, s.GET_RESULT, member=recorded.by, command_key=recorded.command_key)
        outcome = read_outcome(answer) if isinstance(answer, bytes) else None
        if isinstance(outcome, Executed):
            rest = msgspec.structs.replace(outcome, recorded=tuple(rest_of(one) for one in outcome.recorded))
            run(connection, s.PUT_RESULT_ANEW, whose=recorded.by, key=recorded.command_key, body=to_json(rest))
    return f"{n}:{digest(b'', body, b'').hex()}"


def _family(connection: Connection, conversation_id: ConversationId) -> list[ConversationId]:
    """The conversation and all that were merged into it."""
    family = [conversation_id]
    for one in family:
        for (alias,) in run(connection, s.ALIASES_OF, which=one):
            if alias not in family and load_state(connection, alias) is not None:
                family.append(ConversationId(alias))
    return family


def bodies(connection: Connection) -> Iterator[bytes]:
    """Every event of the journal as it lies there, oldest first."""
    last = 0
    while rows := run(connection, s.BODIES_AFTER, after=last, most=PAGE):
        for _, body in rows:
            yield body
        last = rows[-1][0]

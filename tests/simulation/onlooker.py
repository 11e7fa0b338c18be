"""Whoever watches the simulation: reads the journal after each commit and knows the promises. Shares no rule with the code it judges."""

from collections import Counter

import msgspec
from msgspec.structs import replace

from store.domain.audit_walk import NOWHERE, Walked
from store.domain.conversation import Conversation
from store.domain.events import (
    ConversationAbsorbed,
    ConversationParted,
    ConversationRestored,
    MemberChanged,
    MessageArrived,
    MessagesJoined,
    MessagesLeft,
    PayloadErased,
    Recorded,
    ReplySending,
)
from store.domain.evolve import evolve
from store.domain.ids import CommandKey, ConversationId, MemberKey
from store.domain.outbox import OutboxState
from store.domain.people import SERVER
from store.sqlite.connection import Connection
from store.team.audit_check import verify
from store.team.reading import load_state
from store.team.rows import read_recorded
from tests.domain.referee import Referee

OUT = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN})


class Foul(AssertionError):
    """A promise was broken."""


def demand(holds: bool, promise: str) -> None:
    if not holds:
        raise Foul(promise)


class Onlooker:
    """Its own connection, its own fold. `seen` counts the events."""

    def __init__(self, connection: Connection, seen: Counter[str]) -> None:
        self._connection = connection
        self.seen = seen
        self.seq = 0
        self.states: dict[ConversationId, Conversation] = {}
        self._referees: dict[ConversationId, Referee] = {}
        self._done_by: dict[tuple[MemberKey, CommandKey], int] = {}
        self._before: dict[int, tuple[ConversationId, Conversation]] = {}
        self._mails: set[tuple[str, str]] = set()
        self._left: dict[tuple[ConversationId, ConversationId], dict[str, tuple[int, str]]] = {}
        self._came: dict[int, frozenset[str]] = {}
        self._gone: set[MemberKey] = set()
        self._walked: Walked = NOWHERE

    def look(self) -> tuple[Recorded, ...]:
        """Read what was committed since the last look, and judge it."""
        rows = self._connection.execute("SELECT seq, body FROM journal WHERE seq > ? ORDER BY seq", (self.seq,))
        recorded = tuple(read_recorded(body) for _, body in rows)
        for (seq, _), one in zip(rows, recorded, strict=True):
            demand(seq == one.seq == self.seq + 1, f"the journal is gapless: {self.seq} is followed by {seq}")
            self.seq = seq
            self.seen[type(one.event).__name__] += 1
            self._judge(one)
        for conversation_id in dict.fromkeys(one.conversation_id for one in recorded if one.conversation_id is not None):
            self._compare(conversation_id)
        return recorded

    def _judge(self, one: Recorded) -> None:
        if one.command_key is not None:
            first = self._done_by.setdefault((one.by, one.command_key), one.seq)
            demand(one.seq - first < 20, f"{one.by} asked once ({one.command_key}), and it was done twice")
        demand(one.by not in self._gone or one.by == SERVER, f"{one.by} has left the team and still acts")
        if isinstance(one.event, MemberChanged) and not one.event.member.active:
            self._gone.add(one.event.member.key)
        if one.conversation_id is None:
            return
        before = self.states.get(one.conversation_id) or Conversation(one.conversation_id)
        after = self.states[one.conversation_id] = evolve(before, one)
        self._before[one.seq] = (one.conversation_id, before)
        self._before.pop(one.seq - 2000, None)
        self._once(one, before)
        self._undone(one, after)
        referee = self._referees.setdefault(one.conversation_id, Referee())
        fouls = referee.read([one])
        demand(not fouls, "; ".join(fouls))
        self._moves_house(one, one.conversation_id, referee)

    def _moves_house(self, one: Recorded, conversation_id: ConversationId, referee: Referee) -> None:
        """What the referee must know beside a conversation's own events."""
        event = one.event
        if isinstance(event, ConversationAbsorbed):
            other = self._referees.get(event.other, Referee())
            back = self._left.pop((conversation_id, event.other), {}) if event.undoes is not None else {}
            referee.news |= {name: back.get(name, (referee.revision, by)) for name, (_, by) in other.news.items()}
            self._came[one.seq] = frozenset(other.news)
            referee.ours |= other.ours
            referee.over |= other.over
            referee.seen |= other.seen
            referee.sender |= other.sender
        if isinstance(event, ConversationParted):
            referee.news = {name: news for name, news in referee.news.items() if name not in self._came[event.undoes]}
        if isinstance(event, ConversationRestored):
            # A comment that was taken back meanwhile is gone here too.
            said = {comment.id for comment in self.states[conversation_id].comments}
            referee.news = {name: news for name, news in referee.news.items() if name.startswith("<") or name in said}
        if isinstance(event, MessagesLeft):
            went = {name: referee.news.pop(name) for name in list(referee.news) if _is_of(name, event)}
            self._left[conversation_id, event.to] = went
        if isinstance(event, MessagesJoined):
            went = self._left[event.origin, conversation_id]
            referee.ours |= self._referees[event.origin].ours
            referee.news |= {name: (referee.revision, by) for name, (_, by) in went.items()}
        if isinstance(event, PayloadErased):
            # Comments are gone: nobody can have missed them.
            referee.news = {name: news for name, news in referee.news.items() if name.startswith("<")}

    def _once(self, one: Recorded, before: Conversation) -> None:
        event = one.event
        if isinstance(event, MessageArrived):
            mail = (event.message_id, event.content_sha256)
            demand(mail not in self._mails, f"{event.message_id} is told of once")
            self._mails.add(mail)
            self.seen["mail to a conversation that moved"] += event.inbox not in {"", before.inbox}
        if isinstance(event, ReplySending):
            sender = next(reply.by for reply in before.submissions if reply.id == event.submission_id)
            demand(sender not in self._gone, "nothing is sent for who has left")

    def _undone(self, one: Recorded, after: Conversation) -> None:
        undoes = getattr(one.event, "undoes", None)
        if not isinstance(undoes, int) or undoes not in self._before:
            return
        conversation_id, earlier = self._before[undoes]
        if conversation_id == one.conversation_id and earlier.revision + 2 == after.revision:
            demand(_bare(after) == _bare(earlier), f"undoing {undoes} restores what was there")
            self.seen["undone exactly"] += 1

    def _compare(self, conversation_id: ConversationId) -> None:
        state = self.states[conversation_id]
        kept = load_state(self._connection, conversation_id)
        demand(kept == state, f"the state kept of {conversation_id} is the fold of its events")
        demand(state.lease is None or state.claim is None, "never two valid tokens: a lease beside a claim")
        referee = self._referees.get(conversation_id, Referee())
        demand((referee.holder is None) == (state.lease is None), "a lease stands exactly from its taking to its end")
        demand(referee.claimed == (state.claim and state.claim.submission_id), "a claim stands exactly as long as its reply")
        out = [reply for reply in state.submissions if reply.state in OUT]
        demand(len(out) <= 1, "no second ticket while one is sending or unknown")
        for reply in state.submissions[-2:]:
            row = self._connection.value("SELECT state FROM submissions WHERE id = ?", (reply.id,))
            demand(row == reply.state, f"the outbox says of {reply.id} what the conversation says")

    def check_chain(self) -> None:
        """The audit log holds from where it was proved last."""
        walked = verify(self._connection, start=self._walked)
        demand(walked.bad is None, f"the audit log holds: {walked.bad}")
        demand(walked.events == self.seq, "the audit log tells of every event")
        self._walked = replace(walked, done=False)

    def prove_whole_chain(self) -> None:
        """From its first entry: an erasure changed what was proved before."""
        walked = verify(self._connection)
        demand(walked.bad is None, f"the audit log holds from its start: {walked.bad}")

    def has_done(self, by: MemberKey, key: CommandKey, seq: int) -> bool:
        """Whether that command's events are in the journal where its answer said."""
        return self._done_by.get((by, key), 0) <= seq and (by, key) in self._done_by

    def told_of(self, message_id: str) -> bool:
        """Whether the journal knows the mail."""
        return any(known == message_id for known, _ in self._mails)


def _is_of(name: str, event: MessagesLeft) -> bool:
    """Whether the news is of a message or a comment that left."""
    return any(name == comment.id for comment in event.comments) or any(name.startswith(message.message_id) for message in event.messages)


def _bare(state: Conversation) -> Conversation:
    """Without what every event moves, and what stays on purpose: that people parted two conversations."""
    return replace(state, parted=(), revision=0, seq=0, undoable=(), lease_before=None, flags=tuple(sorted(state.flags)))


def same(one: object, other: object) -> bool:
    """Whether two values are the same to the last field."""
    return msgspec.json.encode(one, order="deterministic") == msgspec.json.encode(other, order="deterministic")


def differing(one: object, other: object) -> dict[str, tuple[object, object]]:
    """The fields of two structs that differ."""
    fields = getattr(other, "__struct_fields__", ())
    return {name: (getattr(one, name, None), getattr(other, name)) for name in fields if getattr(one, name, None) != getattr(other, name)}

"""Whoever watches the simulation: reads the journal after each commit and knows the promises. Shares no rule with the code it judges."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from store.domain.audit_walk import NOWHERE, Walked
from store.domain.conversation import Conversation
from store.domain.events import (
    CheckApproved,
    CheckPolicySaved,
    CheckRequested,
    ConversationAbsorbed,
    ConversationParted,
    InboxChanged,
    MemberChanged,
    MessageArrived,
    Recorded,
    ReplyQueued,
    ReplySending,
)
from store.domain.evolve import evolve
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, SubmissionId
from store.domain.outbox import OutboxState
from store.domain.people import SERVER, Member, Role
from store.team import file_statements as f
from store.team import statements as s
from store.team.audit_check import verify
from store.team.connection import Connection
from store.team.reading import load_state
from store.team.rows import read_recorded, run
from store.team.values import Frozen
from tests.simulation.mailing_judge import MailingJudge
from tests.simulation.owners_judge import hidden_from_owner
from tests.simulation.referees import Referees

OUT = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN})
FAR_BACK = 2000
"""Events; what was undone later than that is not compared."""
ALL_OF_IT = 10**9
Together = tuple[ConversationId, MemberKey, datetime, CommandKey | None]
"""What one command does to one conversation."""


class Foul(AssertionError):
    """A promise was broken."""


def demand(holds: bool, promise: str) -> None:
    if not holds:
        raise Foul(promise)


class Onlooker:
    """Its own session, its own fold. `read` asks the journal; `seen` counts the events."""

    def __init__(self, read: Callable[[Callable[[Connection], Any]], Any], seen: Counter[str]) -> None:
        self._read = read
        self.seen = seen
        self.seq = 0
        self.states: dict[ConversationId, Conversation] = {}
        self._referees = Referees()
        self.mailings = MailingJudge(seen)
        self._done_by: dict[tuple[MemberKey, CommandKey], int] = {}
        self._before: dict[int, tuple[Conversation, Together]] = {}
        self._ended: dict[Together, int] = {}
        self._mails: set[tuple[str, str]] = set()
        self._gone: set[MemberKey] = set()
        self.members: dict[MemberKey, Member] = {}
        self._shown: dict[InboxKey, set[str]] = defaultdict(set)
        self._walked: Walked = NOWHERE
        self._checked: set[MemberKey] = set()
        self._rules: dict[MemberKey, int] = {}
        self._sender: dict[SubmissionId, MemberKey] = {}
        self._needed: dict[SubmissionId, int] = {}
        self._yes: dict[tuple[SubmissionId, str], set[MemberKey]] = defaultdict(set)

    def look(self) -> None:
        """Read what was committed since the last look, and judge it."""
        self._read(self._look)

    def _look(self, connection: Connection) -> None:
        rows = run(connection, s.BODIES_AFTER, after=self.seq, most=ALL_OF_IT)
        recorded = tuple(read_recorded(body) for _, body in rows)
        for (seq, _), one in zip(rows, recorded, strict=True):
            demand(seq == one.seq == self.seq + 1, f"the journal is gapless: {self.seq} is followed by {seq}")
            self.seq = seq
            self.seen[type(one.event).__name__] += 1
            self._judge(one)
        for conversation_id in dict.fromkeys(one.conversation_id for one in recorded if one.conversation_id is not None):
            self._compare(connection, conversation_id)
        if any(isinstance(one.event, MemberChanged) for one in recorded):
            for state in self.states.values():
                demand(not hidden_from_owner(state, self.members), f"{state.owner} does not see {state.id}, and owns it")

    def newest(self, most: int) -> list[ConversationId]:
        """Where something happened last."""
        return sorted(self.states, key=lambda one: self.states[one].seq)[-most:]

    def _judge(self, one: Recorded) -> None:
        if one.command_key is not None:
            first = self._done_by.setdefault((one.by, one.command_key), one.seq)
            demand(one.seq - first < 20, f"{one.by} asked once ({one.command_key}), and it was done twice")
        demand(one.by not in self._gone or one.by == SERVER, f"{one.by} has left the team and still acts")
        self._follow_checks(one)
        foul = self.mailings.read(one)
        demand(foul is None, str(foul))
        if isinstance(one.event, MemberChanged):
            self.members[one.event.member.key] = one.event.member
            if not one.event.member.active:
                self._gone.add(one.event.member.key)
        if one.conversation_id is None:
            return
        before = self.states.get(one.conversation_id) or Conversation(one.conversation_id)
        after = self.states[one.conversation_id] = evolve(before, one)
        together = (one.conversation_id, one.by, one.at, one.command_key)
        self._before[one.seq] = (before, together)
        self._ended[together] = after.revision
        self._before.pop(one.seq - FAR_BACK, None)
        self._shown[after.inbox] |= names_in(after)
        self._once(one, before)
        self._undone(one, after)
        fouls = self._referees.read(one, after)
        demand(not fouls, "; ".join(fouls))

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
        earlier, together = self._before[undoes]
        # A merge also says what the whole is by then, a move that it came: that is undone with it.
        whole = isinstance(one.event, ConversationParted | InboxChanged) and together[3] is not None
        changed = self._ended[together] - earlier.revision if whole else 1
        # What came to a conversation that was split off stays when that is taken back.
        more = isinstance(one.event, ConversationAbsorbed) and names_in(after) != names_in(earlier)
        if together[0] == one.conversation_id and earlier.revision + changed + 1 == after.revision and not more:
            # Whoever joins or parts two lifts no legal hold by it, and sets none back.
            now, then = _bare(replace(after, legal_hold=earlier.legal_hold) if after.legal_hold else after), _bare(earlier)
            demand(now == then, f"undoing {undoes} restores what was there: {differing(now, then)}")
            self.seen["undone exactly"] += 1
            self.seen[f"undone: {type(one.event).__name__}"] += 1

    def _compare(self, connection: Connection, conversation_id: ConversationId) -> None:
        state = self.states[conversation_id]
        kept = load_state(connection, conversation_id)
        demand(kept == state, f"the state kept of {conversation_id} is the fold of its events: {differing(kept, state)}")
        demand(not hidden_from_owner(state, self.members), f"{state.owner} does not see {state.id}, and owns it")
        demand(state.lease is None or state.claim is None, "never two valid tokens: a lease beside a claim")
        referee = self._referees.of(conversation_id)
        demand((referee.holder is None) == (state.lease is None), "a lease stands exactly from its taking to its end")
        demand(referee.claimed == (state.claim and state.claim.submission_id), "a claim stands exactly as long as its reply")
        out = [reply for reply in state.submissions if reply.state in OUT]
        demand(len(out) <= 1, "no second ticket while one is sending or unknown")
        for comment in state.comments[-3:]:
            for file in comment.files:
                rows = run(connection, f.GET_FILE, comment=comment.id, hash=file.sha256)
                demand(bool(rows) and rows[0][0] == conversation_id and rows[0][4] is not None, f"the file of {comment.id} is where its comment is")
                self.seen["file of a comment"] += 1
        for reply in state.submissions[-2:]:
            row = run(connection, s.GET_SUBMISSION, id=reply.id)
            demand(row[0][1] == conversation_id, f"the outbox knows where {reply.id} belongs")
            found = {one for one, *_ in run(connection, s.SUBMISSIONS_IN, state=reply.state)}
            demand(reply.id in found, f"the outbox says of {reply.id} what the conversation says")

    def leaves(self, submission_id: SubmissionId, frozen: Frozen | None) -> None:
        """A reply is being handed over to SMTP at this moment."""
        state = next((reply.state for one in self.states.values() for reply in one.submissions if reply.id == submission_id), None)
        demand(state is OutboxState.SENDING, f"{submission_id} leaves by a ticket that stands, not as {state}")
        self._is_approved(submission_id, frozen)
        named = frozen.item.submission.message_id.strip("<>").partition("@")[0] if frozen is not None else ""
        demand(frozen is not None and named.encode() in frozen.mime, f"what leaves of {submission_id} is what was handed in")

    def _is_approved(self, submission_id: SubmissionId, frozen: Frozen | None) -> None:
        """What needed somebody's yes, by its writer's role or by the rules of that hour, has it: of these bytes and recipients, of others."""
        needed = max(self._needed.get(submission_id, 0), 1 if self._sender.get(submission_id) in self._checked else 0)
        if needed and frozen is not None:
            envelope = frozen.item.submission.envelope
            head = json.dumps(["reply 1", envelope.mail_from, list(envelope.rcpt_to)], separators=(",", ":"), ensure_ascii=False)
            frozen_sha256 = hashlib.sha256(head.encode() + b"\n" + frozen.mime).hexdigest()
            # A yes to a mailing is one to each of its rows.
            yes = (self._yes[submission_id, frozen_sha256] | self.mailings.yes_to(submission_id)) - {self._sender[submission_id]}
            demand(len(yes) >= needed, f"{submission_id} needed {needed} to say yes to what leaves, and {sorted(yes)} did")
            self.seen["left after a check"] += 1

    def _follow_checks(self, one: Recorded) -> None:
        event = one.event
        match event:
            case MemberChanged(member=member) if member.role is Role.CHECKED:
                self._checked.add(member.key)
            case CheckPolicySaved(policy=policy):
                self._rules = {member: rule.stages for rule in policy.rules for member in rule.members}
            case CheckRequested(reply=reply):
                self._sender[reply.submission_id] = one.by
                self._needed[reply.submission_id] = self._rules.get(one.by, 0)
            case ReplyQueued(submission_id=submission_id) if submission_id not in self._sender:
                self._sender[submission_id] = one.by
                self._needed[submission_id] = self._rules.get(one.by, 0)
            case CheckApproved(submission_id=submission_id, approval=approval):
                self._yes[submission_id, approval.subject.frozen_sha256].add(one.by)
            case _:
                pass

    def does_its_duty(self, inbox: InboxKey, token: int) -> None:
        """A server has just written for an inbox, as whom it holds for on duty there."""
        rows = self._read(lambda connection: run(connection, s.GET_DUTY, inbox=inbox))
        demand(bool(rows) and rows[0][0] == token, f"who writes for {inbox or 'the rest'} is on duty there")

    def check_still_erased(self, erased: Collection[ConversationId]) -> None:
        """What was erased stays so, whatever backup was brought back."""
        back = [one for one in erased if one in self.states and not self.states[one].erasure]
        demand(not back, f"no backup brings back what was erased: {back}")
        self.seen["erased, and still so after a restore"] += len([one for one in erased if one in self.states])

    # At quiet times

    def check_every_mail_is_somewhere(self) -> None:
        """Merged, split, moved and undone as it may be: every mail and every comment is in one conversation, and in one only."""
        places = Counter((one.message_id, one.content_sha256) for state in self.states.values() for one in state.messages)
        for mail in self._mails:
            demand(places[mail] == 1, f"{mail[0]} is in one conversation, not in {places[mail]}")
        for kind in ("comments", "submissions"):
            found = Counter(one.id for state in self.states.values() for one in getattr(state, kind))
            twice = [name for name, times in found.items() if times > 1]
            demand(not twice, f"of {kind} each is in one conversation: {twice}")

    def check_mailings(self) -> None:
        """Each of them is over, or waits for a person."""
        fouls = self._read(self.mailings.look_back)
        demand(not fouls, "; ".join(fouls))

    def check_chain(self) -> None:
        """The audit log holds from where it was proved last."""
        walked = self._read(partial(verify, start=self._walked))
        demand(walked.bad is None, f"the audit log holds: {walked.bad}")
        demand(walked.events == self.seq, "the audit log tells of every event")
        self._walked = replace(walked, done=False)

    def prove_whole_chain(self) -> None:
        """From its first entry: an erasure changed what was proved before."""
        walked = self._read(verify)
        demand(walked.bad is None, f"the audit log holds from its start: {walked.bad}")

    def has_done(self, by: MemberKey, key: CommandKey, seq: int) -> bool:
        """Whether that command's events are in the journal where its answer said."""
        return self._done_by.get((by, key), 0) <= seq and (by, key) in self._done_by

    def told_of(self, message_id: str) -> bool:
        """Whether the journal knows the mail."""
        return any(known == message_id for known, _ in self._mails)

    def shown_in(self, inboxes: Collection[InboxKey]) -> set[str]:
        """What was ever to be seen in these inboxes, by name; of all, where none is named."""
        return set().union(*(shown for inbox, shown in self._shown.items() if not inboxes or inbox in inboxes))


def names_in(state: Conversation) -> set[str]:
    """What a conversation holds, by name."""
    return {one.message_id for one in state.messages} | {one.id for one in (*state.comments, *state.submissions)}


def _bare(state: Conversation) -> Conversation:
    """Without what every event moves, and without what is remembered of having been undone."""
    return replace(
        state, revision=0, seq=0, undoable=(), lease_before=None, flags=tuple(sorted(state.flags)), parted=(), absorbed=(), merges_waiting=()
    )


def same(one: object, other: object) -> bool:
    """Whether two values are the same to the last field."""
    return msgspec.json.encode(one, order="deterministic") == msgspec.json.encode(other, order="deterministic")


def differing(one: object, other: object) -> str:
    """The fields of two structs that differ, as far as one cares to read."""
    fields = getattr(other, "__struct_fields__", ())
    pairs = {name: (getattr(one, name, None), getattr(other, name)) for name in fields}
    return "; ".join(f"{name}: {mine!r:.120} / {theirs!r:.120}" for name, (mine, theirs) in pairs.items() if mine != theirs)

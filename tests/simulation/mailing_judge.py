"""Who watches the mailings in the journal: whom they go to, who let them, and that no row leaves twice. Shares no rule with what it judges."""

import hashlib
from collections import Counter

from store.domain.events import CheckPolicySaved, MailingMoved, MemberChanged, Recorded, ReplyQueued, SuppressionChanged
from store.domain.ids import MailingId, MemberKey
from store.domain.mailing import Mailing, MailingState
from store.domain.people import Member, Role
from store.team import mailing_statements as m
from store.team.connection import Connection
from store.team.rows import run


class MailingJudge:
    """Follows every event; `known`: each mailing as its last event says."""

    def __init__(self, seen: Counter[str]) -> None:
        self._seen = seen
        self.known: dict[MailingId, Mailing] = {}
        self.queued: Counter[tuple[MailingId, str]] = Counter()
        """By mailing and recipient."""
        self._handed_over: set[str] = set()
        """Submissions; they keep their names where a recipient was erased."""
        self._asks: set[MailingId] = set()
        self._yes: dict[MailingId, set[MemberKey]] = {}
        """To what was handed in last."""
        self._left_with: dict[str, set[MemberKey]] = {}
        """By submission."""
        self._members: dict[MemberKey, Member] = {}
        self._named: set[MemberKey] = set()
        self._stages: dict[MemberKey, int] = {}
        self._no_more: set[str] = set()
        self._checked: set[MemberKey] = set()

    def read(self, one: Recorded) -> str | None:
        """What was broken, if anything was."""
        event = one.event
        match event:
            case MemberChanged(member=member):
                self._members[member.key] = member
                if member.role is Role.CHECKED:
                    self._checked.add(member.key)
            case CheckPolicySaved(policy=policy):
                self._named = set(policy.checkers)
                self._stages = {member: rule.stages for rule in policy.rules for member in rule.members}
            case SuppressionChanged(address_sha256=hashed, on=on):
                (self._no_more.add if on else self._no_more.discard)(hashed)
            case MailingMoved():
                return self._moved(one, event)
            case ReplyQueued():
                return self._leaves(event)
            case _:
                pass
        return None

    def look_back(self, connection: Connection) -> list[str]:
        """At a quiet time: none runs for ever, and of those that finished each row had its turn, or somebody is told why not."""
        fouls = [f"{mailing.id} runs for ever" for mailing in self.known.values() if mailing.state is MailingState.RUNNING]
        for mailing in self.known.values():
            for n, recipient, state, why, *_ in run(connection, m.RESULTS_AFTER, mailing=mailing.id, after=0, most=100):
                if mailing.state is MailingState.FINISHED and state == "waiting":
                    fouls.append(f"{recipient} is left out of {mailing.id}")
                if (state, why) == ("handed_over", "") and f"{mailing.id}{n:08x}" not in self._handed_over:
                    fouls.append(f"{recipient} is said to have got {mailing.id}")
        return fouls

    def _moved(self, one: Recorded, event: MailingMoved) -> str | None:
        mailing = event.mailing
        before = self.known.get(mailing.id)
        self.known[mailing.id] = mailing
        if event.how == "started":
            (self._asks.add if mailing.ask_approval or mailing.by in self._checked else self._asks.discard)(mailing.id)
        if event.how == "paused":
            self._seen[f"mailing paused: {mailing.why or 'by somebody'}"] += 1
        if event.how in {"handed_in", "sent_back"}:
            self._yes.pop(mailing.id, None)
        if event.how == "approved":
            self._yes.setdefault(mailing.id, set()).add(one.by)
        may_change = before is None or not before.sha256 or (before.state is MailingState.SENT_BACK and before.begun_at is None)
        if before is not None and not may_change and before.sha256 != mailing.sha256:
            return f"what was handed in of {mailing.id} changed"
        if before is not None and before.state in {MailingState.CANCELLED, MailingState.FINISHED}:
            return f"{mailing.id} was over, and is {mailing.state}"
        if mailing.state is MailingState.RUNNING and mailing.id in self._asks and not self._yes.get(mailing.id, set()) - {mailing.by}:
            return f"{mailing.id} runs without another's yes"
        return None

    def yes_to(self, submission_id: str) -> set[MemberKey]:
        """Who had said yes to the mailing that it is a row of, as a whole, when it had its turn; nobody where it is none."""
        return self._left_with.get(submission_id, set())

    def _checks(self, who: MemberKey, mailing: Mailing) -> bool:
        """Whether their yes counts now."""
        member = self._members.get(who)
        if member is None or not member.active or (member.inboxes and mailing.inbox not in member.inboxes):
            return False
        return member.role in {Role.ADMIN, Role.LEADER} or (member.role is Role.AGENT and who in self._named)

    def _leaves(self, event: ReplyQueued) -> str | None:
        mailing = self.known.get(MailingId(event.submission_id[:24]))
        if mailing is None:
            return None
        self._handed_over.add(event.submission_id)
        yes = {who for who in self._yes.get(mailing.id, set()) - {mailing.by} if self._checks(who, mailing)}
        self._left_with[event.submission_id] = yes
        needed = max(self._stages.get(mailing.by, 0), 1 if mailing.id in self._asks else 0)
        self._seen["row of a mailing with a yes"] += needed > 0
        if len(yes) < needed:
            return f"a row of {mailing.id} needs {needed} to say yes to it, and {sorted(yes)} did who may"
        for recipient in event.envelope.rcpt_to:
            self._seen["row of a mailing"] += 1
            self.queued[mailing.id, recipient] += 1
            if self.queued[mailing.id, recipient] > 1:
                return f"{recipient} gets {mailing.id} twice"
            if hashlib.sha256(f"mado suppressed\0{recipient}".encode()).hexdigest() in self._no_more:
                return f"{recipient} wants no mailing, and gets {mailing.id}"
        return None if mailing.state is MailingState.RUNNING else f"{mailing.id} is {mailing.state}, and a row of it leaves"

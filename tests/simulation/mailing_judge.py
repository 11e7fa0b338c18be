"""Who watches the mailings in the journal: whom they go to, who let them, and that no row leaves twice. Shares no rule with what it judges."""

import hashlib
from collections import Counter

from store.domain.events import MailingMoved, MemberChanged, Recorded, ReplyQueued, SuppressionChanged
from store.domain.ids import MailingId, MemberKey
from store.domain.mailing import Mailing, MailingState
from store.domain.people import Role
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
        self._no_more: set[str] = set()
        self._checked: set[MemberKey] = set()

    def read(self, one: Recorded) -> str | None:
        """What was broken, if anything was."""
        event = one.event
        match event:
            case MemberChanged(member=member) if member.role is Role.CHECKED:
                self._checked.add(member.key)
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
        if event.how == "approved":
            self._yes.setdefault(mailing.id, set()).add(one.by)
        if before is not None and before.sha256 and before.sha256 != mailing.sha256:
            return f"what was handed in of {mailing.id} changed"
        if before is not None and before.state in {MailingState.CANCELLED, MailingState.FINISHED}:
            return f"{mailing.id} was over, and is {mailing.state}"
        if mailing.state is MailingState.RUNNING and mailing.id in self._asks and not self._yes.get(mailing.id, set()) - {mailing.by}:
            return f"{mailing.id} runs without another's yes"
        return None

    def yes_to(self, submission_id: str) -> set[MemberKey]:
        """Who said yes to the mailing that it is a row of, as a whole, and did not make it; nobody where it is none."""
        mailing = self.known.get(MailingId(submission_id[:24]))
        return set() if mailing is None else self._yes.get(mailing.id, set()) - {mailing.by}

    def _leaves(self, event: ReplyQueued) -> str | None:
        mailing = self.known.get(MailingId(event.submission_id[:24]))
        if mailing is None:
            return None
        self._handed_over.add(event.submission_id)
        for recipient in event.envelope.rcpt_to:
            self._seen["row of a mailing"] += 1
            self.queued[mailing.id, recipient] += 1
            if self.queued[mailing.id, recipient] > 1:
                return f"{recipient} gets {mailing.id} twice"
            if hashlib.sha256(f"mado suppressed\0{recipient}".encode()).hexdigest() in self._no_more:
                return f"{recipient} wants no mailing, and gets {mailing.id}"
        return None if mailing.state is MailingState.RUNNING else f"{mailing.id} is {mailing.state}, and a row of it leaves"

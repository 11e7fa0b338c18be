"""A house in which every mail must be checked, with its outbox at work: what is tried there, and whether anything left that nobody approved."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from itertools import count
from typing import get_type_hints

import msgspec
from scripted_smtp import ScriptedSMTP
from server_process import new_folder

from mailsync.link.protocol import Answer, Done
from mailsync.server.mailing import MailingPace, MailingRunner
from mailsync.server.needs import command_types
from mailsync.server.outbox import OutboxPace, OutboxRunner
from mailsync.server.outbox_plan import Patience
from mailsync.server.sent_habit import CopyPatience
from store.domain.approval import Subject, SubjectKind, is_approved, reply_hash
from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import Approve, RequestCheck, SaveCheckPolicy, SendBack, SetDue, SubmitReply, WithdrawCheck
from store.domain.events import ReplyQueued
from store.domain.ids import ConversationId, InboxKey, Revision, SubmissionId
from store.domain.outbox import OutboxState, Submission
from store.domain.people import Role
from store.domain.team_commands import RetireView, SaveView
from store.settings.secrets import Secret, Secrets
from store.settings.settings import parse_settings
from tests.outbox.house import running
from tests.server.samples import sample
from tests.server.server_house import SETTINGS, Agent, Served, reply_to, serving
from tests.team.team_house import TestClock
from tests.waiting import wait_for_it

EVERYTHING = CheckPolicy((CheckRule("everything"),))
HASTY = OutboxPace(
    patience=Patience(retry_after=(timedelta(seconds=1),), most_attempts=3),
    held_retry_seconds=0.05,
    look_every_seconds=0.05,
    copy_retry_seconds=60.0,
    copy_patience=CopyPatience(first_seconds=0.0),
)
SMTP = """
  [inbox.smtp]
  host = "127.0.0.1"
  port = {port}
  tls = "none"
  user = ""
"""


async def reached(_inbox: InboxKey) -> bool:
    """The mailbox was looked at."""
    return True


LATEST = (SetDue, SaveView, RetireView)
"""Tried behind the others, whose order the seeds were chosen for."""


@dataclass
class Ways:
    """A newcomer, an agent and a leader, who all need a check; `approved`: the very bytes somebody said yes to, by Message-ID."""

    served: Served
    smtp: ScriptedSMTP
    people: dict[str, Agent] = field(default_factory=dict)
    approved: dict[str, bytes] = field(default_factory=dict)
    names: Iterator[int] = field(default_factory=lambda: count(1))
    made_entries: set[type] = field(default_factory=set)
    """Kinds of commands after which something lay in the outbox."""

    async def arrives(self) -> ConversationId:
        return await self.served.team.arrives(f"<{next(self.names)}@example.org>")

    async def reply(self, who: Agent, here: ConversationId, **changes: object) -> SubmitReply:
        """A whole reply, with the lease that it needs."""
        token = await who.token(here)
        reply = reply_to(here, await self.served.team.revision(here), token, name=f"r{next(self.names)}")
        return msgspec.structs.replace(reply, **{"hold_seconds": 0.0, **changes})

    async def asks(self, who: Agent, here: ConversationId, **changes: object) -> SubmitReply:
        reply = await self.reply(who, here, **changes)
        answer = await who.ask(RequestCheck(conversation_id=here, reply=reply))
        assert isinstance(answer, Done), answer
        return reply

    async def says_yes(self, here: ConversationId) -> Answer:
        """Somebody who leads, and did not write it."""
        body = await self.people["checker"].client.check_text(here)
        self.approved[body.check.reply.message_id] = body.mime
        yes = Approve(
            conversation_id=here,
            submission_id=body.check.id,
            frozen_sha256=body.check.frozen_sha256,
            seen_revision=await self.served.team.revision(here),
        )
        return await self.people["checker"].ask(yes)

    async def tries(self, who: Agent, command: object) -> Answer:
        """One command over the wire, whatever is answered."""
        answer = await who.ask(command)  # type: ignore[arg-type]
        if isinstance(answer, Done) and any(isinstance(one.event, ReplyQueued) for one in answer.recorded):
            self.made_entries.add(type(command))
        return answer

    async def tries_everything(self, who: Agent, here: ConversationId, there: ConversationId, *, seed: int) -> None:
        """Every command there is, about a conversation, with all that makes it whole, in an order that `seed` draws."""
        kinds = [kind for kind in command_types() if kind not in (SaveCheckPolicy, *LATEST)]
        random.Random(seed).shuffle(kinds)
        for kind in (*kinds, *LATEST):
            await self.tries(who, sample(kind, await self._given(who, here, there)))

    async def _given(self, who: Agent, here: ConversationId, there: ConversationId) -> dict[str, object]:
        """What commands name, as it stands now: the newest reply, the check that waits, the lease if it is theirs."""
        state = await self.served.house.desk.state(here)
        assert state is not None
        lease = state.lease
        token = lease.token if lease is not None and lease.by == who.member.key else None
        fresh = reply_to(here, state.revision, token, name=f"r{next(self.names)}", text=b"Never read by anybody")
        latest = state.check.id if state.check is not None else (state.submissions[-1].id if state.submissions else fresh.submission_id)
        known = {name: getattr(fresh, name) for name in ("message_id", "envelope", "mime", "token")}
        return {
            **known,
            "reply": msgspec.structs.replace(fresh, hold_seconds=0.0),
            "hold_seconds": 0.0,
            "submission_id": latest if next(self.names) % 2 else fresh.submission_id,
            "frozen_sha256": state.check.frozen_sha256 if state.check is not None else "",
            "seen_revision": Revision(state.revision),
            "conversation_id": here,
            "other": there,
            "status": "in_progress",
            "reason": "because",
            "owner": who.member.key,
            "member": who.member.key,
            "inbox": InboxKey("sales"),
            "then_status": "done",
            "take_over": "because",
            "send_at": self.served.team.clock.now(),
            "terminal": "another",
            "sent": False,
        }

    async def nothing_unapproved(self) -> None:
        """The outbox and the mail server hold only what somebody else approved, byte for byte, and only for whom it was approved."""
        self.served.team.clock.move(timedelta(minutes=2))
        await asyncio.sleep(0)
        async with self.served.admin as admin:
            rows = await admin.outbox()
        for row in rows:
            frozen = await self.served.house.desk.submission(row.submission_id)
            assert frozen is not None, row
            reply = frozen.item.submission
            subject = Subject(SubjectKind.REPLY, reply.id, reply_hash(reply.envelope.mail_from, reply.envelope.rcpt_to, frozen.mime))
            assert is_approved(subject, reply.by, reply.approvals, 1), reply
            assert frozen.mime == self.approved[reply.message_id]
        for envelope in self.smtp.script.received:
            name = str(message_from_bytes(envelope.content)["Message-ID"])
            assert envelope.content.rstrip() == self.approved[name].rstrip(), name
            assert envelope.rcpt_tos == ["kyaku@example.org"]


@asynccontextmanager
async def ways_out(policy: CheckPolicy = EVERYTHING) -> AsyncIterator[Ways]:
    """A server with its outbox and its mailings at work, and its people."""
    home = new_folder("desk")
    with ScriptedSMTP() as smtp:
        first, second, rest = SETTINGS.partition('[[inbox]]\nkey = "sales"')
        settings = parse_settings(first + SMTP.format(port=smtp.port) + second + rest, home / "settings.toml")
        async with serving(home, TestClock(), settings=settings) as served:
            secrets = Secrets(home)
            secrets.put("smtp:support", Secret("x"))
            desk, clock = served.house.desk, served.team.clock
            runner = OutboxRunner(desk, settings, secrets, clock, reached, pace=HASTY)
            mailings = MailingRunner(desk, settings, clock, reached, pace=MailingPace(look_every_seconds=0.05))
            ways = Ways(served, smtp)
            for name, role in (("newcomer", Role.CHECKED), ("agent", Role.AGENT), ("leader", Role.LEADER), ("checker", Role.LEADER)):
                ways.people[name] = await served.member(name, role)
            assert isinstance(await ways.people["checker"].ask(SaveCheckPolicy(policy)), Done)
            async with running(runner.run()), running(mailings.run()):
                yield ways


def takes_mail(kind: object, seen: frozenset[object] = frozenset()) -> bool:
    """Whether a body of this type can carry the bytes of a mail, at any depth."""
    if kind in seen:
        return False
    arguments = getattr(kind, "__args__", ())
    if arguments:
        return any(takes_mail(one, seen) for one in arguments)
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return False
    hints = get_type_hints(kind)
    return ("mime" in hints and hints["mime"] is bytes) or any(takes_mail(one, seen | {kind}) for one in hints.values())


async def waiting(ways: Ways, who: Agent, here: ConversationId) -> None:
    """Its check waits."""
    await ways.asks(who, here)


async def sent_back(ways: Ways, who: Agent, here: ConversationId) -> None:
    """A checker said no."""
    reply = await ways.asks(who, here)
    answer = await ways.people["checker"].ask(SendBack(conversation_id=here, submission_id=reply.submission_id, remark="no"))
    assert isinstance(answer, Done), answer


async def taken_back(ways: Ways, who: Agent, here: ConversationId) -> None:
    """Its drafter took it back, and writes again."""
    reply = await ways.asks(who, here)
    assert isinstance(await who.ask(WithdrawCheck(conversation_id=here, submission_id=reply.submission_id, terminal="t")), Done)


async def approved(ways: Ways, who: Agent, here: ConversationId) -> None:
    """Approved, and in its hold."""
    await ways.asks(who, here, hold_seconds=60.0)
    assert isinstance(await ways.says_yes(here), Done)


async def refused(ways: Ways, who: Agent, here: ConversationId) -> None:
    """Approved, and refused by the mail server: back with its drafter."""
    ways.smtp.script.dot = "550 5.7.1 no"
    reply = await ways.asks(who, here)
    assert isinstance(await ways.says_yes(here), Done)
    await becomes(ways, reply.submission_id, OutboxState.REFUSED)
    ways.smtp.script.dot = "250 2.0.0 queued"


async def nothing_yet(ways: Ways, who: Agent, here: ConversationId) -> None:
    """The composer is open."""
    await who.token(here)


SITUATIONS = (nothing_yet, waiting, sent_back, taken_back, approved, refused)


async def becomes(ways: Ways, submission_id: SubmissionId, state: OutboxState) -> Submission:
    """Wait for what the outbox makes of it."""
    found = await wait_for_it(
        lambda: ways.served.house.desk.submission(submission_id),
        lambda found: found is not None and found.item.submission.state is state,
        f"the reply to be {state}",
    )
    assert found is not None
    return found.item.submission

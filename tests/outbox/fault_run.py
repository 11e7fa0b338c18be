"""Replies handed over while the mail server misbehaves and the server is killed; then everything is counted, and every unknown is settled."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

from server_process import new_folder
from start_dovecot import Dovecot, User

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.protocol import CommandRequest, Done
from store.clock import SystemClock
from store.domain.commands import AgentCommand, SettleReply, SubmitReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.events import LeaseTaken
from store.domain.ids import CommandKey, ConversationId, MessageId, Revision, SubmissionId
from store.domain.outbox import LEFT_STATES, NOT_OVER_STATES, Envelope, OutboxState, Submission, doubtful, has_left_in_part
from store.errors import MadoError
from store.settings.secrets import Secret
from store.team.checking import check
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER
from tests.outbox.house import lying_in, mail, put
from tests.server.server_child import Child
from tests.server.test_taking_over import SETTINGS
from tests.team.team_house import Team, TestClock

FIRST, SECOND = "kyaku@customer.test", "cc@customer.test"
AGENTS = 3
EVERY_SECOND_HAS_TWO = 2
SETTLING_SECONDS = 240.0
KILL_AT_LATEST_SECONDS = 6.0


@dataclass
class Tally:
    """The end, in numbers."""

    replies: int = 0
    states: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    tries: int = 0
    """Connections to the mail server, and further mails over one."""
    moods: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    lost: int = 0
    unshown: int = 0
    wrong: list[str] = field(default_factory=list)
    unknown: int = 0
    unknown_had_left: int = 0
    settled_by_sent: int = 0
    settled_by_bounce: int = 0
    settled_by_person: int = 0
    copies_twice: int = 0
    copies_missing: int = 0

    def flawless(self) -> bool:
        return not (self.twice or self.lost or self.unshown or self.wrong or self.copies_twice or self.copies_missing)


class Server(Protocol):
    """A mail server that says what it took."""

    port: int

    @property
    def met(self) -> Counter[str]: ...
    @property
    def taken(self) -> Counter[tuple[str, str]]: ...
    @property
    def mails(self) -> dict[str, bytes]: ...
    def obliges(self) -> None: ...


def one_or_two(n: int) -> tuple[str, ...]:
    """The recipients of the n-th reply."""
    return (FIRST, SECOND)[: 1 + n % EVERY_SECOND_HAS_TWO]


class FaultRun:
    """One run; `url`: of a PostgreSQL, on which two servers work; "": one server on a file."""

    def __init__(
        self,
        dovecot: Dovecot,
        account: User,
        smtp: Server,
        *,
        url: str = "",
        seed: int = 20261128,
        recipients: Callable[[int], tuple[str, ...]] = one_or_two,
        log_in: bool = False,
    ) -> None:
        """`log_in`: the mail server wants the account's password."""
        self.recipients, self.log_in = recipients, log_in
        self.dovecot, self.account, self.smtp = dovecot, account, smtp
        self.rng = random.Random(seed)
        self.homes = [new_folder("faults") for _ in range(2 if url else 1)]
        self.place: Place = url or self.homes[0] / "team.db"
        self.children: dict[Path, Child] = {}
        self.ids: list[ConversationId] = []
        self.seen: dict[ConversationId, Revision] = {}
        self.sessions: list[str] = []
        self.tally = Tally()
        self.told: dict[SubmissionId, ConversationId] = {}
        """Replies whose hand-over was acknowledged."""
        self.message_ids: dict[SubmissionId, MessageId] = {}
        self._keys = 0

    async def play(self, replies: int, kills: int) -> Tally:
        """Everything, from the seed to the count."""
        await self._seed(replies)
        try:
            await self._start_all()
            handing = [asyncio.create_task(self._hand_over(agent)) for agent in range(AGENTS)]
            for n in range(kills):
                await self._kill_in_work(replies, kills - n)
            await asyncio.gather(*handing)
            self.smtp.obliges()
            await self._until_quiet()
            unknown = await self._unknown_and_shown()
            await self._settle(unknown)
            await self._until_quiet(unknown_too=True)
        finally:
            for child in self.children.values():
                child.kill()
            self.children.clear()
        await self._judge()
        for home in self.homes:
            shutil.rmtree(home)
        return self.tally

    # The house

    async def _seed(self, replies: int) -> None:
        settings = SETTINGS.format(user=self.account.name, password=self.account.password, imap=self.dovecot.imap_port, smtp=self.smtp.port)
        if self.log_in:
            settings += f'  user = "{self.account.name}"\n  password_command = "echo {self.account.password}"\n'
        for home in self.homes:
            (home / "settings.toml").write_text(settings)
        desk = await asyncio.to_thread(TeamDesk, self.place, SystemClock())
        team = Team(desk, TestClock())
        self.ids = [await team.arrives(f"<q{n}@customer.test>") for n in range(replies)]
        self.seen = {where: await team.revision(where) for where in self.ids}
        for name in range(AGENTS):
            invited = await desk.people.add(f"agent{name}", by=THE_SERVER.key)
            self.sessions.append((await desk.people.join(invited.secret, "t")).session)
        await desk.close()

    async def _start_all(self) -> None:
        for home in self.homes:
            if home not in self.children:
                shared = () if isinstance(self.place, Path) else (self.place,)
                self.children[home] = await asyncio.to_thread(Child, home, *shared, module="tests.outbox.hasty_server")
                assert self.children[home].url, self.children.pop(home).ended()

    def _client(self, agent: int) -> TeamClient:
        return TeamClient(ServerAddress("unix", path=str(self.rng.choice(self.homes) / "desk.sock")), Secret(self.sessions[agent]))

    # The agents

    async def _ask(self, agent: int, command: AgentCommand) -> Done:
        """Until it is answered: the same key again, at whatever server lives."""
        self._keys += 1
        request = CommandRequest(CommandKey(f"k{self._keys:06}"), command)
        until = monotonic() + SETTLING_SECONDS
        while True:
            with suppress(MadoError):
                async with self._client(agent) as client:
                    answer = await client.command(request)
                    assert isinstance(answer, Done), answer
                    return answer
            assert monotonic() < until, "no server answered"
            await asyncio.sleep(0.05)

    async def _state(self, agent: int, where: ConversationId) -> Conversation:
        return (await self._states(agent, (where,)))[0]

    async def _states(self, agent: int, wanted: Sequence[ConversationId]) -> list[Conversation]:
        until = monotonic() + SETTLING_SECONDS
        while True:
            with suppress(MadoError):
                async with self._client(agent) as client:
                    found, page = [], await client.snapshot()
                    found.extend(page.conversations)
                    while page.next is not None:
                        page = await client.snapshot(page.next)
                        found.extend(page.conversations)
                    return [state for state in found if state.id in set(wanted)]
            assert monotonic() < until, "no server answered"
            await asyncio.sleep(0.05)

    async def _hand_over(self, agent: int) -> None:
        for n in range(agent, len(self.ids), AGENTS):
            where = self.ids[n]
            taken = await self._ask(agent, TakeLease(conversation_id=where, seen_revision=self.seen[where], terminal=f"t{agent}"))
            token = next(part.event.token for part in taken.recorded if isinstance(part.event, LeaseTaken))
            submission_id, message_id = SubmissionId(f"s{n}"), MessageId(f"<r{n}@desk.test>")
            command = SubmitReply(
                conversation_id=where,
                submission_id=submission_id,
                message_id=message_id,
                envelope=Envelope(self.account.name, self.recipients(n)),
                mime=mail(message_id, self.account.name, self.recipients(n)[0], answers=f"<q{n}@customer.test>", body=f"返信 {n}\n.\n以上です。"),
                seen_revision=self.seen[where],
                token=token,
                hold_seconds=0.0,
                answers=MessageId(f"<q{n}@customer.test>"),
                terminal=f"t{agent}",
            )
            await self._ask(agent, command)
            self.told[submission_id], self.message_ids[submission_id] = where, message_id

    # The trouble

    async def _kill_in_work(self, replies: int, left: int) -> None:
        """Once about as much was tried as makes the kills fall all along the run; at any byte of it."""
        share = max(1, (replies - len({message_id for message_id, _ in self.smtp.taken})) // (left + 1))
        at = self.smtp.met.total() + self.rng.randint(1, 2 * share)
        until = monotonic() + KILL_AT_LATEST_SECONDS
        while self.smtp.met.total() < at and monotonic() < until:
            await asyncio.sleep(0.005)
        await asyncio.sleep(self.rng.uniform(0.0, 0.05))
        home = self.rng.choice(self.homes)
        await asyncio.to_thread(self.children.pop(home).kill)
        self.tally.kills += 1
        await self._start_all()

    async def _until_quiet(self, *, unknown_too: bool = False) -> None:
        """Until nothing is on its way any more, and every copy is filed."""
        busy = frozenset(NOT_OVER_STATES) - (frozenset() if unknown_too else {OutboxState.UNKNOWN})
        until = monotonic() + SETTLING_SECONDS
        while True:
            replies = [reply for state in await self._states(0, self.ids) for reply in state.submissions]
            working = [reply for reply in replies if reply.state in busy or (reply.state in LEFT_STATES and not reply.filed)]
            if not working and len(replies) == len(self.ids):
                return
            assert monotonic() < until, f"{len(working)} are not over: {[(one.id, one.state, one.why) for one in working[:5]]}"
            await asyncio.sleep(0.5)

    # What nobody knows

    async def _unknown_and_shown(self) -> list[tuple[Conversation, Submission]]:
        """Each unknown one must be flagged in its conversation, keep its claim, and stand in the outbox that every member sees."""
        states = await self._states(0, self.ids)
        async with self._client(0) as client:
            listed = {row.submission_id for row in await client.outbox() if row.state is OutboxState.UNKNOWN}
        found = [(state, reply) for state in states for reply in state.submissions if reply.state is OutboxState.UNKNOWN]
        taken = self.smtp.taken
        for state, reply in found:
            self.tally.unknown += 1
            self.tally.unknown_had_left += any(taken[reply.message_id, address] for address in reply.envelope.rcpt_to)
            if "unknown" not in state.flags or state.claim is None or reply.id not in listed or not reply.why:
                self.tally.unshown += 1
        return found

    async def _settle(self, unknown: list[tuple[Conversation, Submission]]) -> None:
        """A third by a copy in Sent, as a provider files it, a third by a bounce, a third by a person; only what left can have the first two,
        and of one that somebody had before they prove nothing.
        """
        arrived, taken = self.smtp.mails, self.smtp.taken
        for n, (state, reply) in enumerate(unknown):
            had_left = any(taken[reply.message_id, address] for address in doubtful(reply))
            raw = arrived.get(reply.message_id) if had_left and not has_left_in_part(reply) else None
            if raw is not None and n % 3 == 0:
                await asyncio.to_thread(put, self.dovecot, self.account, "Sent", raw.removesuffix(b".\r\n"))
                self.tally.settled_by_sent += 1
            elif raw is not None and n % 3 == 1:
                await asyncio.to_thread(put, self.dovecot, self.account, "INBOX", bounce_of(reply, self.account.name))
                self.tally.settled_by_bounce += 1
            else:
                agent = next(agent for agent in range(AGENTS) if int(reply.id[1:]) % AGENTS == agent)
                command = SettleReply(conversation_id=state.id, submission_id=reply.id, sent=had_left)
                await self._ask(agent, command)
                self.tally.settled_by_person += 1

    # The count

    async def _judge(self) -> None:
        assert (await asyncio.to_thread(check, self.place)).findings == ()
        desk = await asyncio.to_thread(TeamDesk, self.place, SystemClock())
        tally, taken = self.tally, self.smtp.taken
        tally.replies, tally.tries, tally.moods = len(self.told), self.smtp.met.total(), self.smtp.met
        tally.twice = sum(count > 1 for count in taken.values())
        tally.wrong += [f"{message_id} was never handed over" for message_id, _ in taken if message_id not in self.message_ids.values()]
        copies = Counter(_id_in(raw) for raw in await asyncio.to_thread(lying_in, self.dovecot, self.account, "Sent"))
        for submission_id, where in self.told.items():
            state = await desk.state(where)
            reply = next((one for one in state.submissions if one.id == submission_id), None) if state else None
            if state is None or reply is None:
                tally.lost += 1
                continue
            tally.states[reply.state] += 1
            tally.copies_twice += copies[reply.message_id] > 1
            tally.copies_missing += reply.state in LEFT_STATES and not copies[reply.message_id]
            if (flaw := self._flaw(state, reply, taken)) is not None:
                tally.wrong.append(f"{submission_id}: {flaw}")
                tally.lost += reply.state in LEFT_STATES
        await desk.close()

    @staticmethod
    def _flaw(state: Conversation, reply: Submission, taken: Counter[tuple[str, str]]) -> str | None:
        """How what the team is told differs from what the customers have."""
        settled = reply.why in {"person", "sent_copy", "bounce", "not_sent"}
        for address in reply.envelope.rcpt_to:
            has = taken[reply.message_id, address]
            result = next((one for one in reply.results if one.address == address), None)
            if not settled and reply.state in LEFT_STATES and (result is None or (result.state is OutboxState.ACCEPTED) != bool(has)):
                return f"{address} has {has} of it, and is said to be {result.state if result else 'unasked'}"
            if reply.state is OutboxState.REFUSED and has:
                return f"{address} has it, and it is said to be refused"
        if reply.state is OutboxState.REFUSED and ("refused" not in state.flags or not reply.why or state.status != "in_progress"):
            return f"refused, and nobody is told: {state.flags} {state.status} {reply.why}"
        if settled and reply.state in LEFT_STATES and not any(taken[reply.message_id, one] for one in reply.envelope.rcpt_to):
            return "settled as sent, and nobody has it"
        return None if reply.state not in NOT_OVER_STATES else f"it is still {reply.state}"


def bounce_of(reply: Submission, to: str) -> bytes:
    """What a mail server writes days later: it names the mail, so the mail had left."""
    return (
        f"From: MAILER-DAEMON@customer.test\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMessage-ID: <b-{reply.id}@customer.test>\r\n"
        f"Date: Tue, 24 Nov 2026 09:00:00 +0900\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: {reply.message_id}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n'
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; customer.test\r\n\r\nFinal-Recipient: rfc822; {FIRST}\r\n"
        f"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {reply.message_id}\r\n--b--\r\n"
    ).encode()


def _id_in(raw: bytes) -> str:
    return raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()

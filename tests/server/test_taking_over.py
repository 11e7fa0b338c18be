"""Two real servers on one PostgreSQL: one at a time does an inbox's work, and the other goes on when it dies or stands still."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from fault_proxy import FaultProxy
from scripted_smtp import ScriptedSMTP
from server_process import new_folder
from start_dovecot import Dovecot, User
from start_postgres import Postgres

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.protocol import CommandRequest, Done
from store.clock import SystemClock
from store.domain.commands import SubmitReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.events import LeaseTaken, MessageArrived, ReplySending
from store.domain.ids import CommandKey, InboxKey, MessageId, Seq, SubmissionId
from store.domain.outbox import Envelope
from store.team.desk import TeamDesk
from store.team.duties import Beat, Duty
from store.team.errors import DutyLost
from store.team.values import THE_SERVER
from tests.mado_forks import begin_talking
from tests.outbox.house import deliver, mail
from tests.team.team_house import SALES, SUPPORT, Team, TestClock
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120.0
"""A server that was too busy to show that it lives sends nothing, and tries again in a minute."""
SETTINGS = """
[[inbox]]
key = "support"
address = "{user}"
  [inbox.imap]
  host = "127.0.0.1"
  port = {imap}
  tls = "none"
  user = "{user}"
  password_command = "echo {password}"
  [inbox.smtp]
  host = "127.0.0.1"
  port = {smtp}
  tls = "none"
"""


class Server:
    """One process with a home of its own, and a client at its socket."""

    def __init__(self, url: str, settings: str) -> None:
        self.home = new_folder("two")
        (self.home / "settings.toml").write_text(settings)
        env = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        self.process = begin_talking("tests.server.serve_process", [str(self.home), url], env)
        assert b"ready" in self.process.stdout.readline(), f"it ended with {self.process.wait()}: {self.process.stderr.read().decode()}"

    def client(self) -> TeamClient:
        return TeamClient(ServerAddress("unix", path=str(self.home / "desk.sock")))

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class TwoServers:
    """`first` has the work: it was there before `second`."""

    def __init__(self, url: str, settings: str, dovecot: Dovecot, account: User, smtp: ScriptedSMTP, to_smtp: FaultProxy) -> None:
        self.dovecot, self.account, self.smtp, self.to_smtp = dovecot, account, smtp, to_smtp
        self.first = Server(url, settings)
        self.second = Server(url, settings)
        self._n = 0

    async def customer_writes(self, at: Server, name: str) -> Conversation:
        """A mail in the mailbox, and the conversation that `at` shows."""
        await asyncio.to_thread(deliver, self.dovecot, self.account, mail(f"<{name}@customer.test>", "kyaku@customer.test", self.account.name))
        async with at.client() as client:
            while True:
                page = await client.snapshot()
                for found in page.conversations:
                    if any(message.message_id == f"<{name}@customer.test>" for message in found.messages):
                        return found
                await asyncio.sleep(0.02)

    async def reply(self, at: Server, conversation: Conversation) -> SubmissionId:
        self._n += 1
        name = f"reply{self._n}"
        async with at.client() as client:
            take = TakeLease(conversation_id=conversation.id, seen_revision=conversation.revision, terminal="t")
            taken = await client.command(CommandRequest(CommandKey(f"take-{name}"), take))
            assert isinstance(taken, Done), taken
            token = next(part.event.token for part in taken.recorded if isinstance(part.event, LeaseTaken))
            message_id = MessageId(f"<{name}@desk.test>")
            submit = SubmitReply(
                conversation_id=conversation.id,
                submission_id=SubmissionId(name),
                message_id=message_id,
                envelope=Envelope(self.account.name, ("kyaku@customer.test",)),
                mime=mail(message_id, self.account.name, "kyaku@customer.test"),
                seen_revision=conversation.revision,
                token=token,
                hold_seconds=0.0,
                terminal="t",
            )
            answer = await client.command(CommandRequest(CommandKey(name), submit))
            assert isinstance(answer, Done), answer
        return SubmissionId(name)

    async def becomes(self, at: Server, submission: SubmissionId, *states: str) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        async with at.client() as client:
            while True:
                rows = await client.outbox()
                found = next((row.state for row in rows if row.submission_id == submission), "")
                if found in states:
                    return found
                assert time.monotonic() < until, f"{rows}\n{(at.home / 'server.log').read_text()[-6000:]}"
                await asyncio.sleep(0.02)

    async def level(self) -> None:
        """Until the one that woke has heard what happened meanwhile."""
        async with self.first.client() as first, self.second.client() as second:
            while (await first.me()).seq != (await second.me()).seq:
                await asyncio.sleep(0.02)

    async def journal(self, at: Server) -> list[object]:
        async with at.client() as client:
            page = await client.events(Seq(0), limit=5000)
        assert [part.seq for part in page.recorded] == list(range(1, len(page.recorded) + 1))
        return [part.event for part in page.recorded]

    def close(self) -> None:
        for server in (self.first, self.second):
            server.end()


@contextmanager
def two_servers(postgres: Postgres, dovecot: Dovecot, account: User) -> Iterator[TwoServers]:
    with ScriptedSMTP() as smtp, FaultProxy(smtp.port) as to_smtp:
        settings = SETTINGS.format(user=account.name, password=account.password, imap=dovecot.imap_port, smtp=to_smtp.port)
        made = TwoServers(postgres.new_url(), settings, dovecot, account, smtp, to_smtp)
        try:
            yield made
        finally:
            made.close()


def ids_of(smtp: ScriptedSMTP) -> list[str]:
    return sorted(re.search(rb"Message-ID: (\S+)", envelope.content)[1].decode() for envelope in smtp.script.received)


async def test_the_other_server_goes_on_when_one_stands_still_or_dies_and_nobody_gets_two(
    postgres: Postgres, dovecot: Dovecot, account: User
) -> None:
    async with asyncio.timeout(400):
        with await asyncio.to_thread(lambda: two_servers(postgres, dovecot, account)) as two:
            one = await two.customer_writes(two.second, "one")
            await two.becomes(two.second, await two.reply(two.second, one), "accepted")
            # The one with the work stands still; the other takes it over, while the mail comes in and a reply goes out.
            two.first.send(signal.SIGSTOP)
            second = await two.customer_writes(two.second, "two")
            await two.becomes(two.second, await two.reply(two.second, second), "accepted")
            # It goes on, with an old token: nothing happens twice. Then the other dies, and it has the work again.
            two.first.send(signal.SIGCONT)
            await two.level()
            # The other goes on meanwhile: asked later, it may know more.
            told = await two.journal(two.first)
            assert (await two.journal(two.second))[: len(told)] == told
            two.second.send(signal.SIGKILL)
            third = await two.customer_writes(two.first, "three")
            await two.becomes(two.first, await two.reply(two.first, third), "accepted")
            events = await two.journal(two.first)
            arrived = [event.message_id for event in events if isinstance(event, MessageArrived) and event.inbound]
            assert arrived == ["<one@customer.test>", "<two@customer.test>", "<three@customer.test>"]
            assert len({event.submission_id for event in events if isinstance(event, ReplySending)}) == 3
            assert ids_of(two.smtp) == ["<reply1@desk.test>", "<reply2@desk.test>", "<reply3@desk.test>"]


async def test_a_server_paused_in_the_middle_of_sending_neither_sends_again_nor_writes_what_became_of_it(
    postgres: Postgres, dovecot: Dovecot, account: User
) -> None:
    async with asyncio.timeout(400):
        with await asyncio.to_thread(lambda: two_servers(postgres, dovecot, account)) as two:
            one = await two.customer_writes(two.second, "one")
            two.smtp.script.answers_dot = False
            reply = await two.reply(two.second, one)
            # Stopped between the mail's final dot and the answer to it.
            await wait_for(lambda: b"\r\n.\r\n" in bytes(two.to_smtp.to_server.passed), "the mail to be handed over")
            two.first.send(signal.SIGSTOP)
            # Whether it left cannot be known by the other: a person, or the copy in Sent, will say.
            await two.becomes(two.second, reply, "unknown")
            two.smtp.script.answers_dot = True
            await wait_for(lambda: two.smtp.script.received, "the mail server to have taken it")
            two.first.send(signal.SIGCONT)
            # Now it hears its own answer, or is stopped by the beat it missed: either way its token is old.
            events = await two.journal(two.first)
            assert sum(isinstance(event, ReplySending) for event in events) == 1
            assert await two.becomes(two.first, reply, "unknown", "accepted") == "unknown"
            assert ids_of(two.smtp) == ["<reply1@desk.test>"]


@pytest_asyncio.fixture
async def desks(postgres: Postgres) -> AsyncIterator[tuple[TeamDesk, TeamDesk]]:
    url, clock = postgres.new_url(), TestClock()
    made = (await asyncio.to_thread(TeamDesk, url, clock), await asyncio.to_thread(TeamDesk, url, SystemClock()))
    yield made
    for desk in made:
        await desk.close()


NAMED = frozenset({SUPPORT, SALES})


async def test_who_lost_the_work_writes_nothing_more(desks: tuple[TeamDesk, TeamDesk]) -> None:
    ours, theirs = desks
    duty = await ours.take_duty(SUPPORT, NAMED, "us", None)
    assert isinstance(duty, Duty)
    fenced = ours.on_duty(duty)
    team = Team(ours, TestClock())
    await fenced.execute(THE_SERVER, None, team.mail("<1@example.org>"))
    beat = await theirs.take_duty(SUPPORT, NAMED, "them", None)
    assert isinstance(beat, Beat), "it is held, and its holder was not watched yet"
    assert isinstance(await theirs.take_duty(SUPPORT, NAMED, "them", beat), Duty)
    seq = ours.seq
    with pytest.raises(DutyLost):
        await fenced.execute(THE_SERVER, None, team.mail("<2@example.org>"))
    with pytest.raises(DutyLost):
        await fenced.execute_many([], cursor=None)
    assert await ours.beat_duties([duty]) == {SUPPORT}
    await ours.ledger.catch_up()
    assert ours.seq == seq


async def test_a_holder_that_beat_meanwhile_keeps_the_work(desks: tuple[TeamDesk, TeamDesk]) -> None:
    ours, theirs = desks
    duty = await ours.take_duty(SUPPORT, NAMED, "us", None)
    assert isinstance(duty, Duty)
    beat = await theirs.take_duty(SUPPORT, NAMED, "them", None)
    assert isinstance(beat, Beat)
    assert not await ours.beat_duties([duty])
    newer = await theirs.take_duty(SUPPORT, NAMED, "them", beat)
    assert isinstance(newer, Beat)
    assert newer != beat
    await ours.give_up_duties([duty])
    assert isinstance(await theirs.take_duty(SUPPORT, NAMED, "them", None), Duty), "given up: free at once"


async def test_each_duty_sees_its_own_inbox_and_one_sees_what_no_other_does(desks: tuple[TeamDesk, TeamDesk]) -> None:
    desk, team = desks[0], Team(desks[0], desks[0].clock)
    sato = await team.member("Sato")
    for inbox in (SUPPORT, SALES, InboxKey("closed")):
        await team.take(sato, await team.arrives(f"<1@{inbox}>", inbox=inbox))
    seen = []
    for inbox in (SUPPORT, SALES, InboxKey("")):
        duty = await desk.take_duty(inbox, NAMED, "us", None)
        assert isinstance(duty, Duty)
        seen.append([held.inbox for held in desk.on_duty(duty).leases()])
    assert seen == [["support"], ["sales"], ["closed"]]

"""kill -9 of servers, and of PostgreSQL, while agents comment, write and send: nothing is lost, no lease is double, no mail leaves twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from scripted_smtp import ScriptedSMTP
from server_process import new_folder
from start_dovecot import Dovecot, User
from start_postgres import Postgres

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.protocol import Answer, CommandRequest, Done
from store.clock import SystemClock
from store.domain.commands import AddComment, AgentCommand, ReleaseLease, SubmitReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.events import LeaseLapsed, LeaseReleased, LeaseTaken, Recorded, ReplyQueued
from store.domain.ids import CommandKey, CommentId, ConversationId, MessageId, Seq, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope
from store.errors import MadoError
from store.settings.secrets import Secret
from store.team.checking import check
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER
from tests.outbox.house import mail
from tests.server.server_child import Child
from tests.server.test_taking_over import SETTINGS, ids_of
from tests.team.team_house import Team, TestClock

CALLERS = 6
IN_WORK = 8
"""Conversations at a time; where a reply became unknown nobody may write any more, so each round brings two new ones."""
SEED = 20261128


class House:
    """The data, and one home for each server that works on it."""

    def __init__(self, place: Place, homes: list[Path], smtp: ScriptedSMTP, address: str, postgres: Postgres | None) -> None:
        self.place, self.homes, self.smtp, self.address, self.postgres = place, homes, smtp, address, postgres
        self.children: dict[Path, Child] = {}
        self.all: list[ConversationId] = []
        self.ids: list[ConversationId] = []
        self.sessions: list[str] = []

    async def seeded(self, rounds: int) -> None:
        desk = await asyncio.to_thread(TeamDesk, self.place, SystemClock())
        self.all = [await Team(desk, TestClock()).arrives(f"<{n}@customer.test>") for n in range(IN_WORK + 2 * rounds)]
        for name in ("Sato", "Tanaka", "Suzuki"):
            invited = await desk.people.add(name, by=THE_SERVER.key)
            self.sessions.append((await desk.people.join(invited.secret, "t")).session)
        await desk.close()

    async def start_all(self) -> None:
        for home in self.homes:
            if home not in self.children:
                self.children[home] = await asyncio.to_thread(Child, home, shared="" if isinstance(self.place, Path) else self.place)
                assert self.children[home].url, self.children.pop(home).ended()

    async def kill(self, home: Path) -> None:
        await asyncio.to_thread(self.children.pop(home).kill)

    def client(self, session: str, home: Path) -> TeamClient:
        return TeamClient(ServerAddress("unix", path=str(home / "desk.sock")), Secret(session))

    def close(self) -> None:
        for child in self.children.values():
            child.kill()


class Agents:
    """What they did, what they were told, and what they do not know."""

    def __init__(self, house: House, rng: random.Random) -> None:
        self.house, self.rng = house, rng
        self.told: dict[CommandKey, Answer] = {}
        self.unsure: dict[CommandKey, tuple[str, CommandRequest]] = {}
        self._n = 0

    async def ask(self, client: TeamClient, session: str, command: Callable[[str], AgentCommand]) -> Answer:
        self._n += 1
        key = CommandKey(f"k{self._n:06}")
        self.unsure[key] = session, CommandRequest(key, command(key))
        return await self.again(client, key)

    async def again(self, client: TeamClient, key: CommandKey) -> Answer:
        answer = await client.command(self.unsure[key][1])
        assert self.told.setdefault(key, answer) == answer, "another answer to the same key"
        del self.unsure[key]
        return answer

    async def work(self, session: str, home: Path) -> None:
        """Until the server is gone."""
        async with self.house.client(session, home) as client:
            with suppress(MadoError):
                while True:
                    where = self.rng.choice(self.house.ids)
                    if self.rng.random() < 0.6:
                        await self.ask(client, session, lambda key, where=where: comment(where, key))
                    else:
                        await self.write(client, session, where)

    async def write(self, client: TeamClient, session: str, where: ConversationId) -> None:
        state = next(found for found in (await client.snapshot()).conversations if found.id == where)
        take = TakeLease(conversation_id=where, seen_revision=state.revision, terminal="t")
        taken = await self.ask(client, session, lambda _key: take)
        if not isinstance(taken, Done):
            return
        token = next(part.event.token for part in taken.recorded if isinstance(part.event, LeaseTaken))
        if self.rng.random() < 0.5:
            await self.ask(client, session, lambda _key: ReleaseLease(conversation_id=where, token=token, has_text=False))
        else:
            await self.ask(client, session, lambda key: reply(state, token, key, self.house.address))

    async def settle(self) -> None:
        """Ask again, at any server, for what was never answered."""
        for key, (session, _) in list(self.unsure.items()):
            async with self.house.client(session, self.rng.choice(self.house.homes)) as client:
                await self.again(client, key)


def comment(where: ConversationId, key: str) -> AddComment:
    return AddComment(conversation_id=where, comment_id=CommentId(key), text=f"コメント {key}")


def reply(state: Conversation, token: Token, key: str, address: str) -> SubmitReply:
    message_id = MessageId(f"<{key}@desk.test>")
    return SubmitReply(
        conversation_id=state.id,
        submission_id=SubmissionId(key),
        message_id=message_id,
        envelope=Envelope(address, ("kyaku@customer.test",)),
        mime=mail(message_id, address, "kyaku@customer.test"),
        seen_revision=state.revision,
        token=token,
        hold_seconds=0.0,
        terminal="t",
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, dovecot: Dovecot, account: User) -> Iterator[House]:
    """One server on a file, or two on a PostgreSQL that is killed as well."""
    postgres = Postgres() if request.param == "postgresql" else None
    with ScriptedSMTP() as smtp:
        homes = [new_folder("load") for _ in range(2 if postgres else 1)]
        for home in homes:
            settings = SETTINGS.format(user=account.name, password=account.password, imap=dovecot.imap_port, smtp=smtp.port)
            (home / "settings.toml").write_text(settings)
        made = House(postgres.new_url() if postgres else homes[0] / "team.db", homes, smtp, account.name, postgres)
        try:
            yield made
        finally:
            made.close()
            if postgres is not None:
                postgres.close()


async def killed(house: House, kills: int, record_property: Callable[[str, object], None]) -> None:
    rng = random.Random(SEED)
    agents = Agents(house, rng)
    await house.seeded(kills)
    for n in range(kills):
        await house.start_all()
        await agents.settle()
        house.ids = house.all[2 * n : 2 * n + IN_WORK]
        working = [asyncio.create_task(agents.work(rng.choice(house.sessions), rng.choice(house.homes))) for _ in range(CALLERS)]
        await asyncio.sleep(rng.uniform(0.05, 0.4))
        if house.postgres is not None and n % 5 == 4:
            await asyncio.to_thread(house.postgres.kill)
            await asyncio.to_thread(house.postgres.start)
        for home in rng.sample(house.homes, rng.randint(1, len(house.homes))):
            await house.kill(home)
        for task in working:
            task.cancel()
        for failed in await asyncio.gather(*working, return_exceptions=True):
            assert failed is None or isinstance(failed, asyncio.CancelledError), failed
    await house.start_all()
    await agents.settle()
    house.close()
    house.children.clear()
    record_property("played", await judged(house, agents))


async def judged(house: House, agents: Agents) -> str:
    """Nothing that was told is missing, nothing is there twice."""
    assert (await asyncio.to_thread(check, house.place)).findings == ()
    desk = await asyncio.to_thread(TeamDesk, house.place, SystemClock())
    journal: list[Recorded] = []
    since = Seq(0)
    while (page := await desk.events_since(since, 5000))[0]:
        journal.extend(page[0])
        since = page[1]
    await desk.close()
    assert [part.seq for part in journal] == list(range(1, len(journal) + 1))
    done = {key: answer for key, answer in agents.told.items() if isinstance(answer, Done)}
    for answer in done.values():
        for part in answer.recorded:
            assert journal[part.seq - 1] == part
    by_key = {part.command_key for part in journal if part.command_key is not None}
    assert by_key == {key for key, answer in done.items() if answer.recorded}, "a command happened that nobody knows of, or the other way round"
    assert_no_double_lease(journal)
    sent = Counter(ids_of(house.smtp))
    assert set(sent.values()) <= {1}
    queued = {part.event.message_id for part in journal if isinstance(part.event, ReplyQueued)}
    assert set(sent) <= queued
    return f"{len(agents.told)} commands answered, {len(journal)} events, {len(queued)} replies, {len(sent)} mails; 0 lost, 0 twice"


def assert_no_double_lease(journal: list[Recorded]) -> None:
    """Somebody takes a lease only where nobody has one, and tokens only grow."""
    held: dict[ConversationId | None, LeaseTaken] = {}
    newest: dict[ConversationId | None, Token] = {}
    for part in journal:
        where, event = part.conversation_id, part.event
        if isinstance(event, LeaseTaken):
            before = held.get(where)
            assert before is None or before.by == event.by or event.broken_from == before.by, (before, event)
            assert where not in newest or event.token > newest[where]
            held[where], newest[where] = event, event.token
        elif isinstance(event, LeaseReleased | LeaseLapsed | ReplyQueued):
            held.pop(where, None)


async def test_servers_killed_under_load_lose_nothing_and_do_nothing_twice(house: House, record_property: Callable[[str, object], None]) -> None:
    await killed(house, 3, record_property)


@pytest.mark.soak
async def test_the_same_two_hundred_times(house: House, record_property: Callable[[str, object], None]) -> None:
    await killed(house, 200, record_property)

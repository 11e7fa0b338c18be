"""The table of open conversations is what the states say, in a new home and in one of an older version."""

import random

import msgspec

from store.domain.commands import SetStatus
from store.domain.people import Role
from store.domain.status import DONE, IN_PROGRESS, JUNK
from store.team import newcomers
from store.team.desk import TeamDesk
from store.team.rows import read_conversation
from store.team.tables import SCHEMA
from store.team.values import THE_SERVER
from tests.team.team_house import SALES, SUPPORT, Team, TestClock, back_to_schema_1


async def open_by_table(desk: TeamDesk) -> set[str]:
    part = await desk.newest(closed=False, below=None, limit=1000)
    return {read_conversation(body).id for body in part.states}


async def busy(team: Team) -> None:
    chance = random.Random(7)
    sato = await team.member("Sato", Role.LEADER)
    ids = [await team.arrives(f"<{n}@example.org>", inbox=chance.choice((SUPPORT, SALES))) for n in range(12)]
    for n in range(80):
        one = chance.choice(ids)
        match chance.randrange(3):
            case 0:
                status = chance.choice((DONE, JUNK, IN_PROGRESS))
                await team.desk.execute(sato, team.key(), SetStatus(conversation_id=one, status=status, reason="x"))
            case 1:
                await team.comment(sato, one)
            case _:
                # An answer of the customer's wakes what was done; one that names two threads makes them one.
                parents = tuple(f"<{chance.randrange(12)}@example.org>" for _ in range(chance.choice((1, 1, 2))))
                await team.desk.execute(THE_SERVER, None, team.mail(f"<again{n}@example.org>", references=parents))


async def by_states(desk: TeamDesk) -> tuple[set[str], set[str]]:
    part = await desk.snapshot(None, 1000)
    is_open = {state.id for state in part.conversations if newcomers.is_open(state)}
    return is_open, {state.id for state in part.conversations} - is_open


async def test_whatever_happens_the_table_holds_the_open_ones(team: Team) -> None:
    await busy(team)
    is_open, closed = await by_states(team.desk)
    assert is_open
    assert closed
    assert await open_by_table(team.desk) == is_open
    part = await team.desk.newest(closed=True, below=None, limit=1000)
    assert {read_conversation(body).id for body in part.states} == closed


async def test_pages_come_newest_first_and_together_are_everything(team: Team) -> None:
    await busy(team)
    for inboxes in ((), (SALES,)):
        for closed in (False, True):
            whole = [read_conversation(body) for body in (await team.desk.newest(closed=closed, below=None, limit=1000, inboxes=inboxes)).states]
            assert [state.number for state in whole] == sorted((state.number for state in whole), reverse=True)
            found, below = [], None
            while True:
                part = await team.desk.newest(closed=closed, below=below, limit=2, inboxes=inboxes)
                assert bool(part.members) is (not closed and below is None)
                found += [read_conversation(body) for body in part.states]
                if (below := part.next) is None:
                    break
            assert found == whole
            assert all(state.inbox in inboxes for state in whole if inboxes)


async def test_a_home_of_the_first_schema_gets_the_table_filled(tmp_path) -> None:
    clock = TestClock()
    desk = TeamDesk(tmp_path / "team.db", clock)
    await busy(Team(desk, clock))
    is_open, _closed = await by_states(desk)
    await desk.ledger.write_plain(back_to_schema_1)
    await desk.close()
    again = TeamDesk(tmp_path / "team.db", clock)
    assert await open_by_table(again) == is_open
    assert await again.ask(lambda connection: connection.value("SELECT value FROM meta WHERE name = 'schema'")) == str(SCHEMA)
    await again.close()


async def test_the_states_go_out_as_they_lie(team: Team) -> None:
    one = await team.arrives("<1@example.org>")
    part = await team.desk.states((one,))
    assert part.states == (msgspec.json.encode(await team.desk.state(one)),)

"""A desk on a disk of its own, a clock that moves when told, and the people and mails of most tests."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.team.database import Place
from store.team.desk import TeamDesk
from tests.team.team_house import Team, TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where the team's data lies: every promise of the desk holds on both databases."""
    if request.param == "sqlite":
        return tmp_path / "team.db"
    return request.getfixturevalue("postgres").new_url()


@pytest_asyncio.fixture
async def team(place: Place, clock: TestClock) -> AsyncIterator[Team]:
    desk = await asyncio.to_thread(TeamDesk, place, clock)
    made = Team(desk, clock, place)
    yield made
    await made.desk.close()

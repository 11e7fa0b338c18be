"""A desk on a disk of its own, a clock that moves when told, and the people and mails of most tests."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.team.desk import TeamDesk
from tests.team.team_house import Team, TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest_asyncio.fixture
async def team(tmp_path: Path, clock: TestClock) -> AsyncIterator[Team]:
    desk = await asyncio.to_thread(TeamDesk, tmp_path / "team.db", clock)
    made = Team(desk, clock)
    yield made
    await made.desk.close()

"""A server of the test's own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from server_process import new_folder

from tests.server.server_house import Served, serving
from tests.team.team_house import TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest_asyncio.fixture
async def served(clock: TestClock) -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), clock) as one:
        yield one

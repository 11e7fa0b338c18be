"""A clock that moves when told, as for the other tests of the team's desk."""

import pytest

from tests.team.team_house import TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()

"""An empty account on the real server, and a home beside it."""

from collections.abc import Iterator

import pytest
from start_dovecot import Dovecot

from tests.imap.grounds import DemoGround, DovecotGround


@pytest.fixture
def ground(dovecot: Dovecot) -> DovecotGround:
    """The real server."""
    return DovecotGround(dovecot)


@pytest.fixture
def demo() -> Iterator[DemoGround]:
    """The demo's server, which can be stopped and started in the middle."""
    made = DemoGround()
    yield made
    made.close()

"""Every contract test runs on all grounds."""

from collections.abc import Iterator

import pytest
from start_dovecot import Dovecot

from tests.imap.grounds import DemoGround, DovecotGround, Ground


@pytest.fixture(params=["dovecot", "poor dovecot", "demo"])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """An empty account on one server after the other; the poor one says it knows nothing beyond IMAP4rev1."""
    if request.param == "demo":
        made: Ground = DemoGround()
    else:
        server: Dovecot = request.getfixturevalue("dovecot")
        made = DovecotGround(server, host="127.0.0.2" if request.param == "poor dovecot" else "127.0.0.1")
    yield made
    made.close()

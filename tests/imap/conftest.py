"""Every contract test runs on all grounds: the real server with all it can, with some of it switched off, with next to nothing; and the demo's."""

from collections.abc import Iterator

import pytest
from start_dovecot import Dovecot

from tests.imap.grounds import DemoGround, DovecotGround, Ground

SWITCHED_OFF = {
    "condstore only": "IMAP4rev1 LITERAL+ ENABLE IDLE NAMESPACE UIDPLUS CONDSTORE ESEARCH SPECIAL-USE LIST-EXTENDED",
    "neither qresync nor condstore": "IMAP4rev1 LITERAL+ ENABLE IDLE NAMESPACE UIDPLUS ESEARCH SPECIAL-USE LIST-EXTENDED",
    "no uidplus": "IMAP4rev1 LITERAL+ ENABLE IDLE NAMESPACE CONDSTORE QRESYNC ESEARCH SPECIAL-USE LIST-EXTENDED",
    "no idle": "IMAP4rev1 LITERAL+ ENABLE NAMESPACE UIDPLUS CONDSTORE QRESYNC ESEARCH SPECIAL-USE LIST-EXTENDED",
    "no esearch, no marks": "IMAP4rev1 ENABLE IDLE UIDPLUS CONDSTORE QRESYNC",
}
"""What a Dovecot offers that says it can do less; it goes on understanding the rest, so a test proves that we do not need it."""


@pytest.fixture(scope="session")
def lesser_dovecots() -> Iterator[dict[str, Dovecot]]:
    """Started as they are asked for."""
    started: dict[str, Dovecot] = {}
    yield started
    for server in started.values():
        server.close()


@pytest.fixture(params=["dovecot", "poor dovecot", *SWITCHED_OFF, "demo"])
def ground(request: pytest.FixtureRequest, lesser_dovecots: dict[str, Dovecot]) -> Iterator[Ground]:
    """An empty account on one server after the other; the poor one says it knows nothing beyond IMAP4rev1."""
    if request.param == "demo":
        made: Ground = DemoGround()
    elif request.param in SWITCHED_OFF:
        if request.param not in lesser_dovecots:
            lesser_dovecots[request.param] = Dovecot(poor_capability=SWITCHED_OFF[request.param])
        # Whoever delivers behind our back does so at 127.0.0.1, where everything is offered.
        made = DovecotGround(lesser_dovecots[request.param], host="127.0.0.2")
    else:
        server: Dovecot = request.getfixturevalue("dovecot")
        made = DovecotGround(server, host="127.0.0.2" if request.param == "poor dovecot" else "127.0.0.1")
    yield made
    made.close()

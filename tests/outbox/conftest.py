"""A desk on disk, a clock that tests move, and an inbox on a real Dovecot."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot, User

from store.team.desk import TeamDesk
from tests.outbox.house import House, MovedClock, house_of, with_sato


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def desk(tmp_path: Path, clock: MovedClock, account: User) -> AsyncIterator[TeamDesk]:
    desk = TeamDesk(tmp_path / "team.db", clock, own_addresses=frozenset({account.name.lower()}))
    await with_sato(desk)
    yield desk
    await desk.close()


@pytest.fixture
def scripted() -> Iterator[ScriptedSMTP]:
    with ScriptedSMTP() as server:
        yield server


@pytest.fixture
def house(desk: TeamDesk, clock: MovedClock, dovecot: Dovecot, account: User, scripted: ScriptedSMTP, tmp_path: Path) -> House:
    """One inbox on Dovecot that sends through the scripted SMTP server."""
    return house_of(desk, clock, tmp_path, account, imap_port=dovecot.imap_port, smtp_port=scripted.port)

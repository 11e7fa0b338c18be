"""Replies handed over while the SMTP server refuses, defers, stalls and hangs up, and servers are killed: none twice, none lost, none hidden."""

from collections.abc import Callable, Iterator

import pytest
from faulty_smtp import MOODS, FaultySMTP
from start_dovecot import Dovecot, User
from start_exim import Exim
from start_postgres import Postgres

from tests.outbox.fault_run import FaultRun
from tests.outbox.through_exim import ThroughExim, at_exim

SEED = 20261128
QUICK_MOODS = {mood: weight for mood, weight in MOODS.items() if not mood.startswith("stalls")} | {"stalls_text_kept": 1}
"""A stall lasts as long as patience does; the long run has them all."""


@pytest.fixture
def faulty() -> Iterator[Callable[..., FaultySMTP]]:
    started: list[FaultySMTP] = []

    def start(moods: dict[str, int]) -> FaultySMTP:
        started.append(FaultySMTP(SEED, moods=moods).__enter__())
        return started[-1]

    yield start
    for server in started:
        server.__exit__()


async def test_thirty_replies_through_bad_servers_and_kills_reach_each_customer_once_or_are_shown(
    dovecot: Dovecot, account: User, faulty: Callable[..., FaultySMTP], record_property: Callable[[str, object], None]
) -> None:
    tally = await FaultRun(dovecot, account, faulty(QUICK_MOODS)).play(30, 3)
    record_property("played", str(tally))
    assert tally.flawless(), tally
    assert (tally.replies, tally.kills) == (30, 3)


@pytest.mark.soak
async def test_two_hundred_replies_through_exim_into_dovecot_and_twenty_kills(
    dovecot: Dovecot, exim: Exim, account: User, record_property: Callable[[str, object], None]
) -> None:
    exim.add_user(account)
    tally = await FaultRun(dovecot, account, ThroughExim(exim, dovecot), recipients=at_exim, log_in=True).play(200, 20)
    record_property("played", str(tally))
    assert tally.flawless(), tally
    assert (tally.replies, tally.kills) == (200, 20)


@pytest.mark.soak
@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
async def test_a_thousand_replies_and_a_hundred_kills(
    dovecot: Dovecot, account: User, faulty: Callable[..., FaultySMTP], record_property: Callable[[str, object], None], on: str
) -> None:
    postgres = Postgres() if on == "postgresql" else None
    try:
        tally = await FaultRun(dovecot, account, faulty(MOODS), url=postgres.new_url() if postgres else "").play(1000, 100)
    finally:
        if postgres is not None:
            postgres.close()
    record_property("played", str(tally))
    assert tally.flawless(), tally
    assert (tally.replies, tally.kills) == (1000, 100)

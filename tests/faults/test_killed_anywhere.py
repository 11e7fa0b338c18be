"""kill -9 anywhere in a pull, at any call of a function and at any byte: what was promised is here, and the next pull completes it."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import House, fresh_homes, spoil
from tests.faults.killing import Zygote, assert_promise_kept, zygote

KILLS = 12
SOAKED = 240
MAILS = 140
HOUSES = 4


@pytest.fixture(scope="module")
def forks() -> Iterator[Zygote]:
    with zygote() as ready:
        yield ready


def change(house: House, chance: random.Random) -> float:
    """What a resync will find; how much work it is, the first pull's being 1."""
    new = chance.randint(1, 12) if chance.random() < 0.7 else chance.randint(102, 130)
    house.deliver(new)
    house.deliver(chance.randint(0, 2), "Shop")
    step = chance.randint(9, 40)
    acts = [lambda: house.flag(step=step), lambda: house.expunge(step=step), lambda: house.move(step=step), house.other_uidvalidity]
    for act in chance.sample(acts, 2):
        act()
    return 0.1 + new / MAILS


def kill(house: House, forks: Zygote, chance: random.Random, calls: int, received_bytes: int) -> bool:
    """One kill, by the count of calls or of bytes; whether it struck."""
    if chance.random() < 0.7:
        return forks.pull(house, kill_at=chance.randint(1, calls)).killed
    return forks.pull_killed_after(house, chance.randint(50, received_bytes)).killed


def play(house: House, homes: Iterator[Path], forks: Zygote, kills: int, seed: int) -> None:
    """First pulls and resyncs in turn; after every kill the promise is looked at, then everything is completed and compared."""
    chance = random.Random(seed)
    house.deliver(MAILS)
    house.deliver(5, "Shop")
    while house.tally.faults < kills:
        house.home = next(homes)
        whole = forks.pull(house)
        assert whole.status == 0
        house.home = next(homes)
        # The same first pull is killed until it is through, the way a laptop's battery would.
        struck = 0
        while struck < 3 and kill(house, forks, chance, whole.calls, 60_000):
            struck += 1
            assert_promise_kept(house)
        house.assert_level(struck)
        for _ in range(4):
            work = change(house, chance)
            # A kill beyond the end of a resync strikes nothing and is not counted.
            struck = int(kill(house, forks, chance, int(whole.calls * work), int(60_000 * work)))
            assert_promise_kept(house)
            house.assert_level(struck)


def test_whoever_is_killed_anywhere_in_a_pull_loses_and_doubles_nothing(house: House, tmp_path: Path, forks: Zygote) -> None:
    play(house, fresh_homes(tmp_path), forks, KILLS, seed=0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(HOUSES))
def test_killed_at_two_hundred_random_points(house: House, tmp_path: Path, forks: Zygote, seed: int) -> None:
    play(house, fresh_homes(tmp_path), forks, SOAKED // HOUSES, 100 + seed)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8])
def test_a_kill_while_the_store_is_mended_costs_nothing(house: House, forks: Zygote, share: float) -> None:
    house.deliver(20)
    assert forks.pull(house).status == 0
    calls = forks.pull(house, verify=True).calls
    spoil(
        house, "DELETE FROM body WHERE message % 3 = 0", "DELETE FROM words WHERE rowid % 4 = 0", "UPDATE message SET size_bytes = 7 WHERE n % 5 = 0"
    )
    assert forks.pull(house, kill_at=int(calls * share), verify=True).killed
    house.pull(verify=True)
    house.assert_level()

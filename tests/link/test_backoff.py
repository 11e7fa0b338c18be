"""Waits between tries, and the keys that make a second try safe."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.link.backoff import Backoff
from mailsync.link.keys import new_key
from mailsync.link.threads import in_thread


@settings(max_examples=100, deadline=None)
@given(tries=st.integers(1, 40))
def test_waits_grow_to_a_limit_and_begin_small_again(tries: int) -> None:
    backoff = Backoff(0.25, 15.0)
    waits = [backoff.next_seconds() for _ in range(tries)]
    for number, wait in enumerate(waits):
        whole = min(0.25 * 2**number, 15.0)
        assert whole / 2 <= wait <= whole
    backoff.reset()
    assert backoff.next_seconds() <= 0.25


def test_two_thousand_clients_do_not_come_back_in_the_same_instant() -> None:
    assert len({Backoff().next_seconds() for _ in range(2000)}) > 1000


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


def test_keys_are_never_the_same_and_sort_by_time() -> None:
    clock = Hands()
    keys = []
    for _ in range(100):
        clock.at += timedelta(milliseconds=1)
        keys.append(new_key(clock))
    assert keys == sorted(set(keys))
    assert all(len(key) == 32 and key[12] == "7" and key[16] in "89ab" for key in keys)


async def test_work_in_a_thread_is_over_when_its_cancelling_is() -> None:
    begun, over = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        release.wait(30)
        over.set()

    release = threading.Event()
    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    asyncio.get_running_loop().call_later(0.05, release.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert over.is_set()

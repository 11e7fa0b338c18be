"""A bound in seconds of the processor holds for what is measured, and for nothing else that a machine or a worker adds."""

import gc
import time

import pytest

from tests.mime import reference_seconds
from tests.mime.reference_seconds import YARDSTICK_SECONDS, at_most, on_the_reference_machine, yardstick


def slow_for(yardsticks: int) -> None:
    for _ in range(yardsticks):
        yardstick()


def test_what_is_too_slow_fails() -> None:
    with pytest.raises(AssertionError, match="s of the processor"), at_most(YARDSTICK_SECONDS):
        slow_for(4)


def test_what_is_fast_enough_passes() -> None:
    with at_most(YARDSTICK_SECONDS * 12):
        slow_for(4)


def test_a_machine_that_is_three_times_as_slow_is_given_three_times_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_seconds, "yardstick", lambda: YARDSTICK_SECONDS * 3)
    assert on_the_reference_machine(6.0) == pytest.approx(2.0)
    monkeypatch.setattr(reference_seconds, "yardstick", lambda: YARDSTICK_SECONDS / 2)
    assert on_the_reference_machine(1.5) == pytest.approx(3.0)


def test_waiting_costs_nothing() -> None:
    with at_most(0.1):
        time.sleep(0.3)


def test_what_lived_before_is_not_looked_through_and_is_again_afterwards() -> None:
    frozen = gc.get_freeze_count()
    here = [[number] for number in range(1_000)]
    with at_most(10):
        assert gc.get_freeze_count() >= frozen + len(here)
    assert gc.get_freeze_count() == 0

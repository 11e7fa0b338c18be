"""A provider's pace is kept, over a restart too: what has no room waits as deferred, tells why, and no attempt is counted for it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mailsync.server.outbox_rate import Limits, Pacer, says_too_fast
from store.domain.fence import RATE_LIMIT
from store.domain.ids import SubmissionId
from store.domain.outbox import OutboxState, RecipientResult
from tests.outbox.house import House

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def free(pacer: Pacer, name: str, after_seconds: float = 0.0) -> float:
    now = NOW + timedelta(seconds=after_seconds)
    return (pacer.free_at(SubmissionId(name), now) - NOW).total_seconds()


def test_each_that_waits_has_a_place_of_its_own() -> None:
    pacer = Pacer(Limits(per_minute=2))
    assert [free(pacer, f"s{n}") for n in range(5)] == [0, 0, 60, 60, 120]
    assert free(pacer, "s4") == 120


def test_a_place_that_is_not_taken_is_another_s() -> None:
    pacer = Pacer(Limits(per_minute=1))
    assert (free(pacer, "a"), free(pacer, "b")) == (0, 60)
    pacer.gave_up(SubmissionId("a"))
    assert free(pacer, "c", 1) == 120
    pacer.gave_up(SubmissionId("b"))
    pacer.gave_up(SubmissionId("c"))
    assert free(pacer, "d", 2) == 2


def test_the_tightest_limit_counts_and_what_left_before_a_restart_counts() -> None:
    left = [NOW - timedelta(minutes=50), NOW - timedelta(minutes=40)]
    assert free(Pacer(Limits(per_minute=10, per_hour=2), left), "s") == 600
    assert free(Pacer(Limits(per_day=2), left), "s") == timedelta(hours=23, minutes=10).total_seconds()
    assert free(Pacer(Limits(), left), "s") == 0


def test_a_clock_set_back_makes_nobody_wait_for_the_old_time() -> None:
    pacer = Pacer(Limits(per_minute=1))
    pacer.heard((RecipientResult("a", OutboxState.DEFERRED, 451, "4.7.28 rate limit exceeded"),), NOW)
    pacer.has_left(SubmissionId("a"), NOW)
    a_day_back = -timedelta(days=1).total_seconds()
    assert free(pacer, "b", a_day_back) == a_day_back + 60


def test_a_server_that_finds_us_too_fast_is_given_more_time_until_it_takes_one() -> None:
    pacer = Pacer(Limits())
    slow = (RecipientResult("a", OutboxState.DEFERRED, 451, "4.7.28 rate limit exceeded"),)
    pacer.heard(slow, NOW)
    assert free(pacer, "s") == 60
    pacer.heard(slow, NOW)
    assert free(pacer, "s") == 120
    pacer.heard((RecipientResult("a", OutboxState.ACCEPTED, 250, "ok"),), NOW)
    assert free(pacer, "s") == 0


@pytest.mark.parametrize(
    ("code", "reply", "is_pace"),
    [(421, "try later", True), (450, "4.2.1 mailbox busy", False), (452, "4.7.0 too many messages", True), (550, "5.7.1 rate limit", False)],
)
def test_only_a_temporary_word_about_the_pace_slows_us_down(code: int, reply: str, is_pace: bool) -> None:
    assert says_too_fast((RecipientResult("a", OutboxState.DEFERRED, code, reply),)) is is_pace


def with_limit(house: House, **limits: int) -> House:
    smtp = house.settings.inboxes[0].smtp
    assert smtp is not None
    house.with_inbox(smtp=msgspec.structs.replace(smtp, **limits))
    return house


async def test_the_second_waits_for_the_providers_minute_and_the_count_outlives_the_server(house: House) -> None:
    house = with_limit(house, per_minute=1)
    first = await house.sato_replies(await house.customer_writes("q1"))
    async with house.sending():
        await house.becomes(first, lambda one: one.filed, "the first to leave")
    second = await house.sato_replies(await house.customer_writes("q2"))
    async with house.sending():
        waiting = await house.becomes(second, lambda one: one.state is OutboxState.DEFERRED, "the second to be put off")
        assert (waiting.why, waiting.attempts) == (RATE_LIMIT, 0)
        house.clock.skip(timedelta(minutes=1, seconds=1))
        left = await house.becomes(second, lambda one: one.state is OutboxState.ACCEPTED, "the second to leave")
        assert left.attempts == 1

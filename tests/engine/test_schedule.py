"""Every mailbox has its turn: a busy one sooner, a quiet one later, one that the server tells of seldom."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.engine.schedule import TOGETHER_SECONDS, UNWATCHED, WATCHED, Schedule


def test_a_quiet_mailbox_is_looked_at_later_and_later() -> None:
    schedule, now, waits = Schedule(), 0.0, []
    for _ in range(12):
        schedule.looked("Sent", now, news=False, watched=False)
        waits.append(schedule.wait_seconds(now))
        now += waits[-1]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (UNWATCHED.soonest_seconds, UNWATCHED.latest_seconds)
    schedule.looked("Sent", now, news=True, watched=False)
    assert schedule.wait_seconds(now) == UNWATCHED.soonest_seconds


def test_what_is_due_at_about_the_same_time_is_looked_at_together() -> None:
    schedule = Schedule()
    for place, mailbox in enumerate(("a", "b", "c")):
        schedule.looked(mailbox, place * 1.5, news=False, watched=False)
    assert schedule.due(UNWATCHED.soonest_seconds) == {"a", "b"}


def test_a_mailbox_that_is_watched_waits_longer_until_its_watch_ends() -> None:
    schedule = Schedule()
    schedule.looked("INBOX", 0, news=True, watched=True)
    assert schedule.wait_seconds(0) == WATCHED.soonest_seconds
    schedule.looked("INBOX", 1, news=True, watched=False)
    assert schedule.wait_seconds(1) == UNWATCHED.soonest_seconds


def test_a_mailbox_that_is_gone_is_forgotten() -> None:
    schedule = Schedule()
    schedule.looked("a", 0, news=False, watched=False)
    schedule.looked("b", 0, news=False, watched=False)
    schedule.keep_only({"b"})
    assert schedule.due(1000) == {"b"}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans(), st.floats(0, 30)), min_size=1, max_size=40))
def test_nobody_waits_longer_than_the_bound(looks: list[tuple[str, bool, bool, float]]) -> None:
    schedule, now = Schedule(), 0.0
    for mailbox, news, watched, passed in looks:
        now += passed
        schedule.looked(mailbox, now, news=news, watched=watched)
        # A clock of floats: the last bit is not a wait.
        assert 0 <= schedule.wait_seconds(now) <= WATCHED.latest_seconds + 1e-6
    now += schedule.wait_seconds(now)
    assert schedule.due(now + TOGETHER_SECONDS)

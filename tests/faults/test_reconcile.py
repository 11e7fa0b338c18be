"""What is called different, and which messages a round of the hourly comparison looks at: pure."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.engine.reconcile import AtServer, Verified, compare, next_window
from mailsync.engine.verify import ROUND_MESSAGES, VERIFY_SECONDS, Extent, Rounds
from store.local.rows import Entry
from tests.faults.clocks import HandClock

UIDS = st.sets(st.integers(1, 40))
FLAGS = st.lists(st.sampled_from(["\\Seen", "\\seen", "$Junk", "\\Answered"]), max_size=3).map(tuple)


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(1, 40), st.tuples(st.integers(1, 3), FLAGS)), st.dictionaries(st.integers(1, 40), st.tuples(st.integers(1, 3), FLAGS))
)
def test_every_message_is_called_different_for_one_reason_or_for_none(there: dict, here: dict) -> None:
    described = {uid: AtServer(flags, size) for uid, (size, flags) in there.items()}
    entries = {uid: Entry(size, flags, "") for uid, (size, flags) in here.items()}
    found = compare(there, described, here, entries)
    assert len(found.uids) == len(found.missing) + len(found.extra) + len(found.different) + len(found.flags)
    for uid in there.keys() | here.keys():
        alike = uid in there and uid in here and there[uid][0] == here[uid][0]
        assert (uid in found.uids) == (not alike or {flag.lower() for flag in there[uid][1]} != {flag.lower() for flag in here[uid][1]})


def test_a_size_that_the_server_does_not_say_is_no_difference() -> None:
    assert compare([1], {1: AtServer((), None)}, [1], {1: Entry(5, (), "")}).uids == frozenset()


@settings(deadline=None)
@given(UIDS.map(sorted), st.integers(1, 10))
def test_some_rounds_together_look_at_every_message_newest_first(uids: list[int], limit: int) -> None:
    seen: list[int] = []
    behind = 1000
    for _ in range(-(-len(uids) // limit)):
        window = next_window(uids, behind, limit)
        seen += window
        behind = window[0]
    assert sorted(set(seen)) == uids
    assert seen[: limit and len(uids[-limit:])] == uids[-limit:]


def test_a_mailbox_is_compared_once_an_hour_and_by_and_by_all_of_it() -> None:
    clock = HandClock()
    rounds = Rounds(clock)
    assert rounds.due("INBOX", 10, 11) is Extent.NOTHING
    clock.moves(VERIFY_SECONDS - 1)
    assert rounds.due("INBOX", 10, 11) is Extent.NOTHING
    assert not rounds.is_time("INBOX")
    clock.moves(2)
    assert rounds.is_time("INBOX")
    assert rounds.due("INBOX", 10, 11) is Extent.A_ROUND
    uids = list(range(1, 2 * ROUND_MESSAGES + 1))
    assert rounds.begin("INBOX", uids) == uids[ROUND_MESSAGES:]
    assert not rounds.is_time("INBOX")
    assert rounds.due("INBOX", 10, 11) is Extent.NOTHING
    assert rounds.begin("INBOX", uids) == uids[:ROUND_MESSAGES]
    assert rounds.begin("INBOX", uids) == uids[ROUND_MESSAGES:]
    assert list(rounds.begin("Sent", [])) == []


def test_a_server_that_went_back_is_compared_at_once_and_one_that_always_lies_once_an_hour() -> None:
    clock = HandClock()
    rounds = Rounds(clock)
    assert rounds.due("INBOX", 10, 8) is Extent.EVERYTHING
    assert rounds.due("INBOX", 10, 8) is Extent.NOTHING
    assert rounds.due("Sent", 3, 2) is Extent.EVERYTHING
    clock.moves(VERIFY_SECONDS)
    assert rounds.due("INBOX", 10, 8) is Extent.EVERYTHING
    assert rounds.due("INBOX", 10, 11) is Extent.A_ROUND


def test_it_is_level_when_all_that_differed_was_mended() -> None:
    assert Verified(10).is_level
    assert Verified(10, missing=2, flags=1, mended=3).is_level
    assert not Verified(10, missing=2, flags=1, mended=2).is_level

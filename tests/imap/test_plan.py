"""What a pull asks for is decided from the cursor and the mailbox alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mailsync.imap.errors import ConnectionLost, LoginRefused
from mailsync.imap.mailbox import MailboxStatus
from mailsync.imap.plan import BATCH_MESSAGES, GROUP_BYTES, GROUP_MESSAGES, Covered, in_batches, in_groups, plan_pull
from mailsync.imap.uids import expand, format_uids, parse_ranges, within
from mailsync.imap.watch import LOGIN_RETRY_SECONDS, LONGEST_RETRY_SECONDS, retry_seconds

MAILBOX = MailboxStatus("INBOX", 7, 101, 100, 500)
WHOLE = Covered(7, 1, 100, 500)


def test_an_empty_store_asks_for_everything_newest_first() -> None:
    plan = plan_pull(None, MAILBOX, stored_messages=0, can_vanish=True)
    assert plan.older == range(1, 101)
    assert not plan.newer
    assert plan.start == Covered(7, 101, 100, 500)
    assert not plan.forget_uids


def test_a_complete_store_asks_for_nothing() -> None:
    assert plan_pull(WHOLE, MAILBOX, stored_messages=100, can_vanish=True).is_empty
    assert plan_pull(WHOLE, MAILBOX, stored_messages=100, can_vanish=False).is_empty


def test_new_mail_is_asked_for_beyond_the_highest_uid() -> None:
    plan = plan_pull(WHOLE, replace(MAILBOX, uidnext=104, exists=103, highestmodseq=503), stored_messages=100, can_vanish=True)
    assert (plan.newer, plan.older, plan.changes_since) == (range(101, 104), range(1, 1), 500)


def test_a_pull_that_was_cut_goes_on_with_the_past() -> None:
    plan = plan_pull(replace(WHOLE, lowest_uid=41), MAILBOX, stored_messages=60, can_vanish=True)
    assert (plan.newer, plan.older) == (range(101, 101), range(1, 41))


def test_another_uidvalidity_forgets_the_uids() -> None:
    plan = plan_pull(WHOLE, replace(MAILBOX, uidvalidity=8), stored_messages=100, can_vanish=True)
    assert plan.forget_uids
    assert plan.older == range(1, 101)
    assert plan.changes_since is None


def test_a_server_that_does_not_tell_removals_is_asked_when_the_count_is_off() -> None:
    fewer = replace(MAILBOX, exists=99)
    assert plan_pull(WHOLE, fewer, stored_messages=100, can_vanish=False).compare_uids
    assert not plan_pull(WHOLE, fewer, stored_messages=100, can_vanish=True).compare_uids


def test_a_server_without_modseqs_is_asked_for_all_flags_once_a_connection() -> None:
    plain = replace(MAILBOX, highestmodseq=None)
    covered = replace(WHOLE, modseq=0)
    assert plan_pull(covered, plain, stored_messages=100, can_vanish=False, first_look=True).all_flags
    assert plan_pull(covered, plain, stored_messages=100, can_vanish=False).is_empty


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 50), st.integers(0, 50), st.integers(1, 60), st.integers(0, 3), st.booleans(), st.booleans())
def test_no_plan_asks_for_a_range_that_is_none_or_twice_for_the_same(
    lowest: int, highest: int, uidnext: int, modseq: int, can_vanish: bool, first_look: bool
) -> None:
    covered = Covered(7, min(lowest, highest + 1), highest, modseq)
    mailbox = MailboxStatus("INBOX", 7, max(uidnext, highest + 1), 5, modseq + 1 if modseq else None)
    plan = plan_pull(covered, mailbox, stored_messages=3, can_vanish=can_vanish, first_look=first_look)
    if plan.changes_since is not None or plan.all_flags or plan.compare_uids:
        assert plan.start.lowest_uid <= plan.start.highest_uid
    here = set(range(covered.lowest_uid, covered.highest_uid + 1))
    assert sorted([*here, *plan.newer, *plan.older]) == list(range(1, mailbox.uidnext))


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(1, 5000)).map(sorted), st.booleans())
def test_batches_hold_every_uid_once(uids: list[int], newest_first: bool) -> None:
    batches = list(in_batches(uids, newest_first=newest_first))
    assert sorted(uid for batch in batches for uid in batch) == uids
    assert all(batch == sorted(batch) and 0 < len(batch) <= BATCH_MESSAGES for batch in batches)
    assert batches == sorted(batches, reverse=newest_first)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 2 * GROUP_BYTES)), max_size=300))
def test_groups_fit_in_memory_and_keep_the_order(sizes: list[tuple[int, int]]) -> None:
    groups = list(in_groups(sizes))
    assert [uid for group in groups for uid in group] == [uid for uid, _ in sizes]
    assert all(0 < len(group) <= GROUP_MESSAGES for group in groups)
    bytes_of = iter(sizes)
    for group in groups:
        held = [next(bytes_of)[1] for _ in group]
        assert len(held) == 1 or sum(held) <= GROUP_BYTES


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(1, 3000)))
def test_a_sequence_set_says_what_was_meant(uids: set[int]) -> None:
    written = format_uids(uids)
    assert (expand(parse_ranges(written.encode())) if written else []) == sorted(uids)


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(1, 300)), st.lists(st.tuples(st.integers(1, 300), st.integers(0, 50)), max_size=20))
def test_uids_within_ranges_are_found_without_spelling_them_out(known: set[int], spans: list[tuple[int, int]]) -> None:
    ranges = [range(low, low + length) for low, length in spans]
    assert within(known, ranges) == sorted(uid for uid in known if any(uid in each for each in ranges))
    assert within(known, [*ranges, range(1, 2**32)]) == sorted(known)


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_retries_grow_apart_and_stay_within_bounds(chance: float) -> None:
    lost = ConnectionLost("imap.example.test")
    waits = [retry_seconds(failures, lost, chance) for failures in range(1, 40)]
    assert waits == sorted(waits)
    assert 0.5 <= waits[0] <= 1.0
    assert LONGEST_RETRY_SECONDS / 2 <= waits[-1] <= LONGEST_RETRY_SECONDS


def test_a_wrong_password_is_not_hammered() -> None:
    assert retry_seconds(1, LoginRefused("imap.example.test", "support"), 0.0) == LOGIN_RETRY_SECONDS

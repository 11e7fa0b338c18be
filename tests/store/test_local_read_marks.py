"""What this home's agent has read: shown in the lists at once, kept through everything, and told to the server once."""

from datetime import timedelta

import pytest

from store.domain.events import CommentAdded, MemberChanged, StatusChanged
from store.domain.ids import CommentId, Revision
from store.domain.people import Member
from store.domain.query import parse_query
from store.domain.read_marks import ReadMark
from store.domain.status import DONE, HOLD, IN_PROGRESS, NEW
from store.local.store import LocalStore
from tests.store.local_store_makers import SATO, START, TANAKA, arrived, at, conversation_of, new_mail, opened, pull, recorded

HERE, THERE = conversation_of(1), conversation_of(2)
LATE = at(20_000)


@pytest.fixture
def mirrored(store: LocalStore) -> LocalStore:
    """Two conversations of the team's, in a home whose marks began before both."""
    store.set_me(SATO)
    pull(store, new_mail(1), new_mail(2))
    members = [recorded(n, None, MemberChanged(Member(key, key))) for n, key in ((1, SATO), (2, TANAKA))]
    store.apply_events([*members, opened(3, 1), arrived(4, 1), opened(5, 2), arrived(6, 2)], epoch=1)
    store.marks.begin_epoch(1)
    store.marks.take((), (), 0, START)
    return store


def unread(store: LocalStore) -> set[str]:
    return {row.id for row in store.page(parse_query("is:unread"), limit=10).rows}


def test_what_came_since_the_marks_began_is_unread_until_it_is_read(mirrored: LocalStore) -> None:
    assert unread(mirrored) == {HERE, THERE}
    assert mirrored.marks.read_to(HERE, mirrored.row(HERE).revision, LATE)
    assert unread(mirrored) == {THERE}
    assert (mirrored.row(HERE).unread, mirrored.row(THERE).unread) == (False, True)
    assert mirrored.count(parse_query("is:未読")) == 1
    assert not mirrored.marks.read_to(HERE, mirrored.row(HERE).revision, LATE), "said once"


def test_a_new_comment_makes_it_unread_and_setting_it_back_does_too(mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, mirrored.row(HERE).revision, LATE)
    mirrored.apply_events([recorded(7, HERE, CommentAdded(CommentId("c"), "どう？"), TANAKA)], epoch=1)
    assert mirrored.row(HERE).unread
    mirrored.marks.read_to(HERE, mirrored.row(HERE).revision, LATE)
    assert not mirrored.row(HERE).unread
    assert mirrored.marks.set_back(HERE, Revision(2), LATE)
    assert mirrored.row(HERE).unread


def test_a_mail_that_came_before_the_marks_began_is_not_unread(store: LocalStore) -> None:
    store.set_me(SATO)
    store.apply_events([recorded(1, None, MemberChanged(Member(SATO, SATO))), opened(3, 1), arrived(4, 1)], epoch=1)
    assert not store.row(HERE).unread, "not told yet when they began"
    store.marks.begin_epoch(1)
    store.marks.take((), (), 0, at(1))
    assert not store.row(HERE).unread


def test_lines_that_were_here_before_the_server_said_when_marks_began_are_written_anew(store: LocalStore) -> None:
    store.set_me(SATO)
    store.apply_events([recorded(1, None, MemberChanged(Member(SATO, SATO))), opened(3, 1), arrived(4, 1)], epoch=1)
    store.marks.begin_epoch(1)
    store.marks.take((), (), 0, START)
    assert store.row(HERE).unread


def test_marks_wait_until_the_server_has_them_and_what_is_said_meanwhile_waits_on(mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    mirrored.marks.read_to(THERE, Revision(2), LATE)
    sent = mirrored.marks.waiting(10)
    assert {(one.conversation_id, one.revision) for one in sent} == {(HERE, 2), (THERE, 2)}
    mirrored.marks.set_back(THERE, Revision(1), LATE + timedelta(seconds=1))
    mirrored.marks.take(sent, sent, 2, START)
    assert [(one.conversation_id, one.revision) for one in mirrored.marks.waiting(10)] == [(THERE, 1)]
    assert mirrored.row(THERE).unread
    assert mirrored.marks.position() == (1, 2, START)


def test_what_the_same_member_read_elsewhere_is_read_here(mirrored: LocalStore) -> None:
    mirrored.marks.take((), (ReadMark(HERE, Revision(2), LATE), ReadMark(conversation_of(9), Revision(4), LATE)), 2, START)
    assert unread(mirrored) == {THERE}
    assert mirrored.marks.waiting(10) == ()


def test_what_is_said_here_and_not_told_yet_is_not_undone_by_an_older_word(mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    mirrored.marks.take((), (ReadMark(HERE, Revision(0), LATE - timedelta(hours=1)),), 3, START)
    assert not mirrored.row(HERE).unread


def test_a_clock_ahead_or_behind_does_not_part_two_terminals_of_one_member(mirrored: LocalStore) -> None:
    ahead = LATE + timedelta(days=300)
    mirrored.marks.read_to(HERE, Revision(2), ahead)
    sent = mirrored.marks.waiting(10)
    mirrored.marks.take(sent, (ReadMark(HERE, Revision(2), LATE),), 1, START)
    mirrored.marks.take((), (ReadMark(HERE, Revision(1), LATE + timedelta(seconds=5)),), 2, START)
    assert mirrored.row(HERE).unread, "the other terminal set it back"
    mirrored.marks.read_to(HERE, Revision(2), START)
    (behind,) = mirrored.marks.waiting(10)
    assert behind.at > LATE + timedelta(seconds=5), "the newest word is the later one"


def test_marks_outlive_the_cache(home, mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    mirrored.close()
    mirrored.path.unlink()
    again = LocalStore.open(home)
    again.apply_events([recorded(1, None, MemberChanged(Member(SATO, SATO))), opened(3, 1), arrived(4, 1), opened(5, 2), arrived(6, 2)], epoch=1)
    assert (again.row(HERE).unread, again.row(THERE).unread) == (False, True)
    again.close()


def test_another_journal_makes_old_marks_mean_nothing(mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    mirrored.marks.begin_epoch(2)
    assert mirrored.marks.of(HERE) is None
    assert mirrored.marks.waiting(10) == ()
    assert mirrored.row(HERE).unread


def test_a_line_that_a_crash_left_behind_its_mark_is_mended_by_the_next_look(mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    mirrored._files.write(lambda cache: cache.execute("UPDATE conversation SET seen = 0, unread = 1"))
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    assert not mirrored.row(HERE).unread


def woken(seq: int, told: str = SATO) -> list:
    hold = StatusChanged(NEW, HOLD, "入荷待ち", at(30_000), by_hand=True)
    return [recorded(seq, HERE, hold, TANAKA), recorded(seq + 1, HERE, StatusChanged(HOLD, IN_PROGRESS, "wake_time", notify=told))]


def test_a_hold_that_ended_is_told_once_in_a_home_and_marked_until_one_looks(home, mirrored: LocalStore) -> None:
    mirrored.marks.read_to(HERE, Revision(2), LATE)
    mirrored.apply_events(woken(7), epoch=1)
    assert (mirrored.row(HERE).woken, mirrored.row(HERE).unread) == (True, True)
    other = LocalStore.open(home)
    assert [(one.conversation_id, one.why) for one in mirrored.marks.wakes_to_tell()] == [(HERE, "wake_time")]
    assert mirrored.marks.wakes_to_tell() == ()
    assert other.marks.wakes_to_tell() == ()
    other.close()
    assert [row.id for row in mirrored.page(parse_query("is:woken"), limit=10).rows] == [HERE]
    mirrored.marks.read_to(HERE, mirrored.row(HERE).revision, LATE)
    assert not mirrored.row(HERE).woken
    mirrored.apply_events(woken(9), epoch=1)
    assert len(mirrored.marks.wakes_to_tell()) == 1, "the next time is told again"


def test_a_colleagues_hold_is_not_told_here(mirrored: LocalStore) -> None:
    mirrored.apply_events(woken(7, told=TANAKA), epoch=1)
    assert not mirrored.row(HERE).woken
    assert mirrored.marks.wakes_to_tell() == ()


def test_who_is_called_finds_it_by_query_until_they_have_looked(mirrored: LocalStore) -> None:
    called = parse_query("is:called")
    mirrored.apply_events([recorded(7, HERE, CommentAdded(CommentId("c"), "@sato どう？", (SATO,)), TANAKA)], epoch=1)
    assert [row.id for row in mirrored.page(called, limit=10).rows] == [HERE]
    assert (mirrored.count(called), mirrored.fulfils(called, HERE), mirrored.fulfils(called, THERE)) == (1, True, False)
    mirrored.marks.read_to(HERE, mirrored.row(HERE).revision, LATE)
    assert (mirrored.count(called), mirrored.count(parse_query("is:mentioned"))) == (0, 1)


def test_a_row_says_since_when_its_customer_waits_before_the_team_knows_of_it_and_after(store: LocalStore) -> None:
    pull(store, new_mail(1))
    assert store.row(HERE).waiting_since == store.row(HERE).last_at
    store.apply_events([opened(3, 1), arrived(4, 1)], epoch=1)
    assert store.row(HERE).waiting_since is not None
    store.apply_events([recorded(5, HERE, StatusChanged(NEW, DONE))], epoch=1)
    assert store.row(HERE).waiting_since is None
    assert [one.seq for one in store.happened_after(4, 10)] == [5]

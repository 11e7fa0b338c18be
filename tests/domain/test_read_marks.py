"""Read marks: each member's own, the same on every machine whatever order they come in; and who is told that a hold has ended."""

from datetime import timedelta
from functools import reduce
from itertools import permutations

from store.domain.commands import AddComment, AssignConversation, SetStatus, Undo, WakeConversation
from store.domain.ids import ConversationId, Revision
from store.domain.message import Kind
from store.domain.read_marks import ReadMark, before_the_last, later, no_later_than, personal
from store.domain.status import DONE, HOLD, IN_PROGRESS, NEW
from tests.domain.play import ID, MORI, SATO, START, TANAKA, Play, comment_id, opened


def mark(revision: int, minute: int = 0) -> ReadMark:
    return ReadMark(ID, Revision(revision), START + timedelta(minutes=minute))


def to(play: Play, who, revision: int | None, since=START - timedelta(days=1)):
    return personal(play.state, who.key, mark(revision) if revision is not None else None, since)


def says(play: Play, who, text: str) -> None:
    play.does(who, AddComment(conversation_id=ID, comment_id=comment_id(play), text=text))


def held(play: Play, who, notify=None) -> Play:
    play.does(who, SetStatus(conversation_id=ID, status=HOLD, reason="入荷待ち", until=play.now + timedelta(hours=1), notify=notify and notify.key))
    return play


def test_a_customers_mail_is_unread_to_each_until_each_has_read_it() -> None:
    play = opened()
    assert to(play, SATO, 0).unread
    assert to(play, TANAKA, 0).unread
    assert not to(play, SATO, play.state.revision).unread
    assert to(play, TANAKA, 0).unread, "a colleague's reading is not mine"


def test_a_colleagues_comment_is_unread_and_ones_own_is_not() -> None:
    play = opened()
    read = play.state.revision
    says(play, SATO, "見ました")
    assert not to(play, SATO, read).unread
    assert to(play, TANAKA, read).unread


def test_without_a_mark_only_what_came_since_the_marks_began_is_unread() -> None:
    play = opened()
    assert to(play, SATO, None, since=play.now - timedelta(seconds=1)).unread
    assert not to(play, SATO, None, since=play.now).unread
    assert not personal(play.state, SATO.key, None, None).unread, "the server has not said yet when they began"
    assert not personal(play.state, None, mark(0), START).unread


def test_a_conversation_set_back_is_unread_by_its_last_news_alone() -> None:
    play = opened()
    says(play, TANAKA, "一つ目")
    says(play, SATO, "自分の")
    back = before_the_last(play.state, SATO.key)
    assert back is not None
    assert to(play, SATO, back).unread
    assert not to(play, SATO, back + 1).unread
    assert before_the_last(Play().state, SATO.key) is None


def test_marks_come_in_any_order_twice_or_late_and_all_machines_end_alike() -> None:
    said = (mark(3, 1), mark(7, 2), mark(2, 3), mark(5, 3))
    for order in permutations(said):
        assert reduce(later, (*order, order[0])) == mark(5, 3)


def test_a_clock_that_is_ahead_wins_no_longer_than_until_the_next_mark() -> None:
    now = START + timedelta(minutes=5)
    kept = no_later_than([mark(9, minute=60), mark(4, 1), ReadMark(ConversationId("other"), Revision(1), START)], now)
    assert {(one.conversation_id, one.revision, one.at) for one in kept} == {(ID, 9, now), ("other", 1, START)}


def test_the_owner_is_told_that_a_hold_has_ended_and_nobody_else() -> None:
    play = held(opened(), SATO)
    play.does(SATO, AssignConversation(conversation_id=ID, owner=TANAKA.key))
    read = play.state.revision
    play.later(hours=1).server(WakeConversation(conversation_id=ID))
    assert play.state.status == IN_PROGRESS
    assert to(play, TANAKA, read).woken
    assert to(play, TANAKA, read).unread
    assert not to(play, SATO, read).woken
    assert not to(play, TANAKA, play.state.revision).woken, "once looked at it is news no more"


def test_whoever_was_named_is_told_before_the_owner() -> None:
    play = opened()
    play.does(SATO, AssignConversation(conversation_id=ID, owner=SATO.key))
    held(play, SATO, notify=MORI).later(hours=1).server(WakeConversation(conversation_id=ID))
    assert play.state.woken is not None
    assert (play.state.woken.told, play.state.woken.why) == (MORI.key, "wake_time")


def test_where_nobody_owns_it_whoever_had_put_it_on_hold_is_told() -> None:
    play = held(opened(), TANAKA).later(hours=1)
    play.server(WakeConversation(conversation_id=ID))
    assert (play.state.status, play.state.woken and play.state.woken.told) == (NEW, TANAKA.key)


def test_a_customer_who_writes_ends_the_hold_and_its_owner_is_told() -> None:
    play = opened()
    play.does(SATO, AssignConversation(conversation_id=ID, owner=SATO.key))
    held(play, SATO).later(minutes=5).customer_writes()
    assert play.state.woken is not None
    assert (play.state.woken.told, play.state.woken.why, play.state.wake_at) == (SATO.key, "customer_wrote", None)


def test_an_automatic_mail_ends_no_hold() -> None:
    play = held(opened(), SATO)
    play.customer_writes(kind=Kind.AUTO_REPLY)
    assert (play.state.status, play.state.woken) == (HOLD, None)


def test_whoever_has_left_is_not_told_but_the_next_is() -> None:
    play = opened()
    play.does(SATO, AssignConversation(conversation_id=ID, owner=SATO.key))
    held(play, SATO, notify=TANAKA)
    del play.members[TANAKA.key]
    play.later(hours=1).server(WakeConversation(conversation_id=ID))
    assert play.state.woken is not None
    assert play.state.woken.told == SATO.key


def test_what_is_done_next_takes_the_notice_away() -> None:
    play = held(opened(), SATO).later(hours=1)
    play.server(WakeConversation(conversation_id=ID))
    play.does(SATO, SetStatus(conversation_id=ID, status=DONE, reason="電話で解決"))
    assert play.state.woken is None
    play.does(SATO, Undo(conversation_id=ID))
    assert play.state.woken is not None, "taken back it is as it was"


def test_a_hold_put_back_by_undo_still_knows_who_had_set_it() -> None:
    play = held(opened(), TANAKA)
    play.does(TANAKA, SetStatus(conversation_id=ID, status=NEW))
    assert play.state.held_by is None
    play.does(TANAKA, Undo(conversation_id=ID))
    assert (play.state.status, play.state.held_by) == (HOLD, TANAKA.key)

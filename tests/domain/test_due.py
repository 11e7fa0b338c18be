"""By when a conversation is to be answered: said by hand, taken back, and asked for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from store.domain.commands import AssignConversation, MergeConversations, SetDue, SetStatus, SplitConversation, Undo
from store.domain.ids import MessageId
from store.domain.query_due import due_span, read_due
from store.domain.refusals import FinishedAlready, Malformed, NotAllowed, NothingToUndo
from tests.domain.pair_play import FIRST, SECOND, PairPlay, bare
from tests.domain.play import GUEST, ID, MORI, NEWCOMER, SATO, TANAKA, Play, kinds

TOKYO = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 29, 10, 30, tzinfo=TOKYO)  # a Sunday
SOON = datetime(2026, 3, 3, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)


def due(at: datetime | None, of: str = ID) -> SetDue:
    return SetDue(conversation_id=of, due_at=at)


def opened() -> Play:
    play = Play()
    play.customer_writes()
    return play


def test_whoever_works_here_says_by_when_and_takes_it_back_step_by_step():
    play = opened()
    play.does(TANAKA, AssignConversation(conversation_id=ID, owner="tanaka"))
    play.does(SATO, due(SOON))
    assert kinds(play.does(SATO, due(LATER))) == ["DueSet"]
    assert play.does(SATO, due(LATER.astimezone(TOKYO))) == ()
    assert play.state.due_in_work == LATER
    play.does(SATO, Undo(conversation_id=ID))
    assert play.state.due_at == SOON
    play.does(SATO, Undo(conversation_id=ID))
    assert play.state.due_at is None
    assert kinds(play.does(NEWCOMER, due(SOON))) == ["DueSet"]
    assert play.does(GUEST, due(None)) == NotAllowed("reply_right")


def test_what_a_colleague_said_since_is_not_taken_back():
    play = opened()
    play.does(SATO, due(SOON))
    mine = play.state.seq
    play.does(TANAKA, due(LATER))
    play.does(TANAKA, due(SOON))
    assert play.does(SATO, Undo(conversation_id=ID, event_seq=mine)) == NothingToUndo("changed_since")


def test_nothing_is_due_where_it_is_finished_until_the_customer_writes_again():
    play = opened()
    play.does(SATO, due(LATER))
    play.replies(SATO)
    assert (play.state.category, play.state.due_in_work, play.state.due_at) == ("done", None, LATER)
    assert play.does(SATO, due(SOON)) == FinishedAlready("done")
    play.customer_writes()
    assert play.state.due_in_work == LATER
    play.does(SATO, SetStatus(conversation_id=ID, status="junk"))
    assert kinds(play.does(SATO, due(None))) == ["DueSet"]


@pytest.mark.parametrize("at", [datetime(2026, 3, 3, 9), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=TOKYO)])
def test_a_time_that_cannot_be_said_everywhere_is_refused(at: datetime):
    assert isinstance(opened().does(SATO, due(at)), Malformed)


def pair(first: datetime | None, second: datetime | None) -> PairPlay:
    play = PairPlay()
    play.writes(FIRST, 1)
    play.writes(SECOND, 2, from_address="taro@customer.example")
    for of, at in ((FIRST, first), (SECOND, second)):
        play.on(of).does(SATO, due(at, of))
    return play.on(FIRST)


@pytest.mark.parametrize(
    ("first", "second", "done", "whole"),
    [
        (LATER, SOON, None, SOON),
        (SOON, LATER, None, SOON),
        (None, LATER, None, LATER),
        (SOON, LATER, FIRST, LATER),
        (SOON, None, FIRST, None),
        (LATER, SOON, SECOND, LATER),
    ],
)
def test_the_earlier_time_of_what_is_in_work_survives_a_merge_and_each_has_its_own_after_the_undo(first, second, done, whole):
    play = pair(first, second)
    if done is not None:
        play.on(done).does(SATO, SetStatus(conversation_id=done, status="no_reply"))
    before = dict(play.states)
    play.on(FIRST).does(MORI, MergeConversations(conversation_id=FIRST, other=SECOND))
    assert play.states[FIRST].due_at == whole
    play.does(MORI, Undo(conversation_id=FIRST))
    assert {key: bare(state) for key, state in play.states.items()} == {key: bare(state) for key, state in before.items()}
    assert play.same_as_its_journal()


def test_a_time_set_since_the_merge_stays_when_that_is_taken_back():
    play = pair(SOON, None)
    play.does(MORI, MergeConversations(conversation_id=FIRST, other=SECOND))
    play.does(SATO, due(LATER, FIRST))
    merged = next(one.seq for one in play.journal if type(one.event).__name__ == "ConversationAbsorbed")
    play.does(MORI, Undo(conversation_id=FIRST, event_seq=merged))
    assert (play.states[FIRST].due_at, play.states[SECOND].due_at) == (LATER, None)


def test_what_is_split_off_is_due_at_the_same_time():
    play = pair(SOON, None)
    play.writes(FIRST, 1, message_id="<second@x>")
    play.on(FIRST).does(SATO, SplitConversation(conversation_id=FIRST, messages=(MessageId("<second@x>"),)))
    (new,) = [state for key, state in play.states.items() if key not in {FIRST, SECOND}]
    assert (new.due_at, new.undoable) == (SOON, ())


@pytest.mark.parametrize(
    ("typed", "first", "end"),
    [
        ("期限切れ", None, "2026-11-29T10:30"),
        ("today", "2026-11-29", "2026-11-30"),
        ("明日", "2026-11-30", "2026-12-01"),
        ("this-week", "2026-11-23", "2026-11-30"),
        ("金曜", "2026-12-04", "2026-12-05"),
        ("sunday", "2026-11-29", "2026-11-30"),
        ("12/24", "2026-12-24", "2026-12-25"),
        ("11-27", "2026-11-27", "2026-11-28"),
        ("january", "2027-01-01", "2027-02-01"),
        ("3日後", "2026-12-02", "2026-12-03"),
        ("3日前", "2026-11-26", "2026-11-27"),
        ("一昨日", "2026-11-27", "2026-11-28"),
        ("＜2026-12-01", None, "2026-12-01"),
        ("<=2026-12-01", None, "2026-12-02"),
        (">12月1日", "2026-12-02", None),
        (">=12月1日", "2026-12-01", None),
        ("<2h", None, "2026-11-29T12:30"),
        ("..friday", None, "2026-12-05"),
        ("friday..today", "2026-11-29", "2026-12-05"),
        (">9999y", "9999-12-31T23:59:59.999999", None),
    ],
)
def test_due_times_lie_ahead_where_nothing_else_is_said(typed, first, end):
    read = read_due(typed)
    assert read is not None
    assert read_due(read) == read
    span = due_span(read, NOW)
    ends = [None if one is None else datetime.fromisoformat(one).replace(tzinfo=TOKYO) for one in (first, end)]
    assert [span.start, span.end] == ends


@pytest.mark.parametrize("typed", ["", "<", "soon", "2h", "2026-12-01T09:00", "<1..2", "..", "<<today"])
def test_what_names_no_due_time_is_told_so(typed):
    assert read_due(typed) is None

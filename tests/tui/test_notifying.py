"""What calls a person, how it is told, and when it is not."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace as with_

from store.domain.conversation import Conversation
from store.domain.events import AnyEvent, CommentAdded, LeaseAsked, MessageArrived, OwnerChanged, Recorded, ReplyOutcome
from store.domain.ids import CommentId, ConversationId, GroupKey, MemberKey, MessageId, Revision, Seq, StatusKey, SubmissionId
from store.domain.lease import Lease, Token
from store.domain.message import Kind
from store.domain.outbox import Envelope, OutboxState, Submission
from store.domain.people import SERVER
from tui.view.notifying import APART, Call, Caller, Hearing, calls_in
from tui.view.signals import calling, takes_titles, titled
from tui.view.wishes import Level, Way, Wishes, changed, is_quiet, kept_text, wishes_in, wishes_words

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SATO, TANAKA, HERE = MemberKey("sato"), MemberKey("tanaka"), ConversationId("a")
TOKEN = Token(1, 1)
REPLY = Submission(
    SubmissionId("s"), MessageId("<r@x>"), SATO, TOKEN, Revision(1), Envelope("a@x", ("b@x",)), "", StatusKey("done"), OutboxState.UNKNOWN, NOON
)
STATE = Conversation(
    HERE, number=12, subject="納期", owner=SATO, submissions=(REPLY,), asked_by=TANAKA, lease=Lease(SATO, TOKEN, NOON, Revision(1), "t")
)


def heard(event: AnyEvent, by: MemberKey = TANAKA, *, state: Conversation = STATE, in_views: bool = False) -> list[Level]:
    hearing = Hearing(SATO, {TANAKA: "田中"}, {HERE: state}, {HERE} if in_views else ())
    return [call.level for call in calls_in([Recorded(Seq(1), NOON, by, HERE, event)], hearing)]


def mail(*, inbound: bool = True, kind: Kind = Kind.MAIL) -> MessageArrived:
    return MessageArrived(MessageId("<m@x>"), "", inbound, kind, "山田", "y@x", (), "", NOON)


@pytest.mark.parametrize(
    ("event", "level"),
    [
        (CommentAdded(CommentId("c"), "@sato", (SATO,)), Level.MENTION),
        (CommentAdded(CommentId("c"), "@all", (MemberKey("all"),)), Level.MENTION),
        (CommentAdded(CommentId("c"), "どうも"), None),
        (OwnerChanged(None, SATO), Level.ASSIGNED),
        (OwnerChanged(SATO, TANAKA), None),
        (LeaseAsked(TANAKA), Level.ASKED),
        (ReplyOutcome(SubmissionId("s"), OutboxState.UNKNOWN), Level.REPLY),
        (ReplyOutcome(SubmissionId("s"), OutboxState.ACCEPTED), None),
        (ReplyOutcome(SubmissionId("other"), OutboxState.REFUSED), None),
    ],
)
def test_somebody_is_called_by_what_is_theirs_and_by_nothing_else(event: AnyEvent, level: Level | None) -> None:
    assert heard(event, SERVER if isinstance(event, ReplyOutcome) else TANAKA) == ([] if level is None else [level])


def test_a_call_says_who_calls_whom_and_where() -> None:
    hearing = Hearing(SATO, {TANAKA: "田中"}, {HERE: STATE})
    for text, mentions, groups, words in (
        ("@sato 見てください", (SATO,), (), f"@sato from 田中 in #{STATE.number}: 見てください"),
        ("電話します @all", (MemberKey("all"),), (), f"@all from 田中 in #{STATE.number}: 電話します @all"),
        ("@claims だれか", (SATO, TANAKA), (GroupKey("claims"),), f"@claims from 田中 in #{STATE.number}: だれか"),
        ("@佐藤 どうぞ", (SATO,), (), f"@sato from 田中 in #{STATE.number}: @佐藤 どうぞ"),
    ):
        (call,) = calls_in([Recorded(Seq(1), NOON, TANAKA, HERE, CommentAdded(CommentId("c"), text, mentions, groups))], hearing)
        assert call.words == words


def test_mail_calls_in_the_views_one_has_named_and_a_machine_never_does() -> None:
    assert heard(mail(), SERVER, in_views=True) == [Level.MAIL]
    assert heard(mail(), SERVER) == heard(mail(kind=Kind.AUTO_REPLY), SERVER, in_views=True) == heard(mail(inbound=False), in_views=True) == []


def test_nobody_is_called_by_what_they_did_themselves_at_whichever_terminal() -> None:
    assert heard(OwnerChanged(None, SATO), SATO) == heard(CommentAdded(CommentId("c"), "@all", (MemberKey("all"),)), SATO) == []


def test_of_what_comes_close_together_the_loudest_is_told_and_once() -> None:
    caller, wishes = Caller(), Wishes()
    caller.hear([Call(Level.MAIL, "mail"), Call(Level.REPLY, "failed"), Call(Level.MENTION, "called")], wishes, NOON)
    assert caller.take(NOON).startswith("failed (")
    caller.hear([Call(Level.MAIL, "mail")], wishes, NOON + timedelta(seconds=1))
    assert caller.take(NOON + timedelta(seconds=2)) == ""
    assert caller.next_at(NOON + timedelta(seconds=2)) == NOON + APART
    assert caller.take(NOON + APART) == "mail"
    assert caller.next_at(NOON + APART) is None


def test_in_quiet_hours_and_of_what_nobody_wants_to_hear_nothing_is_told_later_either() -> None:
    caller = Caller()
    night = changed(Wishes(), "quiet 22:00-7")
    assert night is not None
    caller.hear([Call(Level.REPLY, "failed")], night, NOON.replace(hour=23))
    caller.hear([Call(Level.MAIL, "mail")], changed(night, "mail off") or night, NOON)
    caller.hear([Call(Level.REPLY, "failed")], changed(night, "off") or night, NOON)
    assert caller.next_at(NOON) is None


def test_quiet_hours_go_past_midnight_or_stay_within_a_day() -> None:
    night, lunch = changed(Wishes(), "quiet 22:00-7:00"), changed(Wishes(), "quiet １２-１３")
    assert night is not None
    assert lunch is not None
    assert [is_quiet(night, NOON.replace(hour=hour)) for hour in (21, 22, 0, 6, 7)] == [False, True, True, True, False]
    assert [is_quiet(lunch, NOON.replace(hour=hour)) for hour in (11, 12, 13)] == [False, True, False]


@pytest.mark.parametrize("words", ["", "quiet 25-3", "quiet 7-7", "mail", "loud on", "bell x", "views", "title maybe"])
def test_words_that_are_no_wish_change_nothing(words: str) -> None:
    assert changed(Wishes(), words) is None


def test_wishes_are_read_as_they_were_kept_and_what_is_damaged_is_passed_over() -> None:
    wishes = Wishes()
    for words in ("osc777 bell", "mail off", "views VIP 至急", "quiet 22:30-6:05", "title off", "tmux on"):
        wishes = changed(wishes, words) or Wishes()
    assert (
        wishes_in(kept_text(wishes))
        == wishes
        == Wishes(
            (Way.OSC777, Way.BELL), tuple(set_ for set_ in Level if set_ is not Level.MAIL), ("VIP", "至急"), wishes.quiet, title=False, tmux=True
        )
    )
    assert wishes_in("nonsense\n\x00") == wishes_in("") == Wishes() == wishes_in(kept_text(Wishes()))
    assert len(wishes_words(wishes)) == 6


def test_what_a_colleague_wrote_cannot_steer_the_terminal_it_is_told_to() -> None:
    evil = "hi\x07\x1b]52;c;AAAA\x1b\\; rm\n\x9b2J"
    for way in (Way.OSC9, Way.OSC777, Way.OSC99):
        written = calling((way,), evil, in_tmux=False)
        assert (written.count("\x1b"), written[-2:]) == (2, "\x1b\\"), way
        assert not {"\x07", "\n", "\x9b"} & set(written), way
    assert calling((Way.OSC777,), "a;b", in_tmux=False) == "\x1b]777;notify;mado;a,b\x1b\\"
    assert titled("mado\x1b]2;x") == "\x1b]2;mado]2;x\x1b\\"


def test_tmux_passes_on_what_is_wrapped_and_a_bell_as_it_is() -> None:
    assert calling((Way.BELL, Way.OSC9), "x", in_tmux=True) == "\x07\x1bPtmux;\x1b\x1b]9;x\x1b\x1b\\\x1b\\"


def test_the_linux_console_is_given_no_title() -> None:
    assert [takes_titles(term) for term in ("linux", "xterm-256color", "tmux-256color", "")] == [False, True, True, False]


def test_who_has_given_it_away_again_is_not_called() -> None:
    assert heard(OwnerChanged(None, SATO), state=with_(STATE, owner=TANAKA)) == []

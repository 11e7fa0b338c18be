"""What an agent reads of a mailing: how far, how fast, how long still; what is wrong with which row; and nothing of it steers the terminal."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from mailsync.link.mailing_protocol import MailingTold
from store.domain.approval import Approval
from store.domain.check_policy import CheckPolicy
from store.domain.events import MailingMoved, Recorded
from store.domain.ids import InboxKey, MailingId, MemberKey, Seq
from store.domain.mailing import Fate, Mailing, MailingState
from store.domain.mailing_check import MailingCheck, Today
from store.domain.mailing_commands import ApprovalMissing, MailingChanged, MailingRefusal, MailingStands, OwnMailing
from store.domain.mailing_report import Found
from store.domain.mailing_sheet import PROBLEMS, SheetUnreadable
from store.domain.people import Member, Role
from store.domain.refusals import Malformed, NotAllowed, NotOwnCheck, ReasonRequired
from store.domain.send_check import ERROR
from tui.mailing_notices import mailing_news
from tui.view.mailing_lines import mailing_lines
from tui.view.mailing_words import check_words, fates_words, found_words, mailing_refusal_words, progress_words, rows_words, sheet_words, state_words
from tui.view.width import columns_of

NEWS = Mailing(
    id=MailingId("a" * 24),
    inbox=InboxKey("support"),
    name="冬のご案内\x1b[2J",
    by=MemberKey("sato"),
    rows=10_000,
    per_minute=600,
    started_at=datetime(2026, 11, 28, tzinfo=UTC),
    state=MailingState.RUNNING,
)
ONE = MailingCheck(1)
FATES = {Fate.WAITING: 7_600, Fate.ON_ITS_WAY: 5, Fate.SENT: 2_390, Fate.REFUSED: 5}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_LANG", "en")
    monkeypatch.setattr("tui.words._translation", None)


def test_a_running_mailing_says_how_far_how_fast_and_how_long_still() -> None:
    assert progress_words(NEWS, FATES, 10) == "▓▓░░░░░░░░ 2,400 / 10,000  600/min  13m left"
    assert progress_words(replace(NEWS, state=MailingState.PAUSED), FATES, 10) == "▓▓░░░░░░░░ 2,400 / 10,000  600/min"
    assert progress_words(replace(NEWS, state=MailingState.FINISHED), {Fate.SENT: 10_000}, 10) == "▓▓▓▓▓▓▓▓▓▓ 10,000 / 10,000"
    assert fates_words(FATES) == "on its way 5 · sent 2,390 · refused by the mail server 5"


def test_a_pause_that_nobody_ordered_says_why() -> None:
    paused = replace(NEWS, state=MailingState.PAUSED)
    assert state_words(paused) == "paused"
    assert state_words(replace(paused, why="sender_left")) == "paused: its sender may not send any more"
    assert state_words(replace(paused, why="checker_left"), ONE) == "paused: who approved it may not check here any more"
    assert state_words(replace(paused, why="not_approved"), ONE) == "paused: the rules now want another approval"
    assert state_words(replace(paused, why="checker_left")) == "paused: approved by now, it can be resumed"


def test_of_a_check_it_says_which_stage_waits_who_said_yes_and_whose_yes_is_worth_nothing_any_more() -> None:
    waiting, names = replace(NEWS, state=MailingState.WAITING), {MemberKey("mori"): "森\x1b[2J"}
    assert state_words(waiting, ONE) == "waits for approval"
    assert check_words(waiting, ONE, names) == ""
    two = MailingCheck(3, (MemberKey("mori"),))
    assert state_words(waiting, two) == "waits for approval (2/3)"
    assert check_words(waiting, two, names) == "stage 2 of 3 · approved by 森[2J"
    gave = replace(waiting, approvals=(Approval(waiting.subject, MemberKey("mori"), waiting.started_at),))
    assert check_words(gave, MailingCheck(1, (MemberKey("mori"),)), names) == "approved by 森[2J"
    assert check_words(gave, ONE, names) == "森[2J may not check here any more"
    back = replace(NEWS, state=MailingState.SENT_BACK, sent_back_by=MemberKey("mori"), remark="a\nb\x1b]0;x\x07")
    assert state_words(back) == "sent back by a checker"
    assert check_words(back, ONE, names).startswith("森[2J sent it back: a b")
    assert "\x1b" not in check_words(back, ONE, names)


def test_every_state_fate_and_problem_has_words() -> None:
    for state in MailingState:
        assert state_words(replace(NEWS, state=state))
    for fate in Fate:
        assert fates_words({fate: 1}) or fate is Fate.WAITING
    for code in PROBLEMS:
        assert sheet_words(SheetUnreadable(code, 3, 2, "x")).startswith("row 3, column 2: ")
    needs = (NotAllowed("leader"), NotAllowed("checker"), ReasonRequired("send_back"), NotOwnCheck(NEWS.by))
    refusals: tuple[MailingRefusal, ...] = (
        MailingStands(""), MailingStands("paused"), MailingChanged("x"), ApprovalMissing(), OwnMailing(), *needs, Malformed("x")
    )  # fmt: skip
    assert len({mailing_refusal_words(each) for each in refusals}) == len(refusals)


def test_a_problem_names_its_first_rows_and_how_many_more() -> None:
    found = Found("bad_address", ERROR, 104, (2, 99, 196), 4, "bad\x1b]0;x\x07")
    assert rows_words(found) == "rows 2, 99, 196 and 101 more (column 4)"
    assert "\x1b" not in found_words(found)


@pytest.mark.parametrize("width", [40, 78, 200])
def test_the_page_fits_its_width_and_steers_no_terminal(width: int) -> None:
    told = (MailingTold(NEWS, 10_000, 10_000, FATES), MailingTold(replace(NEWS, name="x" * 300, state=MailingState.UPLOADING), 5, 4))
    for line in mailing_lines(told, 1, width, {}):
        assert columns_of(line.text) <= width
        assert "\x1b" not in line.text


HOUSE = Today(
    tuple(Member(MemberKey(key), key.title(), role) for key, role in (("sato", Role.CHECKED), ("mori", Role.LEADER), ("kubo", Role.AGENT))),
    CheckPolicy(checkers=(MemberKey("kubo"),)),
)


def told(mailing: Mailing, how: str, by: str, me: str) -> str:
    moved = MailingMoved(mailing, how)
    heard = [(Recorded(Seq(1), NEWS.started_at, MemberKey(by), None, moved), moved)]
    return mailing_news(heard, MemberKey(me), HOUSE, {MemberKey("sato"): "佐藤\x1b"})


def test_who_may_approve_a_mailing_is_told_that_one_waits_and_nobody_else_is() -> None:
    waiting = replace(NEWS, state=MailingState.WAITING, ask_approval=True)
    assert told(waiting, "handed_in", "sato", "mori") == "“冬のご案内[2J”, a mailing of 佐藤, waits for your approval (:mailing)."
    assert told(waiting, "handed_in", "sato", "kubo")
    assert told(waiting, "handed_in", "sato", "sato") == ""
    assert told(replace(NEWS, by=MemberKey("mori")), "handed_in", "mori", "kubo") == ""
    lost = replace(waiting, state=MailingState.PAUSED, why="checker_left")
    assert told(lost, "paused", "-server", "mori")
    gave = replace(waiting, approvals=(Approval(waiting.subject, MemberKey("kubo"), NEWS.started_at),))
    assert told(gave, "approved", "kubo", "mori") == ""


def test_its_maker_is_told_what_became_of_a_mailing() -> None:
    waiting = replace(NEWS, state=MailingState.WAITING, ask_approval=True)
    back = replace(waiting, state=MailingState.SENT_BACK, sent_back_by=MemberKey("mori"), remark="日付\x1b[2J")
    assert told(back, "sent_back", "mori", "sato") == "“冬のご案内[2J”: mori sent your mailing back: 日付[2J"
    gave = replace(waiting, approvals=(Approval(waiting.subject, MemberKey("kubo"), NEWS.started_at),))
    assert told(gave, "approved", "kubo", "sato") == "“冬のご案内[2J”: kubo approved your mailing."
    lost = replace(waiting, state=MailingState.PAUSED, why="checker_left")
    assert told(lost, "paused", "-server", "sato") == "“冬のご案内[2J” has paused: who approved it may not check here any more"
    assert told(replace(waiting, state=MailingState.PAUSED), "paused", "mori", "sato") == ""

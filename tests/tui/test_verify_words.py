"""What a comparison with the mail servers came to, in one sentence for the agent."""

from datetime import timedelta

from mailsync.engine.reconcile import Verified
from mailsync.engine.reports import PullReport
from mailsync.imap.errors import Unreachable
from store.domain.ids import InboxKey
from store.local.flaws import Flaw, FlawKind
from store.local.rows import Compared
from tests.tui.home_builder import NOON
from tui.view.verify_words import compared_words, found_words, pass_words

SUPPORT, SALES = InboxKey("support"), InboxKey("sales")


def test_all_mailboxes_are_one_sentence_and_one_that_could_not_be_compared_is_named_behind_the_result() -> None:
    level = PullReport(SUPPORT, "INBOX", verified=Verified(1_200))
    mended = PullReport(SUPPORT, "Sent", verified=Verified(30, missing=2, mended=2), flaws=(Flaw(FlawKind.WRONG_COUNTS, 1),))
    assert pass_words((level, level)).words == "2,400 messages compared, no difference"
    said = pass_words((level, mended))
    assert said.words == "1,230 messages compared, missing here: 2; all mended; wrong counts of lists: 1"
    assert said.tone == "notice"
    away = PullReport(SALES, "INBOX\x1b[2J", error=Unreachable("imap.example.jp", 993, "did not answer within 20 s"))
    said = pass_words((level, away))
    assert said.words == "1,200 messages compared, no difference; not compared: sales INBOX[2J"
    assert said.tone == "alarm"


def test_what_could_not_be_mended_is_loud() -> None:
    said = found_words(PullReport(SUPPORT, "INBOX", verified=Verified(9, different=2, mended=1)))
    assert said.words == "The hourly check, support INBOX: 9 messages compared, different: 2; mended: 1"
    assert said.tone == "alarm"


def test_doctor_says_when_and_what_was_mended_last() -> None:
    compared = Compared(inbox=SUPPORT, mailbox="INBOX", at=NOON, checked=9, differences=2, mended=1)
    assert compared_words(compared, NOON).endswith(", not mended: 1")
    before = NOON - timedelta(days=400)
    quiet = Compared(inbox=SUPPORT, mailbox="INBOX", at=NOON, checked=9, differences=0, mended=0, last_mended=4, last_mended_at=before)
    assert "2025" in compared_words(quiet, NOON)
    assert compared_words(quiet, NOON).endswith(": 4")

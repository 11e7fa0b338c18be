"""Why a message is in its conversation can be read in both languages."""

from gettext import GNUTranslations
from pathlib import Path

import pytest

from store.domain.ids import InboxKey
from store.domain.thread_evidence import By, ThreadEvidence
from tui import words
from tui.cli.shapes import thread_shape
from tui.view.threading_words import also_in_words, evidence_words

JAPANESE = Path(words.__file__).parent / "ja/LC_MESSAGES/mado.mo"


def test_the_third_reference_is_named_as_the_third():
    assert evidence_words(ThreadEvidence(By.REFERENCES, 3, "<a@x>")) == "by References #3"
    assert evidence_words(ThreadEvidence(By.NUMBER, 123)) == "by [#123] in the subject"


def test_the_same_is_said_in_japanese(monkeypatch):
    with JAPANESE.open("rb") as file:
        monkeypatch.setattr("tui.view.threading_words._", GNUTranslations(file).gettext)
    assert evidence_words(ThreadEvidence(By.REFERENCES, 3, "<a@x>")) == "References の3番目による"


@pytest.mark.parametrize("by", By)
def test_every_reason_has_words_that_a_terminal_can_show(by):
    said = evidence_words(ThreadEvidence(by, 7, "<a\x1b[2J@x>"))
    assert said
    assert "\x1b" not in said


def test_the_command_line_says_by_what_which_and_whose():
    assert thread_shape(ThreadEvidence(By.REFERENCES, 3, "<a@x>")) == {"by": "references", "n": 3, "id": "<a@x>"}
    assert thread_shape(ThreadEvidence()) == {"by": "new", "n": None, "id": None}


def test_a_mail_to_other_inboxes_too_says_which():
    assert also_in_words([InboxKey("sales"), InboxKey("info\x1b[2J")]) == "also in sales, info[2J"
    assert also_in_words([]) == ""

"""Why a message is in its conversation can be read in both languages."""

from gettext import GNUTranslations
from pathlib import Path

import pytest

from store.domain.thread_evidence import By, ThreadEvidence
from tui import words
from tui.view.threading_words import evidence_words

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

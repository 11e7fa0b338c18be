"""A no of the team's rules comes with what to do."""

from collections.abc import Callable
from typing import get_args

import pytest

from store.domain.ids import MemberKey, StatusKey
from store.domain.refusals import AnyRefusal, NotAllowed, NothingToUndo, UnknownMember, UnknownStatus
from tests.tui.home_builder import NOON
from tui.view.commands.every import BY_NAME
from tui.view.keys.keymap import KeyMap
from tui.view.next_steps import next_step, with_step
from tui.view.refusals import refusal_words

SAYS_IT_ITSELF = {
    "SomethingNew", "ReasonRequired", "WakeTimeRequired", "UnknownConversation", "NameTaken", "CategoryFixed", "MemberAway", "FileMissing",
    "ApprovalRequired", "NotOwnCheck", "UnknownView", "FinishedAlready",
}  # fmt: skip
SAMPLES: list[AnyRefusal] = [NotAllowed("leader"), UnknownStatus(StatusKey("x")), UnknownMember(MemberKey("x")), NothingToUndo("nothing")]


def test_every_refusal_says_what_to_do_or_has_a_step_behind_it() -> None:
    import tui.view.next_steps as module

    stepped = {each.__name__ for each in get_args(AnyRefusal) if each.__name__ in vars(module)}
    assert stepped | SAYS_IT_ITSELF == {each.__name__ for each in get_args(AnyRefusal)}
    assert not stepped & SAYS_IT_ITSELF


@pytest.mark.parametrize("refusal", SAMPLES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_words_and_step_are_two_sentences_in_one_line(refusal: AnyRefusal, language: str, speak: Callable[[str], None]) -> None:
    speak(language)
    words = refusal_words(refusal, {}, NOON)
    assert with_step(words, refusal) == f"{words} {next_step(refusal)}"
    assert next_step(refusal)[-1] in ".。"


def test_the_key_is_that_of_the_map_in_use() -> None:
    assert "Q" in next_step(UnknownStatus(StatusKey("x")), KeyMap({"status": ("Q",)}))
    assert BY_NAME["status"].keys[0] in next_step(UnknownStatus(StatusKey("x")))


def test_who_may_answer_with_a_reason_is_not_sent_to_others() -> None:
    assert next_step(NotAllowed("reason")) == ""

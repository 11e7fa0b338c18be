"""The tour: one task at a time, done by what is done."""

from collections.abc import Callable

import pytest

from store.domain.commands import AddComment, AssignConversation, CancelReply, SetStatus, SetUrgency, Undo
from store.domain.ids import CommentId, ConversationId, SubmissionId
from store.domain.status import DONE, HOLD, IN_PROGRESS, Urgency
from tests.tui.home_builder import NOON, SATO
from tui.view.commands.every import BY_NAME
from tui.view.keys.keymap import DEFAULT
from tui.view.tour import TASKS, Deed, Tour, tour_lines

ID = ConversationId("c")
COMMENT = AddComment(conversation_id=ID, comment_id=CommentId("1"), text="@tanaka お願いします")
FINISH = SetStatus(conversation_id=ID, status=DONE, reason="answered by telephone")
PUT_OFF = SetStatus(conversation_id=ID, status=HOLD, reason="parts", until=NOON)


def key_of(name: str) -> str:
    return DEFAULT.key_of(BY_NAME[name])


def said(tour: Tour, width: int = 79) -> str:
    return "\n".join(each.text for each in tour_lines(tour, key_of, width))


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest, speak: Callable[[str], None]) -> str:
    speak(request.param)
    return str(request.param)


def test_each_task_names_keys_that_exist_and_fits_at_80_columns_in_three_lines(language: str) -> None:
    for at in range(len(TASKS) + 1):
        praised = Tour(at, did=at > 0)
        lines = tour_lines(praised, key_of, 80)
        assert len(lines) <= 3
        assert all(each.columns <= 80 for each in lines)
        assert "{" not in said(praised)


def test_a_task_is_done_by_what_it_asks_for_and_by_nothing_else() -> None:
    deeds: list[Deed] = [
        "down",
        "enter",
        AssignConversation(conversation_id=ID, owner=SATO),
        COMMENT,
        CancelReply(conversation_id=ID, submission_id=SubmissionId("s")),
        "search",
        FINISH,
        PUT_OFF,
        "help",
    ]
    waiting = (0, 1, 2, 3, 5, 6, 7, 8, 9)
    for deed, task in zip(deeds, waiting, strict=True):
        assert [at for at, is_done in enumerate(TASKS.values()) if is_done(deed)] == [task]
        assert Tour(task).after(deed).at == task + 1
        assert Tour((task + 1) % len(TASKS)).after(deed).at == (task + 1) % len(TASKS)


def test_what_looks_alike_is_not_enough() -> None:
    plain = AddComment(conversation_id=ID, comment_id=CommentId("1"), text="確認しました")
    assert not TASKS["comment"](plain)
    assert not TASKS["take"](AssignConversation(conversation_id=ID, owner=None))
    assert not TASKS["done"](SetStatus(conversation_id=ID, status=IN_PROGRESS))
    assert not any(is_done(SetUrgency(conversation_id=ID, urgency=Urgency.URGENT)) for is_done in TASKS.values())
    assert TASKS["undo"](Undo(conversation_id=ID))


def test_it_praises_once_and_says_how_it_is_left(speak: Callable[[str], None]) -> None:
    speak("en")
    assert ":tour off" in said(Tour())
    praised = Tour().after("down")
    assert said(praised).startswith(" Right. Tour 2/10")
    assert said(praised.skipped()).startswith(" Tour 3/10")
    over = Tour(len(TASKS) - 1).after("help")
    assert over.is_over
    assert over.after("down") is over
    assert over.skipped().is_over
    assert "That was the tour" in said(over)

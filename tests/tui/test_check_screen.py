"""Reading a reply that waits for its check: whoever may decide does so by a key, its writer is told why a colleague must."""

from collections.abc import Callable, Sequence

import pytest
from textual.app import App
from textual.widgets import Static

from tui.screens.check import CheckScreen
from tui.view.check_words import own_check_words
from tui.view.highlight import Findings, find_in_lines
from tui.view.matching import words_matcher
from tui.view.spans import Line, line


class Reply:
    """A reply of one line, and the mail that it answers."""

    def lines(self, width: int) -> Sequence[Line]:
        return (line("We send it today."),)

    def conversation(self, width: int) -> tuple[Sequence[Line], int]:
        return (line("When does it come?"),), 0

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        return find_in_lines(lines, words_matcher(words))


async def opens(_number: int, _say: Callable[[str], None]) -> None:
    """There is no file."""


@pytest.mark.parametrize("key", ["y", "x", "e", "c"])
@pytest.mark.parametrize("decides", [True, False])
async def test_a_key_that_decides_does_so_or_says_why_a_colleague_must(key: str, decides: bool) -> None:
    app, answers = App[None](), list[str | None]()
    async with app.run_test() as pilot:
        await app.push_screen(CheckScreen("Check", Reply(), decides=decides, opens=opens), answers.append)
        await pilot.press(key)
        await pilot.pause()
        if decides:
            assert len(answers) == 1
        else:
            assert app.screen.query_one("#hint", Static).visual.plain == own_check_words()
            assert answers == []

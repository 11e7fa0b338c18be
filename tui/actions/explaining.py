"""Why it is here, red, his: a page of answers."""

import asyncio
from collections.abc import Sequence

from tui.actions.port import Desk
from tui.explained import known_of, place_of
from tui.view.explaining import Answer, explained
from tui.view.highlight import Findings, find_in_lines
from tui.view.known import Known
from tui.view.matching import words_matcher
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _


class Answers:
    """Question by question."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers

    def lines(self, width: int) -> Sequence[Line]:
        """All of it."""
        lines: list[Line] = []
        for answer in self._answers:
            lines += [*([line("")] if lines else []), line(answer.question, "heading")]
            lines += [line(piece) for each in answer.sentences for piece in wrap(each, width, first="  ", rest="    ")]
        return tuple(lines)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As it is read."""
        return find_in_lines(lines, words_matcher(words))


async def explain(desk: Desk, _argument: str) -> None:
    """Of the conversation under the cursor, or the one that is read."""
    row, session, query, view = desk.row, desk.session, desk.pager.query, desk.views.words
    if row is None:
        return
    store, best, newest = session.store, desk.pager.goes_by_relevance, desk.pager.arrangement.is_plain

    def read() -> Known | None:
        place = place_of(store, row.id, query, view, best=best, newest_first=newest)
        return known_of(store, session.settings, row.id, place, session.me, session.clock.now())

    known = await asyncio.wrap_future(store.ask(read))
    if known is None:
        desk.say(_("There is no conversation here."))
        return
    title = f"#{row.number}" if row.number else _("Explained")
    desk.show_page(title, Answers(explained(known)))

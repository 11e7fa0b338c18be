"""Before a mail leaves for a host that reads ISO-2022-JP only: what that cannot hold, and whether it may go in UTF-8 all the same."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from textual.screen import Screen

from mailsync.mime.text.jis import NotHeld
from tui.composing import Composing
from tui.freezing import not_held_in
from tui.screens.asking import answer_of
from tui.screens.picker import Picker, Picking
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _

MOST_SHOWN = 8
"""Characters; whoever has more in a text reads it again anyway."""


class Writing(Protocol):
    """The composer as this module sees it."""

    composing: Composing

    @property
    def screen(self) -> "Screen[object]": ...


async def agreed_on_charset(writing: Writing) -> bool:
    """Whether the mail can be frozen: its charset holds it all, or its writer says that it goes in UTF-8."""
    composing = writing.composing
    lost = () if composing.draft.utf_8 else not_held_in(composing.draft, composing.inbox)
    if not lost:
        return True
    width = max(26, min(96, writing.screen.size.width * 4 // 5 - 4))
    choices = (Choice("back", _("back to the text"), letter="b"), Choice("utf-8", _("send it in UTF-8"), letter="u"))
    picking = Picking(_("ISO-2022-JP does not hold all of it"), choices, by_letter=True, detail=lost_lines(lost, width))
    if await answer_of(writing.screen, Picker(picking)) != "utf-8":
        return False
    composing.change(msgspec.structs.replace(composing.draft, utf_8=True))
    return True


def lost_lines(lost: Sequence[NotHeld], width: int) -> tuple[Line, ...]:
    """Each character with its place."""
    said = [_place(each) for each in lost[:MOST_SHOWN]]
    if len(lost) > MOST_SHOWN:
        said.append(_("and {n} more").format(n=len(lost) - MOST_SHOWN))
    return tuple(line(piece, "notice") for each in said for piece in wrap(each, width, first="- ", rest="  "))


def _place(each: NotHeld) -> str:
    shown = f"{clean(each.character)} (U+{ord(each.character):04X})"
    if each.line == 0:
        return _("{character}, in the subject").format(character=shown)
    return _("{character}, line {line}, column {column}").format(character=shown, line=each.line, column=each.column)

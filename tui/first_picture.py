"""The first list, painted from the store with plain escape codes before Textual is imported; the app goes on from what stands there."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.domain.people import role_in
from store.domain.query import TRAY
from store.local.glance import Glance, glance
from store.local.rows import ConversationRow
from store.settings.home import home_folder
from tui.first_settings import first_settings
from tui.view.availability import Situation
from tui.view.commands.command import Place
from tui.view.footer import footer_words
from tui.view.gate import clean
from tui.view.honorific import honorific_for
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.listing import list_lines
from tui.view.look import Look, look_for
from tui.view.memory import TerminalMemory
from tui.view.pane_sizes import list_place
from tui.view.rows import Reader
from tui.view.signs import twinned
from tui.view.spans import Line, clipped
from tui.view.statusline import StatusFacts, status_line
from tui.view.tones import painted
from tui.view.window import Window, rows_to_read
from tui.words import _


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """What stands on a terminal so wide and high, and what it was painted from."""

    columns: int
    lines: int
    window: Window[ConversationRow]
    count: int
    memory: TerminalMemory


@dataclass(frozen=True, slots=True)
class _Manner:
    look: Look
    keys: KeyMap
    has_team: bool


def paint_first_picture(explicit_home: str) -> FirstPicture | None:
    """Paint the work tray of a home; None: nothing was painted, the app has to say what there is."""
    if not _can_paint():
        return None
    columns, lines = _terminal_size()
    if lines < 2:
        return None
    home = home_folder(Path(explicit_home) if explicit_home else None)
    found = glance(home, TRAY, rows_to_read(lines - 1))
    if found is None or not found.page.rows:
        return None
    window = Window(rows=found.page.rows, height=lines - 1, more_after=found.page.more_after)
    memory = TerminalMemory()
    said = first_settings(home)
    look = look_for(said.screen, os.environ)
    written = _picture(found, window, columns, memory, _Manner(look, _key_map(said.keys), said.has_team))
    os.write(sys.stdout.fileno(), written.encode())
    return FirstPicture(columns, lines, window, found.count, memory)


def _can_paint() -> bool:
    """Textual writes to the standard error output; both must be one terminal, and speak UTF-8."""
    return os.isatty(2) and (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _key_map(keys: Mapping[str, object]) -> KeyMap:
    """The footer names the keys of whoever sits here."""
    if not keys:
        return DEFAULT
    # Here, not at the top: most homes have no keys of their own, and need not wait for it.
    from tui.view.keys.making import made

    return made(keys).keys


def _terminal_size() -> tuple[int, int]:
    """Columns and lines, as `shutil.get_terminal_size` and so Textual finds them; that module takes too long to import."""
    told = [os.environ.get(name, "") for name in ("COLUMNS", "LINES")]
    columns, lines = (int(value) if value.isdecimal() else 0 for value in told)
    if not (columns and lines):
        found = os.get_terminal_size(sys.stdout.fileno())
        columns, lines = columns or found.columns, lines or found.lines
    return columns, lines


def _picture(found: Glance, window: Window[ConversationRow], columns: int, memory: TerminalMemory, manner: _Manner) -> str:
    if manner.look.ambiguous == 2:
        # Here, not at the top: only such terminals wait for it.
        from tui.view.ambiguous import widen

        widen()
    names = {member.key: member.name for member in found.members}
    # Another honorific than the usual one is in the settings, which nobody has read yet: the desk puts it right.
    reader = Reader(found.me, names, datetime.now(UTC), statuses=found.team.every_status(), honorific=honorific_for(None))
    left, width = list_place(columns)
    painted_lines = [(y, left, width, each) for y, each in enumerate(list_lines(window, reader, width, window.height))]
    facts = StatusFacts(
        view=clean(_("Work tray")),
        count=found.count,
        sync="",
        server="",
        mentions=sum(row.mentions_me for row in window.rows),
        keys=footer_words(Place.LIST, _situation(found, window, has_team=manner.has_team), keys=manner.keys),
    )
    painted_lines.append((window.height, 0, columns, status_line(facts, columns)))
    return "".join(_written(y, x, wide, each, memory, manner.look) for y, x, wide, each in painted_lines)


def _situation(found: Glance, window: Window[ConversationRow], *, has_team: bool) -> Situation:
    """At the first conversation: what one's role does not allow there is in no footer."""
    me = next((member for member in found.members if member.key == found.me), None)
    role = role_in(me, window.rows[0].inbox) if me is not None else None
    return Situation(window.selected, found.me, has_team=has_team, connected=True, role=role)


def _written(y: int, x: int, width: int, line: Line, memory: TerminalMemory, look: Look) -> str:
    text = "".join(painted(span.text, span.tone, look) for span in clipped(line.spans, width))
    return memory.put(y, x, width, twinned(text, ascii=look.ascii, ambiguous=look.ambiguous))

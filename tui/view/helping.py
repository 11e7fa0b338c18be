"""The help page: what works here and now, by task; it reads the key map, so it cannot lie."""

from tui.view.availability import Situation, is_offered, why_not
from tui.view.choosing import matches
from tui.view.commands.command import Command, Place
from tui.view.commands.every import BY_NAME, commands_at, task_words, words_of
from tui.view.gate import clean
from tui.view.keys.key_words import key_words
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.spans import Line, Span, line
from tui.view.width import columns_of, fit
from tui.words import _

KEYS_COLUMNS, WORDS_COLUMNS = 14, 44


def help_lines(place: Place, situation: Situation, *, typed: str = "", keys: KeyMap = DEFAULT, width: int = 80) -> tuple[Line, ...]:
    """All commands of the place that one's role allows and whose name or words contain what was typed; those that cannot be done now say why."""
    lines: list[Line] = []
    task = ""
    for command in commands_at(place):
        if not is_offered(command, situation.role):
            continue
        if typed and not matches(typed, f"{command.name} {words_of(command)}"):
            continue
        if command.task != task:
            task = command.task
            lines.extend(([line("")] if lines else []) + [line(task_words(task), "heading")])
        lines.extend(_lines(command, situation, keys, width))
    return tuple(lines)


def _lines(command: Command, situation: Situation, keymap: KeyMap, width: int) -> tuple[Line, ...]:
    """Keys, words and name of a command; below them a name that is too long, and why it cannot be done now: beside them they would be cut off."""
    reason = why_not(command, situation)
    keys = " ".join(key_words(key) for key in keymap.keys_of(command))
    name = f":{command.name}" + (f" {command.argument}" if command.argument else "")
    words = Span(fit(words_of(command), WORDS_COLUMNS), "quiet" if reason else "")
    spans = (Span("  " + fit(keys, KEYS_COLUMNS), "key"), words)
    indent = " " * (2 + KEYS_COLUMNS)
    beside = 2 + KEYS_COLUMNS + WORDS_COLUMNS + 2 + columns_of(name) <= width
    lines = [Line((*spans, Span("  " + name, "quiet")))] if beside else [Line(spans), line(indent + name, "quiet")]
    return (*lines, line(indent + reason, "notice")) if reason else tuple(lines)


def nothing_words(key: str, keys: KeyMap = DEFAULT) -> str:
    """A key that asks for nothing where one is."""
    words = _("{key} does nothing here; {help} shows what does.")
    return words.format(key=clean(key_words(key)), help=keys.key_of(BY_NAME["help"]))

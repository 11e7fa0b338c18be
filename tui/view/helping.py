"""The help page: what works here and now, by task; it reads the key map, so it cannot lie."""

from store.domain.people import Role
from tui.view.availability import Situation, is_offered, why_not
from tui.view.choosing import matches
from tui.view.commands.command import Command, Place
from tui.view.commands.every import commands_at, task_words, words_of
from tui.view.keys.key_words import key_words
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.spans import Line, Span, line
from tui.view.statusline import BETWEEN_KEYS
from tui.view.width import fit
from tui.words import _

KEYS_COLUMNS = 14

FOOTER = {
    Place.LIST: ("enter", "reply", "take", "done", "search", "help"),
    Place.READING: ("reply", "comment", "take", "done", "back", "help"),
    Place.COMMENTS: ("comment", "answer", "react", "edit-comment", "timeline", "back", "help"),
    Place.COMPOSER: ("send", "template", "attach-file", "editor", "leave", "more"),
}
"""The keys that matter most in each place."""


def help_lines(place: Place, situation: Situation, *, typed: str = "", keys: KeyMap = DEFAULT) -> tuple[Line, ...]:
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
        lines.extend(_lines(command, situation, keys))
    return tuple(lines)


def _lines(command: Command, situation: Situation, keymap: KeyMap) -> tuple[Line, ...]:
    """Keys, words and name of a command; below them, why it cannot be done now: beside them 80 columns would cut it off."""
    reason = why_not(command, situation)
    keys = " ".join(key_words(key) for key in keymap.keys_of(command))
    name = f":{command.name}" + (f" {command.argument}" if command.argument else "")
    spans = (Span("  " + fit(keys, KEYS_COLUMNS), "key"), Span(fit(words_of(command), 44), "quiet" if reason else ""), Span("  " + name, "quiet"))
    return (Line(spans), line(" " * (2 + KEYS_COLUMNS) + reason, "notice")) if reason else (Line(spans),)


def footer_words(place: Place, role: Role | None = None, *, waits_for_check: bool = False, keys: KeyMap = DEFAULT) -> str:
    """One line of keys that one's role allows: `Enter open  r reply …`; where a reply waits for a check, `y` stands in the place of `r`."""
    by_name = {command.name: command for command in commands_at(place)}
    names = ("check-reply" if waits_for_check and name == "reply" else name for name in FOOTER[place])
    shown = [by_name[name] for name in names if is_offered(by_name[name], role)]
    return BETWEEN_KEYS.join(f"{keys.key_of(command)} {_short(command)}" for command in shown)


def _short(command: Command) -> str:
    short = {
        "enter": _("open"),
        "reply": _("reply"),
        "check-reply": _("read the check"),
        "take": _("take"),
        "done": _("done"),
        "search": _("search"),
        "help": _("help"),
        "comment": _("comment"),
        "answer": _("answer"),
        "react": _("sign"),
        "edit-comment": _("change"),
        "back": _("back"),
        "timeline": _("timeline"),
        "send": _("send"),
        "template": _("template"),
        "attach-file": _("attach"),
        "editor": _("$EDITOR"),
        "more": _("help"),
        "leave": _("close"),
    }
    return short.get(command.name, command.name)

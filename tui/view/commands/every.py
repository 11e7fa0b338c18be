"""All commands, by name and by place, and their words in the agent's language."""

from tui.view.commands import answering, around, composing, finding, moving, reading, sorting, talking
from tui.view.commands.command import Command, Place
from tui.words import _

COMMANDS: tuple[Command, ...] = (
    *moving.COMMANDS,
    *reading.COMMANDS,
    *answering.COMMANDS,
    *talking.COMMANDS,
    *sorting.COMMANDS,
    *finding.COMMANDS,
    *around.COMMANDS,
    *composing.COMMANDS,
)

BY_NAME = {command.name: command for command in COMMANDS}


def commands_at(place: Place) -> tuple[Command, ...]:
    """What can be asked for there."""
    return tuple(command for command in COMMANDS if place in command.places)


def words_of(command: Command) -> str:
    """What the command does, in the agent's language."""
    return _(command.words)


def task_words(task: str) -> str:
    """The heading of a group of commands."""
    return {
        "move": _("Move"),
        "read": _("Read"),
        "answer": _("Answer"),
        "team": _("Talk to the team"),
        "sort": _("Sort"),
        "find": _("Find"),
        "more": _("More"),
        "write": _("Write"),
    }[task]

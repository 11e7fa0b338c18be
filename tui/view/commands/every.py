"""All commands, by name and by place, and their words in the agent's language."""

from tui.view.commands import answering, around, composing, dialogs, finding, moving, reading, sorting, talking
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

EVERY: tuple[Command, ...] = (*COMMANDS, *dialogs.COMMANDS)
"""Those of dialogs and pages too, which have keys only."""

BY_NAME = {command.name: command for command in COMMANDS}
_AT = {place: tuple(command for command in EVERY if place in command.places) for place in Place}


def commands_at(place: Place) -> tuple[Command, ...]:
    """What can be asked for there."""
    return _AT[place]


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
        "dialog": _("Where one of many is picked"),
        "page": _("On a page"),
        "check": _("Checking a reply"),
        "mailing": _("Mailings"),
        "template": _("Picking a template"),
        "help": _("Help"),
        "prompt": _("At the command line"),
        "beside": _("In the conversation beside the text"),
    }[task]

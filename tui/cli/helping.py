"""What `--help` and a wrong command line say, in the agent's language: English stands in the code, and is translated when a verb is loaded."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import click

import tui.words
from tui.words import _, language

FRAME: tuple[str, ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "default: {default}",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing argument",
    "Missing option",
    "Missing command.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Invalid value for {param_hint}: {message}",
    "Invalid value: {message}",
    "{value} is not in the range {range}.",
    "{value!r} is not a valid {number_type}.",
    "{name} {filename!r} does not exist.",
    "Choose from:\n\t{choices}",
    "path",
    "file",
    "directory",
)
"""What click itself says; a test holds them against its source."""


def translated(command: click.Command) -> click.Command:
    """The command with its help, its options' help and its verbs' help in the agent's language; a second time changes nothing."""
    command.help = command.help and _(command.help)
    for option in _options(command):
        option.help = option.help and _(option.help)
    for verb in command.commands.values() if isinstance(command, click.Group) else ():
        translated(verb)
    return command


def help_words(command: click.Command) -> Iterator[str]:
    """Everything that `translated` would translate: what the catalogue has to hold."""
    if command.help:
        yield command.help
    for option in _options(command):
        if option.help:
            yield option.help
    for verb in command.commands.values() if isinstance(command, click.Group) else ():
        yield from help_words(verb)


def _options(command: click.Command) -> Iterator[click.Option]:
    return (param for param in command.params if isinstance(param, click.Option))


def translate_frame() -> None:
    """Let click find its own words in our catalogue. It asks by the locale's variables only, not by MADO_LANG."""
    if language() == "ja":
        gettext.bindtextdomain("mado", str(Path(tui.words.__file__).parent))
        gettext.textdomain("mado")

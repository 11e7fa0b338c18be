"""From keys to commands. A key map is a value: the commands' own keys, or others in their place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.view.commands.command import Command, Place
from tui.view.commands.every import COMMANDS, commands_at
from tui.view.keys.key_words import key_words


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a key: a command, the beginning of one (`waiting`), or nothing."""

    command: Command | None = None
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """`instead`: by the name of a command, the keys that ask for it in place of its own; a chord's keys have a blank between them."""

    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """Every key that asks for it, the one that is shown first."""
        return self.instead.get(command.name, command.keys)

    def key_of(self, command: Command) -> str:
        """The key that is shown, as people write it; one without a key is asked for by its name."""
        return next((key_words(key) for key in self.keys_of(command)), f":{command.name}")

    def hear(self, key: str, waiting: str, place: Place) -> Heard:
        """Read one more key after those in `waiting`; a key that ends no chord begins anew."""
        commands = commands_at(place)
        for chord in (f"{waiting} {key}", key) if waiting else (key,):
            for command in commands:
                if chord in self.keys_of(command):
                    return Heard(command)
            if any(each.startswith(chord + " ") for command in commands for each in self.keys_of(command)):
                return Heard(waiting=chord)
        return Heard()

    def conflicts(self) -> list[str]:
        """Keys that ask for two things in one place, in words; empty is right."""
        seen: dict[tuple[Place, str], str] = {}
        found: list[str] = []
        for command in COMMANDS:
            for place in sorted(command.places):
                for key in self.keys_of(command):
                    if (place, key) in seen:
                        found.append(f"{key_words(key)} in {place}: {seen[place, key]} and {command.name}")
                    seen[place, key] = command.name
        return found


DEFAULT = KeyMap()
"""Every command's own keys."""

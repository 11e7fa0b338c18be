"""From keys to commands. A key map is a value: the commands' own keys, or others in their place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tui.view.commands.command import Command, Place
from tui.view.commands.every import EVERY, commands_at
from tui.view.keys.key_words import key_words
from tui.words import _

KeyOf = Callable[[str], str]
"""By a command's name the key that asks for it, as people write it: `KeyMap.shown`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a key: a command, the beginning of one (`waiting`), or nothing."""

    command: Command | None = None
    waiting: str = ""


NOTHING = Heard()


@dataclass(frozen=True, slots=True)
class KeyMap:
    """`instead`: by the name of a command, the keys that ask for it in place of its own; a chord's keys have a blank between them."""

    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = "default"
    counts: bool = False
    """Whether digits before a key say how often."""
    _heard: dict[tuple[Place, str], Heard] = field(default_factory=dict, compare=False, repr=False)

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """Every key that asks for it, the one that is shown first."""
        return self.instead.get(command.name, command.keys)

    def key_of(self, command: Command) -> str:
        """The key that is shown, as people write it; one without a key is asked for by its name."""
        return next((key_words(key) for key in self.keys_of(command)), f":{command.name}")

    def shown(self, name: str) -> str:
        """The same of a command by its name; one of a dialog that has no key has nothing to show."""
        return self.key_of(_BY_NAME[name])

    def hear(self, key: str, waiting: str, place: Place) -> Heard:
        """Read one more key after those in `waiting`; a key that ends no chord begins anew."""
        for chord in (f"{waiting} {key}", key) if waiting else (key,):
            heard = self._heard.get((place, chord)) or self._heard.setdefault((place, chord), self._look_up(chord, place))
            if heard != NOTHING:
                return heard
        return NOTHING

    def _look_up(self, chord: str, place: Place) -> Heard:
        commands = commands_at(place)
        for command in commands:
            if chord in self.keys_of(command):
                return Heard(command)
        begun = any(each.startswith(chord + " ") for command in commands for each in self.keys_of(command))
        return Heard(waiting=chord) if begun else NOTHING

    def conflicts(self) -> list[str]:
        """Keys that ask for two things in one place, in words; empty is right."""
        return self.conflicts_among(EVERY)

    def conflicts_among(self, commands: Sequence[Command]) -> list[str]:
        """The same among some of them. A key that begins another one's chord is in its way."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for place in Place:
            seen: list[tuple[str, str]] = []
            for command in commands:
                for key in self.keys_of(command) if place in command.places else ():
                    for other, name in seen:
                        if name != command.name and in_the_way(key, other):
                            found.setdefault((key_words(key), name, command.name), []).append(place)
                    seen.append((key, command.name))
        words = _("{key}: {first} and {second} ({places})")
        return [words.format(key=key, first=first, second=second, places=", ".join(places)) for (key, first, second), places in found.items()]


def in_the_way(key: str, other: str) -> bool:
    """Whether both cannot be heard in one place: they are one, or one begins the other."""
    return key == other or key.startswith(other + " ") or other.startswith(key + " ")


_BY_NAME = {command.name: command for command in EVERY}
DEFAULT = KeyMap()
"""Every command's own keys."""

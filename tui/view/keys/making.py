"""Making a key map from a preset and one's own keys. Whatever stands there, there is a map in the end, and what was wrong is said in words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tui.view.commands.command import Command, Place
from tui.view.commands.every import EVERY
from tui.view.keys.key_words import key_words
from tui.view.keys.keymap import DEFAULT, KeyMap, in_the_way
from tui.view.keys.presets import PRESETS, Preset
from tui.view.keys.spelling import spelled
from tui.words import _

PRESET = "preset"
"""The one key of `[keys]` that is no command's name."""
CANNOT_DO_WITHOUT = ("command", "back", "help", "quit")

TYPED_INTO = frozenset({Place.COMPOSER, Place.PICKER, Place.TEMPLATES, Place.PROMPT})
"""Where letters are typed."""

Keys = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Made:
    """A map, and what of the settings could not be followed, in words."""

    keys: KeyMap
    problems: tuple[str, ...] = ()


def made(settings: Mapping[str, object], commands: Sequence[Command] = EVERY) -> Made:
    """The map that `[keys]` of the settings asks for: by name a key, or a list of keys."""
    if not settings:
        return Made(DEFAULT)
    problems: list[str] = []
    name = settings.get(PRESET, "default")
    if not isinstance(name, str) or name not in PRESETS:
        problems.append(_("[keys] preset: there is no {name}; there are {known}.").format(name=name, known=", ".join(PRESETS)))
        name = "default"
    preset = PRESETS[name]
    base = _laid_over(_own(commands, preset), {each: keys for each, keys in preset.keys.items() if each in {one.name for one in commands}}, commands)
    own = _of_settings(settings, commands, problems)
    problems += _typed_there(own, commands)
    problems += _taken(base, own, commands)
    keys = _laid_over(base, own, commands)
    keys |= {each: base[each] for each in CANNOT_DO_WITHOUT if each in base and not keys[each]}
    problems += KeyMap(own).conflicts_among([command for command in commands if command.name in own])
    return Made(KeyMap(keys, name, counts=preset.counts), tuple(problems))


def preset_map(name: str) -> KeyMap:
    """A preset as it is."""
    return made({PRESET: name}).keys


def _own(commands: Sequence[Command], preset: Preset) -> dict[str, tuple[str, ...]]:
    """Every command's own keys; where digits count, those of one digit stand behind `g`."""
    return {each.name: tuple(f"g {key}" if preset.counts and key.isdigit() else key for key in each.keys) for each in commands}


def _laid_over(under: Keys, over: Keys, commands: Sequence[Command]) -> dict[str, tuple[str, ...]]:
    """`over` in place of what is under it; a key of another command that stands in its way in one place is that command's no more."""
    by_name = {command.name: command for command in commands}
    laid: dict[str, tuple[str, ...]] = {}
    for command in commands:
        if command.name in over:
            laid[command.name] = over[command.name]
            continue
        rivals = [*_others(command, under, commands)] if command.like in over else []
        rivals += [key for name, keys in over.items() if by_name[name].places & command.places for key in keys]
        own = over[command.like] if command.like in over else under[command.name]
        laid[command.name] = tuple(key for key in own if not any(in_the_way(key, rival) for rival in rivals))
    return laid


def _others(command: Command, keys: Keys, commands: Sequence[Command]) -> Iterator[str]:
    """Keys of others in its places: what it gets with the keys of the command it is like must not be one of them."""
    for other in commands:
        if other is not command and other.places & command.places:
            yield from keys[other.name]


def _typed_there(own: Keys, commands: Sequence[Command]) -> Iterator[str]:
    """Keys that type a letter where one writes: they can ask for nothing."""
    for command in commands:
        for key in own.get(command.name, ()) if command.places & TYPED_INTO else ():
            if any(len(each) == 1 for each in key.split()):
                yield _("[keys] {name}: {key} types a letter there; give it ^X or f5.").format(name=command.name, key=key_words(key))


def _of_settings(settings: Mapping[str, object], commands: Sequence[Command], problems: list[str]) -> dict[str, tuple[str, ...]]:
    names = {command.name for command in commands}
    found: dict[str, tuple[str, ...]] = {}
    for name, written in settings.items():
        if name == PRESET:
            continue
        if name not in names:
            problems.append(_("[keys] {name}: there is no such command; ? lists them.").format(name=name))
            continue
        texts = [str(each) for each in written] if isinstance(written, Sequence) and not isinstance(written, str) else [str(written)]
        by_text = {text: spelled(text) for text in texts}
        words = _("[keys] {name}: no terminal sends “{key}”; write x, gi, ^X, f5.")
        problems += [words.format(name=name, key=text) for text, key in by_text.items() if key is None]
        keys = tuple(dict.fromkeys(key for key in by_text.values() if key is not None))
        if keys or not texts:
            found[name] = keys
    return found


def _taken(base: Keys, own: Keys, commands: Sequence[Command]) -> Iterator[str]:
    """What one's own keys take from commands that were not given others."""
    by_name = {command.name: command for command in commands}
    for name, keys in own.items():
        if name in CANNOT_DO_WITHOUT and not keys:
            yield _("[keys] {name}: it needs a key; it keeps {keys}.").format(name=name, keys=" ".join(map(key_words, base[name])))
        for key in keys:
            losers = (
                other
                for other in commands
                if other.name not in own and other.places & by_name[name].places and any(in_the_way(key, each) for each in base[other.name])
            )
            for other in losers:
                yield _("[keys] {key} is {name} now; {other} has lost it.").format(key=key_words(key), name=name, other=other.name)

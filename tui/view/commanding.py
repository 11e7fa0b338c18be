"""What is typed behind `:`: a command by its name, or a conversation's number; and what is wrong with it, at its place. Pure."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.view.gate import clean
from tui.view.hints import NO_HINT, Hint, pointing_hint, words_hint
from tui.words import _

VERBATIM = frozenset({"attach", "pipe", "pipe-raw", "link"})
"""What stands behind these is taken by its very letters: a path, a command, an address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, and what stands behind it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A conversation by its number."""

    number: int


ALIKE = 0.75
"""From 0 to 1 (`difflib`): so like the typed one is a name that was meant, a slip of a letter or two."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No command: why, and at which character."""

    words: str
    position: int = 0


def narrow(text: str) -> str:
    """Full-width letters, digits, blanks and signs as the narrow ones; every character stays at its place."""
    return "".join(plain if len(plain := unicodedata.normalize("NFKC", each)) == 1 else each for each in text)


def read_command(typed: str, names: Sequence[str]) -> Asked | Numbered | Unreadable | None:
    """What is meant; a beginning that only one command has is enough. None: nothing was typed."""
    text = narrow(typed)
    start = len(text) - len(text.lstrip(" :"))
    name, _blank, rest = text[start:].partition(" ")
    if not name:
        return None
    if name.lstrip("#").isdecimal():
        return Numbered(int(name.lstrip("#")))
    fitting = [each for each in names if each == name] or [each for each in names if each.startswith(name)]
    if len(fitting) == 1:
        behind = typed[start + len(name) :] if fitting[0] in VERBATIM else rest
        return Asked(fitting[0], behind.strip())
    if fitting:
        return Unreadable(_("More than one begins so: {names}").format(names=" ".join(fitting[:4])), start)
    return Unreadable(_no_such(name, names), start)


def _no_such(name: str, names: Sequence[str]) -> str:
    # Here, not at the top: most names are right.
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), names, 1, ALIKE)
    if near:
        return _("There is no command {name}, but {near}; ? shows them all.").format(name=clean(name), near=near[0])
    return _("There is no command {name}; ? shows them all.").format(name=clean(name))


def command_hint(typed: str, names: Sequence[str], why_not: Callable[[str], str | None], values: Callable[[str], Sequence[str] | None]) -> Hint:
    """While it is typed: what is wrong stands under the word that is meant. `values`: all that may stand behind a command, None: anything may."""
    text = narrow(typed)
    start = len(text) - len(text.lstrip(" :"))
    name, blank, rest = text[start:].partition(" ")
    if not blank:
        begun = any(each.startswith(name) for each in names) or name.lstrip("#").isdecimal()
        return NO_HINT if not name.strip("#") or begun else pointing_hint(_("no such command"), typed, start)
    read = read_command(typed, names)
    if isinstance(read, Unreadable):
        return pointing_hint(read.words, typed, start)
    if not isinstance(read, Asked):
        return NO_HINT
    if reason := why_not(read.name):
        return words_hint(reason, "notice")
    known, argument = values(read.name), rest.strip()
    if known is None or not argument or any(each.casefold().startswith(argument.casefold()) for each in known):
        return NO_HINT
    at = start + len(name) + 1 + len(rest) - len(rest.lstrip())
    return pointing_hint(_("one of: {values}").format(values=clean(" ".join(known[:8]))), typed, at)

"""The rules about the team's own statuses (conversations.md, "Status and category"): only the category drives logic, so it never changes."""

import re
from unicodedata import category as letter_category

from msgspec.structs import replace

from store.domain.context import Context
from store.domain.events import StatusSaved, TeamEvent
from store.domain.ids import StatusKey
from store.domain.refusals import CategoryFixed, Malformed, NameTaken, Refusal, UnknownStatus
from store.domain.status import BUILT_IN, COLOURS, Category, Status

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
LONGEST_NAME = 40
ORDERS = range(1000)
ONLY_BUILT_IN = frozenset({Category.CHECK, Category.OUTBOX})
"""Only a check request and a send lead there, to the one status each has."""


def save_status(status: Status, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Make one, or change all of it but its category. A retired one is back when it is saved."""
    wanted = replace(status, name_ja=status.name_ja.strip(), name_en=status.name_en.strip(), letter=status.letter.strip(), retired=False)
    if status.key in BUILT_IN:
        return NameTaken("key", status.key)
    old = context.team.own_statuses.get(status.key)
    if old is not None and old.category is not status.category:
        return CategoryFixed(status.key, old.category)
    if (problem := _problem(wanted)) is not None:
        return Malformed(problem)
    if (taken := _taken(wanted, context)) is not None:
        return taken
    return () if wanted == old else (StatusSaved(wanted),)


def retire_status(key: StatusKey, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Nobody chooses it any more; conversations that bear it keep it, and its category."""
    old = context.team.own_statuses.get(key)
    if old is None:
        return UnknownStatus(key)
    return () if old.retired else (StatusSaved(replace(old, retired=True)),)


def _problem(status: Status) -> str | None:
    if KEY.fullmatch(status.key) is None:
        return "a status's key is up to 32 small letters, digits and `_`, a letter first"
    if status.category in ONLY_BUILT_IN:
        return f"`{status.category}` has one status, the built-in one"
    if not all(_is_name(name) for name in (status.name_ja, status.name_en)):
        return f"a status needs a name in Japanese and in English, of at most {LONGEST_NAME} letters"
    if len(status.letter) != 1 or not _shown(status.letter):
        return "a status needs one letter: colour is never its only sign"
    return _problem_of_looks(status)


def _problem_of_looks(status: Status) -> str | None:
    if status.colour and status.colour not in COLOURS:
        return f"a status's colour is one of {', '.join(COLOURS)}"
    if status.hot_key and (len(status.hot_key) != 1 or not _shown(status.hot_key) or not status.hot_key.isascii()):
        return "a status's hot key is one letter or digit"
    return None if status.order in ORDERS else f"a status's order is a number up to {ORDERS[-1]}"


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and all(_shown(letter) or letter == " " for letter in name)


def _shown(letter: str) -> bool:
    return letter_category(letter)[0] not in "CZM"


def _taken(status: Status, context: Context) -> NameTaken | None:
    """Two statuses that look alike in a list would be taken for each other; a retired one gives up its letter."""
    for other in context.team.statuses():
        if other.key == status.key:
            continue
        if other.letter == status.letter:
            return NameTaken("letter", other.key)
        if status.hot_key and other.hot_key == status.hot_key:
            return NameTaken("hot_key", other.key)
        if {other.name_ja, other.name_en.casefold()} & {status.name_ja, status.name_en.casefold()}:
            return NameTaken("name", other.key)
    return None

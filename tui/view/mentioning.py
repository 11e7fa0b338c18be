"""Whom one may call while a comment is typed: what Tab offers behind an `@`, by key or by name."""

from collections.abc import Sequence

from store.domain.groups import Group
from store.domain.people import Member
from tui.view.choosing import folded
from tui.view.completing import Completer, Completion
from tui.words import _

STOPS = " \u3000\n、。,()（）「」"
"""No name goes on behind one of these."""


def of_people(members: Sequence[Member], groups: Sequence[Group]) -> Completer:
    """Offers members, groups and everybody where an `@` was typed; what is put in is the key, which every machine reads alike."""
    named = [*((member.key, member.name) for member in members), *((group.key, group.name) for group in groups), ("all", _("everybody"))]

    def complete(text: str, cursor: int) -> tuple[Completion, ...]:
        at = max(text.rfind("@", 0, cursor), text.rfind("＠", 0, cursor))
        begun = text[at + 1 : cursor]
        if at < 0 or any(stop in begun for stop in STOPS):
            return ()
        wanted = folded(begun)
        fitting = [(key, name) for key, name in named if any(folded(each).startswith(wanted) for each in (key, name, *name.split()))]
        return tuple(Completion(f"@{key} ", at, cursor, name if name != key else "") for key, name in fitting)

    return complete

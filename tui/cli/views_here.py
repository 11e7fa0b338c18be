"""The views of a home, for the verbs that name one."""

from pathlib import Path

from store.errors import BadInput
from store.local.store import LocalStore
from store.settings.kept import Kept
from tui.view.viewing import Listed, listed_views, view_named


class ViewUnknown(BadInput):
    """There is none of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no view {name}; `mado view list` shows them", name=name)


def known_views(home: Path, store: LocalStore) -> tuple[Listed, ...]:
    """Every view there is in this home."""
    return listed_views(store.team().living_views(), Kept(home).views())


def known_view(home: Path, store: LocalStore, name: str) -> Listed:
    """One of them by its name.

    Raises:
        ViewUnknown: There is none.
    """
    found = view_named(known_views(home, store), name)
    if found is None:
        raise ViewUnknown(name)
    return found

"""The views of one terminal: those that everybody has, the team's, the member's own; and how each was looked at last."""

import asyncio
import contextlib

import msgspec

from store.domain.saved_view import Arrangement, Grouping, SavedView, Sort
from store.errors import MadoError
from store.settings.kept import Kept
from tui.session import Session
from tui.view.viewing import Listed, listed_views, view_lettered, view_named


class Look(msgspec.Struct, frozen=True):
    """How the list of a view stands here: what `:sort`, `:group` and `:columns` have chosen."""

    sort: Sort
    group: Grouping
    columns: tuple[str, ...] = ()

    @property
    def arrangement(self) -> Arrangement:
        """Its order."""
        return Arrangement(self.sort, self.group)


def look_of(view: SavedView) -> Look:
    """As the view itself says."""
    return Look(view.sort, view.group, view.columns)


class ViewShelf:
    """What is kept by hand is read once, beside the keys, and written as it changes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._own: tuple[SavedView, ...] = ()
        self._looks: dict[str, Look] = {}

    async def load(self) -> None:
        """Read the member's own. What cannot be read is none; `KeptDamaged` is said where it is written to."""
        with contextlib.suppress(MadoError):
            kept = Kept(self._session.home)
            self._own = await asyncio.to_thread(kept.views)
            self._looks = {name: look for name, text in (await asyncio.to_thread(kept.looks)).items() if (look := _look_in(text)) is not None}

    def listed(self) -> tuple[Listed, ...]:
        """All of them, in the order of the side bar."""
        return listed_views(self._session.team.living_views(), self._own)

    def named(self, name: str) -> Listed | None:
        """By what it is called."""
        return view_named(self.listed(), name)

    def lettered(self, letter: str) -> Listed | None:
        """By the letter behind `g`; those that everybody has are commands of their own."""
        return view_lettered([one for one in self.listed() if one.whose != "built_in"], letter)

    def look(self, one: Listed) -> Look:
        """How it stands here."""
        return self._looks.get(one.id) or look_of(one.view)

    async def remember(self, one: Listed, look: Look) -> None:
        """From now on it stands so here."""
        self._looks[one.id] = look
        await asyncio.to_thread(Kept(self._session.home).remember_look, one.id, msgspec.json.encode(look).decode("utf-8"))

    async def save(self, view: SavedView) -> None:
        """Keep one of the member's own."""
        kept = Kept(self._session.home)
        await asyncio.to_thread(kept.save_view, view)
        self._own = await asyncio.to_thread(kept.views)

    async def drop(self, name: str) -> None:
        """Keep it no more."""
        kept = Kept(self._session.home)
        await asyncio.to_thread(kept.drop_view, name)
        self._own = await asyncio.to_thread(kept.views)


def _look_in(text: str) -> Look | None:
    try:
        return msgspec.json.decode(text, type=Look)
    except msgspec.MsgspecError:
        return None

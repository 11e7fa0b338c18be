"""What a person keeps by hand: signatures, views, preferences. A handful of documents in TinyDB; the one place that imports tinydb."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeGuard, TypeVar

import msgspec
from tinydb import TinyDB, where
from tinydb.storages import Storage
from tinydb.table import Table

from store.domain.saved_view import SavedView, name_key
from store.settings.atomic import replace_file
from store.settings.errors import KeptDamaged
from store.sqlite.flock import locked

T = TypeVar("T")

FILE = "kept.json"
Content = dict[str, dict[str, dict[str, str]]]
"""As TinyDB lays it out: table, then number, then document."""


class AtomicStorage(Storage):
    """One JSON file, replaced whole. TinyDB's own storage writes in place and loses everything when it is killed there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Content | None:
        """The content, None before the first write.

        Raises:
            KeptDamaged: It was no JSON, and was set aside.
        """
        try:
            content = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise KeptDamaged(self._path, self._set_aside()) from error
        if not _is_content(content):
            raise KeptDamaged(self._path, self._set_aside())
        return content

    def write(self, data: Content) -> None:
        """Replace the content; returning means that it is on the disk."""
        replace_file(self._path, json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8"))

    def _set_aside(self) -> Path:
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.damaged-{number}")).exists():
            number += 1
        return self._path.rename(aside)


def _is_content(content: object) -> TypeGuard[Content]:
    return isinstance(content, dict) and all(
        isinstance(table, dict) and all(isinstance(one, dict) for one in table.values()) for table in content.values()
    )


def _view_of(name: str, value: str) -> SavedView:
    try:
        return msgspec.json.decode(value, type=SavedView)
    except msgspec.MsgspecError:
        return SavedView(name, value)


class Kept:
    """Safe between processes: each call locks the file, reads it anew, and leaves it whole.

    Any method may raise `KeptDamaged`; the call after it works on an empty file.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def signature(self, inbox: str) -> str:
        """The text under a reply from this inbox; "" without one."""
        return self._value("signature", inbox) or ""

    def set_signature(self, inbox: str, text: str) -> None:
        """Change it."""
        self._set_value("signature", inbox, text)

    def views(self) -> tuple[SavedView, ...]:
        """A member's own, in the order in which they were first saved. A line that is none (edited by hand) is a query by that name."""
        return tuple(_view_of(name, value) for name, value in self._all("view").items())

    def save_view(self, view: SavedView) -> None:
        """Save or replace one."""
        self._set_value("view", view.id, msgspec.json.encode(view).decode("utf-8"))

    def drop_view(self, name: str) -> bool:
        """Remove one; False: there was none."""
        was_there = any(view.id == name_key(name) for view in self.views())
        self._drop("view", name_key(name))
        return was_there

    def looks(self) -> dict[str, str]:
        """How lists were looked at last, by the view; what each says is the terminal's own."""
        return self._all("look")

    def remember_look(self, view: str, look: str) -> None:
        """From now on it stands so."""
        self._set_value("look", view, look)

    def preference(self, key: str) -> str | None:
        """How this person likes something: `language`, `theme`, `layout`."""
        return self._value("preference", key)

    def set_preference(self, key: str, value: str) -> None:
        """Change it."""
        self._set_value("preference", key, value)

    def searches(self) -> tuple[str, ...]:
        """What was searched for, the newest last."""
        return tuple(self._all("search"))

    def remember_search(self, text: str, *, at_most: int) -> None:
        """Make this the newest; beyond `at_most` the oldest are forgotten."""

        def work(documents: Table) -> None:
            documents.remove(where("key") == text)
            documents.insert({"key": text, "value": ""})
            oldest = [one.doc_id for one in documents.all()][:-at_most]
            documents.remove(doc_ids=oldest) if oldest else None

        self._make_home()
        self._locked("search", work)

    def _value(self, table: str, key: str) -> str | None:
        return self._all(table).get(key)

    def _all(self, table: str) -> dict[str, str]:
        # Reading makes no folder: a home that somebody moves away at this moment must not come back half.
        try:
            return self._locked(table, lambda documents: {one["key"]: one["value"] for one in documents.all()}) if self._path.exists() else {}
        except FileNotFoundError:
            return {}

    def _set_value(self, table: str, key: str, value: str) -> None:
        self._make_home()
        self._locked(table, lambda documents: documents.upsert({"key": key, "value": value}, where("key") == key))

    def _drop(self, table: str, key: str) -> None:
        self._make_home()
        self._locked(table, lambda documents: documents.remove(where("key") == key))

    def _make_home(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _locked(self, table: str, work: Callable[[Table], T]) -> T:
        with locked(self._path.with_name(f"{FILE}.lock")):
            # A new one each time: TinyDB remembers answers and the next free number, which another process may have made untrue.
            database = TinyDB(self._path, storage=AtomicStorage)
            try:
                return work(database.table(table))
            finally:
                database.close()

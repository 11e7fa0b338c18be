"""Which inboxes this home may hold, as the server said last. It lies in `kept.db`: a cache that was thrown away must not be filled with the rest."""

from collections.abc import Collection

import msgspec

from store.domain.ids import InboxKey
from store.local.files import Files

Inboxes = tuple[InboxKey, ...] | None
"""None: every one. An empty one is none at all."""

_KEY = "inboxes"
_read = msgspec.json.Decoder(Inboxes).decode


def as_held(inboxes: Collection[InboxKey]) -> Inboxes:
    """The inboxes of a member, of whom none named means every one."""
    return tuple(inboxes) or None


def common(one: Inboxes, other: Inboxes) -> Inboxes:
    """What is in both."""
    if one is None or other is None:
        return other if one is None else one
    return tuple(inbox for inbox in one if inbox in other)


def lacks(held: Inboxes, wanted: Inboxes) -> bool:
    """Whether something wanted is not held."""
    return held is not None and (wanted is None or not set(wanted) <= set(held))


class Holdings:
    """Read anew each time: a verb of the same home may be the one that heard of it."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def read(self) -> Inboxes:
        """What may be here; every inbox where no server has ever said anything."""
        found: str | None = self._files.kept(lambda connection: connection.value("SELECT value FROM fact WHERE key = ?", (_KEY,)))
        return None if found is None else _read(found)

    def write(self, held: Inboxes) -> None:
        """Say so; it survives a power cut."""
        if held != self.read():
            said = msgspec.json.encode(held).decode()
            self._files.keep(lambda connection: connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (_KEY, said)))

    def has(self, inbox: InboxKey) -> bool:
        """Whether this inbox may be here."""
        held = self.read()
        return held is None or inbox in held

"""Everybody who wrote to the team or was written to, for completion: one line an address, found by its beginning or that of a word of the name."""

import json
from collections.abc import Collection

from store.domain.message import Address, Message
from store.local.codec import storable
from store.local.normalise import folded
from store.sqlite.connection import Connection

LOOKED_AT = 200
"""Lines read to choose the latest from; the letters typed so far may fit many thousands."""
WRITTEN_LATELY = 5_000
"""Mails, the latest, out of which it is known to whom the team writes."""
LONGEST = 320
"""RFC 5321 4.5.3.1: 64 + 1 + 255."""

_REMEMBER = (
    "INSERT INTO address VALUES (?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name, "
    "n = excluded.n WHERE excluded.n > n"
)


class BatchAddresses:
    """Whom the mails of a batch are from, or to where they are ours: each address once, by its latest mail."""

    def __init__(self) -> None:
        self._latest: dict[str, tuple[int, str]] = {}

    def remember(self, n: int, message: Message, *, outgoing: bool) -> None:
        """Note them; `n` is the message's row number, which grows with its time."""
        for one in (*message.to, *message.cc) if outgoing else (*message.from_, *message.reply_to):
            if "@" in one.address and len(one.address) <= LONGEST:
                address = storable(one.address).casefold()
                known = self._latest.get(address)
                if known is None or n > known[0]:
                    self._latest[address] = (n, one.name)

    def write(self, connection: Connection) -> None:
        """Make them known; of an address that was known already the name changes where its mail is later."""
        rows = ((address, storable(name), folded(name), n) for address, (n, name) in sorted(self._latest.items()))
        connection.execute_many(_REMEMBER, rows)
        self._latest.clear()


def known_addresses(connection: Connection, prefix: str, limit: int) -> tuple[Address, ...]:
    """Addresses that begin so, or a word of whose names does, in whichever kana; of an empty prefix those of the latest mail.

    Those the team has written to lately come first, then the latest; a later word of a name counts only where its beginning finds too few.
    """
    wanted = folded(prefix).strip()
    if not wanted:
        latest = connection.execute("SELECT from_name, from_address FROM message WHERE outgoing = 0 ORDER BY n DESC LIMIT ?", (LOOKED_AT,))
        return tuple(dict.fromkeys(Address(name, address) for name, address in latest if address))[:limit]
    spelled = dict.fromkeys((wanted, wanted.translate(_KATAKANA), wanted.translate(_HIRAGANA)))
    rows = {*connection.execute(_BY_ADDRESS, (wanted, wanted, LOOKED_AT))}
    for each in spelled:
        rows.update(connection.execute(_BY_NAME, (each, each, LOOKED_AT)))
    if len(rows) < limit:
        for each in spelled:
            rows.update(connection.execute(_BY_LATER_WORD, (each, LOOKED_AT)))
    written = {address.casefold() for (address,) in connection.execute(_WRITTEN_LATELY, (WRITTEN_LATELY,))} if len(rows) > 1 else frozenset()
    ordered = sorted(rows, key=lambda row: (row[2] in written, row[0]), reverse=True)
    return tuple(dict.fromkeys(Address(name, address) for _, name, address in ordered))[:limit]


_KANA = range(ord("ぁ"), ord("ゖ") + 1)
_KATAKANA = {code: code + 0x60 for code in _KANA}
_HIRAGANA = {code + 0x60: code for code in _KANA}

_COLUMNS = "SELECT n, name, address FROM address WHERE"
_BY_ADDRESS = f"{_COLUMNS} address >= ? AND address < ? || char(1114111) LIMIT ?"
_BY_NAME = f"{_COLUMNS} folded_name >= ? AND folded_name < ? || char(1114111) LIMIT ?"
_BY_LATER_WORD = f"{_COLUMNS} instr(folded_name, ' ' || ?) LIMIT ?"
"""Reads every name where few fit; they are read for a person who types, one key after the other."""
_WRITTEN_LATELY = "SELECT DISTINCT to_address FROM (SELECT outgoing, to_address FROM message ORDER BY n DESC LIMIT ?) WHERE outgoing = 1"

_LATEST = "SELECT name, address FROM address WHERE name <> '' ORDER BY n DESC LIMIT ?"
_SEEN = "SELECT address FROM address WHERE address IN (SELECT value FROM json_each(?))"


def latest_names(connection: Connection, limit: int) -> tuple[Address, ...]:
    """Whoever has a name, the latest first. Reads every line: some 10 ms for 50,000, not for the event loop."""
    return tuple(Address(name, address) for name, address in connection.execute(_LATEST, (limit,)))


def seen_addresses(connection: Connection, addresses: Collection[str]) -> frozenset[str]:
    """Those of them that ever wrote to the team or were written to, case folded."""
    wanted = json.dumps(sorted({storable(address).casefold() for address in addresses}))
    return frozenset(row[0] for row in connection.execute(_SEEN, (wanted,)))

"""Everybody who wrote to the team or was written to, for completion: one line an address, found by its beginning or the beginning of the name."""

from store.domain.message import Address, Message
from store.local.codec import storable
from store.local.normalise import folded
from store.sqlite.connection import Connection

LOOKED_AT = 200
"""Lines read to choose the latest from; the letters typed so far may fit many thousands."""
LONGEST = 320
"""RFC 5321 4.5.3.1: 64 + 1 + 255."""

_REMEMBER = (
    "INSERT INTO address VALUES (?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name, "
    "n = excluded.n WHERE excluded.n > n"
)


def remember(connection: Connection, n: int, message: Message, *, outgoing: bool) -> None:
    """Note whom a message is from, or to where it is ours; `n` is its row number, which grows with its time."""
    for one in (*message.to, *message.cc) if outgoing else (*message.from_, *message.reply_to):
        address = storable(one.address)
        if "@" in address and len(address) <= LONGEST:
            connection.execute(_REMEMBER, (address.casefold(), storable(one.name), folded(one.name), n))


def known_addresses(connection: Connection, prefix: str, limit: int) -> tuple[Address, ...]:
    """Addresses that begin so, or whose names do, the latest first; of an empty prefix those of the latest mail."""
    wanted = folded(prefix).strip()
    if not wanted:
        latest = connection.execute("SELECT from_name, from_address FROM message WHERE outgoing = 0 ORDER BY n DESC LIMIT ?", (LOOKED_AT,))
        return tuple(dict.fromkeys(Address(name, address) for name, address in latest if address))[:limit]
    rows = [*connection.execute(_BY_ADDRESS, (wanted, wanted, LOOKED_AT)), *connection.execute(_BY_NAME, (wanted, wanted, LOOKED_AT))]
    rows.sort(reverse=True)
    return tuple(dict.fromkeys(Address(name, address) for _, name, address in rows))[:limit]


_COLUMNS = "SELECT n, name, address FROM address WHERE"
_BY_ADDRESS = f"{_COLUMNS} address >= ? AND address < ? || char(1114111) LIMIT ?"
_BY_NAME = f"{_COLUMNS} folded_name >= ? AND folded_name < ? || char(1114111) LIMIT ?"

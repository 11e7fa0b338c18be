"""The audit log's chain: each entry's header is hashed with the hash before it, and its payload only by a salted digest.

So a payload can be erased with its salt, and every hash still proves that nothing else was changed, dropped, added or put in another order.
"""

import hashlib

import msgspec

HASH_BYTES = 32
SALT_BYTES = 16
"""Enough that nobody finds an erased name by trying all names."""

GENESIS = hashlib.sha256(b"madoguchi audit log 1").digest()
"""What stands before the first entry."""

Fact = str | int | bool | None | list[str]
"""What a note may say; never a secret."""

LOGIN = "login"
LOGIN_FAILED = "login_failed"
SETTINGS_CHANGED = "settings_changed"
REFUSED = "refused"
ADOPTED = "adopted"
HELD = "hold_set"
ERASED = "payload_erased"
RESTORED = "restored"
"""Kinds of entries that are no events of the journal; those bear the event's own name."""


class Header(msgspec.Struct, frozen=True, array_like=True):
    """What the chain covers in clear. `at`: microseconds since 1970 UTC; `seq`: the journal's event that it tells of."""

    n: int
    at: int
    what: str
    who: str
    conversation_id: str | None
    seq: int | None
    digest: bytes
    """Of the payload and its salt."""


class Head(msgspec.Struct, frozen=True):
    """The chain's end at some moment: kept elsewhere, it proves later that nothing up to `n` was changed or cut off."""

    n: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.n}:{self.hash.hex()}"


class BadHead(ValueError):
    """A text that names no head."""


def read_head(text: str) -> Head:
    """The head in `12:0f3a…`.

    Raises:
        BadHead: It is none.
    """
    number, _, hexadecimal = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= 18 and len(hexadecimal) == 2 * HASH_BYTES):
        raise BadHead(text)
    try:
        return Head(int(number), bytes.fromhex(hexadecimal))
    except ValueError as error:
        raise BadHead(text) from error


def digest(salt: bytes, body: bytes, details: bytes) -> bytes:
    """Of a payload: the journal's `body` (empty for a note) and the entry's own `details`."""
    # Hashed apart first: no byte can wander from one to the other unseen.
    return hashlib.sha256(salt + hashlib.sha256(body).digest() + hashlib.sha256(details).digest()).digest()


def chained(before: bytes, header: Header) -> bytes:
    """The hash of an entry, given that of the one before it."""
    # JSON of a list has one spelling for each value: no two headers give the same bytes.
    return hashlib.sha256(before + msgspec.json.encode(header)).digest()

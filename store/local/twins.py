"""Two mails that nothing but their text tells apart: same Message-ID or none, same sender, date, subject and size. Each is kept."""

import hashlib

from store.local.codec import unpack_bytes
from store.sqlite.connection import Connection

OWN_MARK = "~"
"""Between the content hash that everybody computes from header and size, and what tells a twin from the first that came."""


def is_another(connection: Connection, n: int, packed_raw: bytes | None) -> bool:
    """Whether the stored message is another one, though their content hashes are the same; only sources that are here whole can tell."""
    if packed_raw is None:
        return False
    stored: bytes | None = connection.value("SELECT raw FROM body WHERE message = ?", (n,))
    return stored is not None and stored != packed_raw and unpack_bytes(stored) != unpack_bytes(packed_raw)


def own_identity(content_sha256: str, packed_raw: bytes | None) -> str:
    """The identity of a twin: the common hash, and a hash of its source."""
    own = hashlib.sha256(unpack_bytes(packed_raw) if packed_raw is not None else b"").hexdigest()[:16]
    return f"{content_sha256}{OWN_MARK}{own}"


def common_hash(identity: str) -> str:
    """The part of an identity that everybody computes alike."""
    return identity.partition(OWN_MARK)[0]

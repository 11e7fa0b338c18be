"""Two mails that nothing but their text tells apart: same Message-ID or none, same sender, date, subject and size. Each is kept."""

import hashlib
from typing import NamedTuple

import msgspec

from store.local.codec import unpack_bytes
from store.local.rows import NewMail
from store.sqlite.connection import Connection

OWN_MARK = "~"
"""Between the content hash that everybody computes from header and size, and what tells a twin from the first that came."""


class Prepared(NamedTuple):
    """A mail with everything that can be computed without the database."""

    mail: NewMail
    second: int
    parsed: bytes
    raw: bytes | None
    words: tuple[str, ...]
    """As the index wants them: `worded.COLUMNS`."""


def is_another(connection: Connection, n: int, one: Prepared) -> bool:
    """Whether the stored message is not this one, though their content hashes are the same. Only sources that are here whole can tell."""
    if one.raw is None:
        return False
    stored: bytes | None = connection.value("SELECT raw FROM body WHERE message = ?", (n,))
    return stored is not None and stored != one.raw and unpack_bytes(stored) != one.mail.raw


def with_own_identity(one: Prepared) -> Prepared:
    """The same mail, told apart from its twin by a hash of its source."""
    own = hashlib.sha256(one.mail.raw or b"").hexdigest()[:16]
    return one._replace(mail=msgspec.structs.replace(one.mail, content_sha256=f"{one.mail.content_sha256}{OWN_MARK}{own}"))


def common_hash(content_sha256: str) -> str:
    """The part of an identity that everybody computes alike."""
    return content_sha256.partition(OWN_MARK)[0]

"""The content hash by which the watcher and every client know the same message, however much of it each has read."""

import hashlib
import re

from mailsync.mime.header.fields import Fields
from mailsync.mime.header.headers import split_message

HASHED_FIELDS = ("message-id", "date", "from", "subject")
"""Ask IMAP for these with BODY.PEEK[HEADER.FIELDS (...)] and the hash is that of the whole message."""

_SPACES = re.compile(rb"[ \t\r\n]+")


def content_sha256(raw_headers: bytes, size_bytes: int) -> str:
    """Hash the raw, unfolded Message-ID, Date, From and Subject with the server's own RFC822.SIZE.

    `raw_headers` may be a header block or a whole message; `size_bytes` must be what the server says, not a length of ours: some
    servers store bare LF and count CRLF. Hex, 64 characters.
    """
    return sha256_of(split_message(raw_headers)[0], size_bytes)


def _spaced_once(value: bytes) -> bytes:
    # Most values have nothing to collapse, and a regular expression takes longer to see that.
    if b"  " in value or b"\t" in value or b"\n" in value or b"\r" in value:
        value = _SPACES.sub(b" ", value)
    return value.strip()


def sha256_of(fields: Fields, size_bytes: int) -> str:
    """The same of a header block that was split already."""
    id_, date, from_, subject = [_spaced_once(fields.first(name) or b"") for name in HASHED_FIELDS]
    said = b"madoguchi-1\nmessage-id:%b\ndate:%b\nfrom:%b\nsubject:%b\n%d" % (id_, date, from_, subject, size_bytes)
    return hashlib.sha256(said).hexdigest()

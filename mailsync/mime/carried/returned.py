"""Which mail a bounce brings back, for whoever reads no more of it than that; pure."""

import re

from mailsync.mime.header.fields import header_end
from store.domain.ids import MessageId

LOOKED_AT_BYTES = 64 * 1024

_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~]{1,900}>)", re.IGNORECASE | re.MULTILINE)


def returned_id(raw: bytes) -> MessageId | None:
    """The Message-ID in the returned message, or in the header that is left of it (RFC 3462); None where the start of `raw` has none.

    Also of the many bounces that are no multipart/report but quote the mail under a line of dashes.
    """
    raw = raw[:LOOKED_AT_BYTES]
    _, body = header_end(raw, 0, len(raw))
    found = _MESSAGE_ID.search(raw, body)
    return MessageId(found[1].decode("ascii")) if found else None

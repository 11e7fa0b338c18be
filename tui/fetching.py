"""The bytes of a message or of an attachment: from the store, or from the mailbox where only the text of a large mail was kept."""

import asyncio
from collections.abc import Callable

from store.domain.message import Attachment
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from tui.session import Session

Say = Callable[[], None]


async def source_of(session: Session, stored: StoredMessage, fetching: Say) -> bytes | None:
    """The source as it came; None: it is not here, and nobody can fetch it. `fetching` is called when it has to be fetched.

    Raises:
        MadoError: The server cannot be reached, or has it no more.
    """
    raw = await asyncio.to_thread(session.store.raw, stored.message_id, stored.inbox, stored.content_sha256)
    if raw is not None or session.engine is None:
        return raw
    fetching()
    await asyncio.wrap_future(session.engine.fetch_whole((stored.inbox, stored.message_id)))
    return await asyncio.to_thread(session.store.raw, stored.message_id, stored.inbox, stored.content_sha256)


async def content_of(session: Session, stored: StoredMessage, attachment: Attachment, fetching: Say) -> bytes | None:
    """The decoded bytes of an attachment; None, and `fetching`, as above.

    Raises:
        MadoError: The same, or the message has no such part.
    """
    found = await asyncio.to_thread(_from_store, session.store, stored, attachment.part)
    if found is not None or session.engine is None:
        return found
    fetching()
    return await asyncio.wrap_future(session.engine.fetch_part(stored.inbox, stored.message_id, attachment.part, stored.content_sha256))


def _from_store(store: LocalStore, stored: StoredMessage, part: str) -> bytes | None:
    # Local import: the first page does not wait for the reader of mail.
    from mailsync.mime.part import part_bytes

    raw = store.raw(stored.message_id, stored.inbox, stored.content_sha256)
    return None if raw is None else part_bytes(raw, part)

"""The bytes of a message or of an attachment: from the store, or from the mailbox where only the text of a large mail was kept."""

import asyncio
import contextlib
from collections.abc import Callable

from store.domain.comment_files import CommentFile
from store.domain.conversation import Comment
from store.domain.ids import ConversationId
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


async def comment_file_of(session: Session, conversation_id: ConversationId, comment: Comment, file: CommentFile, fetching: Say) -> bytes | None:
    """The bytes of a file of a comment: from this machine while it waits for the server, else from there. None: there is no server yet.

    Raises:
        MadoError: The server cannot be reached, or has it no more.
    """
    # Local import: the first page does not wait for the client.
    from mailsync.link.files import fetch_file

    path = await asyncio.to_thread(session.store.waiting_files.path, comment.id, file.sha256)
    if path is not None:
        with contextlib.suppress(FileNotFoundError):
            return await asyncio.to_thread(path.read_bytes)
    link = await session.found_link()
    if link is None:
        return None
    fetching()
    return await fetch_file(link.client, conversation_id, comment.id, file)


def _from_store(store: LocalStore, stored: StoredMessage, part: str) -> bytes | None:
    # Local import: the first page does not wait for the reader of mail.
    from mailsync.mime.part import part_bytes

    raw = store.raw(stored.message_id, stored.inbox, stored.content_sha256)
    return None if raw is None else part_bytes(raw, part)

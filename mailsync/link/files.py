"""Files of comments, to the server and from it: what is handed in is what was named, and so is what comes back."""

import hashlib
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import quote

from mailsync.link.errors import ServerStrange
from mailsync.link.threads import in_thread
from store.domain.comment_files import CommentFile
from store.domain.ids import CommentId, ConversationId

FILE_SECONDS = 600.0
"""As long as the server waits for one (`mailsync.server.files`)."""


class Exchanging(Protocol):
    """`mailsync.link.client.TeamClient`."""

    async def exchange(
        self, method: str, path: str, content: bytes | IO[bytes] | None = None, asked: dict[str, str] | None = None, *, seconds: float | None = None
    ) -> bytes: ...


def _path(conversation_id: ConversationId, comment_id: CommentId, file: CommentFile) -> str:
    return "/".join(("/v1/files", *(quote(part, safe="") for part in (conversation_id, comment_id, file.sha256))))


async def send_file(client: Exchanging, conversation_id: ConversationId, comment_id: CommentId, file: CommentFile, path: Path) -> None:
    """Hand a file in; again is no harm.

    Raises:
        ServerAway, RequestRefused …: as for any call.
        OSError: The file cannot be read.
    """
    with await in_thread(path.open, "rb") as content:
        await client.exchange("PUT", _path(conversation_id, comment_id, file), content, seconds=FILE_SECONDS)


async def fetch_file(client: Exchanging, conversation_id: ConversationId, comment_id: CommentId, file: CommentFile) -> bytes:
    """Its bytes.

    Raises:
        ServerStrange: They are not those that were put there.
        ServerAway, RequestRefused …: as for any call.
    """
    content = await client.exchange("GET", _path(conversation_id, comment_id, file), seconds=FILE_SECONDS)
    if await in_thread(_hash, content) != file.sha256:
        raise ServerStrange("the team", f"what it gave for {file.name} is not the file that was put there")
    return content


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""Files of comments, in and out, as a stream: never more of one in memory than a piece."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator

from aiohttp import web

from mailsync.server.calls import BYTES, Call
from mailsync.server.errors import MalformedCall, NotNow, NotThere, TooLarge
from store.domain.comment_files import FILE_AT_MOST, is_hash
from store.domain.ids import CommentId, ConversationId, InboxKey
from store.team.comment_files import PIECE_BYTES, NoRoom, NotThisFile, Which

PIECE_SECONDS = 30.0
"""For the next piece of a body to arrive, or to be taken."""
FILE_SECONDS = 600.0
"""For all of them: 20 MB over a line of 300 kbit/s."""
_COMMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def inbox_of_file(call: Call) -> InboxKey | None:
    """The inbox of the conversation in the path."""
    return await call.house.desk.inbox_of(call.path("conversation_id"))


async def put_file(call: Call) -> web.Response:
    """Take a file in. It is kept for a day, and for as long as its comment once that is made.

    Raises:
        NotThere: No such conversation.
        MalformedCall: The path or the length cannot be, or the bytes are not those of the hash.
        TooLarge, TooMany, NotNow: As they say.
    """
    which, size = _which(call), call.request.content_length
    if size is None:
        raise MalformedCall("A file needs a Content-Length.")
    if not 0 < size <= FILE_AT_MOST:
        raise TooLarge(f"A file has 1 to {FILE_AT_MOST} bytes.")
    conversation_id = await _conversation(call)
    files, member = call.house.desk.files, call.caller.known.key
    with call.house.lines.large(member):
        try:
            wanted = await files.begin(which, conversation_id, member, size)
        except NoRoom as error:
            raise TooLarge(f"{error}.") from error
        except NotThisFile as error:
            raise MalformedCall(f"{error}.") from error
        if wanted:
            await _take(call, which, size)
        else:
            # It is here: asked again after an answer that was lost. Its bytes are heard out, so that the answer is.
            async for _piece in _pieces(call, size):
                continue
    return web.Response(status=204)


async def _take(call: Call, which: Which, size: int) -> None:
    files, digest, n = call.house.desk.files, hashlib.sha256(), 0
    whole = False
    try:
        async for piece in _pieces(call, size):
            digest.update(piece)
            await files.add(which, n, piece)
            n += 1
        if digest.hexdigest() != which.sha256:
            raise MalformedCall("The bytes are not those that were named.")
        try:
            await files.end(which, size)
        except NotThisFile as error:
            raise MalformedCall(f"{error}.") from error
        whole = True
    finally:
        if not whole:
            await asyncio.shield(files.drop(which))


async def _pieces(call: Call, size: int) -> AsyncIterator[bytes]:
    """The body, in pieces of `PIECE_BYTES` but for the last.

    Raises:
        NotNow: It comes too slowly.
        MalformedCall: It broke off.
    """
    held, came = bytearray(), 0
    loop = asyncio.get_running_loop()
    end = loop.time() + FILE_SECONDS
    while came < size:
        try:
            async with asyncio.timeout_at(min(end, loop.time() + PIECE_SECONDS)):
                read = await call.request.content.readany()
        except TimeoutError as error:
            raise NotNow("The file did not arrive in time.") from error
        except (OSError, web.RequestPayloadError) as error:
            raise MalformedCall("The file did not arrive whole.") from error
        if not read:
            raise MalformedCall("The file did not arrive whole.")
        came += len(read)
        if came > size:
            # It was packed, and is more than what it was said to be.
            raise MalformedCall("The file has another length than was said.")
        held += read
        while len(held) >= PIECE_BYTES:
            yield bytes(held[:PIECE_BYTES])
            del held[:PIECE_BYTES]
    if held:
        yield bytes(held)


async def get_file(call: Call) -> web.StreamResponse:
    """Hand a file out, to whoever may see the conversation whose comment names it.

    Raises:
        NotThere: No such conversation, or no comment there has such a file (any more).
    """
    which = _which(call)
    state = await call.house.desk.state(await _conversation(call))
    said = (file for comment in state.comments if comment.id == which.comment_id for file in comment.files) if state is not None else ()
    file = next((one for one in said if one.sha256 == which.sha256), None)
    if file is None:
        raise NotThere("There is no such file.")
    answer = web.StreamResponse(
        headers={
            "Content-Type": BYTES,
            "Content-Length": str(file.size_bytes),
            # Whatever a browser that was led here thinks of the bytes: it neither shows nor runs them.
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
    )
    with call.house.lines.large(call.caller.known.key):
        await answer.prepare(call.request)
        try:
            async with asyncio.timeout(FILE_SECONDS):
                async for piece in call.house.desk.files.pieces(which):
                    async with asyncio.timeout(PIECE_SECONDS):
                        await answer.write(piece)
        except (TimeoutError, OSError):
            # Whoever does not read it, or is gone, gets no end of it.
            if call.request.transport is not None:
                call.request.transport.abort()
        else:
            await answer.write_eof()
    return answer


def _which(call: Call) -> Which:
    comment_id, sha256 = call.path("comment_id"), call.path("sha256")
    if not _COMMENT_ID.fullmatch(comment_id) or not is_hash(sha256):
        raise MalformedCall("A file is named by the id of its comment and its SHA-256.")
    return Which(CommentId(comment_id), sha256)


async def _conversation(call: Call) -> ConversationId:
    found = await call.house.desk.resolve(call.path("conversation_id"))
    if found is None:
        raise NotThere("There is no such conversation.")
    return found

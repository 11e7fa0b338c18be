"""Files on their way to a comment and after: taken in piece by piece, bounded, handed out again; the bytes lie beside the journal."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from functools import partial

import msgspec

from store.clock import Clock
from store.domain.comment_files import FILE_AT_MOST, FILES_AT_MOST
from store.domain.ids import CommentId, ConversationId, MemberKey
from store.errors import BadInput
from store.team import file_statements as f
from store.team.connection import Connection
from store.team.rows import run, to_micros, value
from store.team.sql import Statement
from store.team.writing import Ask, Write

PIECE_BYTES = 256 * 1024
UNSAID_AT_MOST = 2 * FILES_AT_MOST * FILE_AT_MOST
"""Bytes that one member may have handed in for comments that they have not made yet."""
FORGOTTEN_AFTER = timedelta(days=1)
"""A file whose comment never came is thrown away after this, at the next one that is handed in."""


class Which(msgspec.Struct, frozen=True):
    """One file by its comment and the SHA-256 of its bytes."""

    comment_id: CommentId
    sha256: str


class NoRoom(BadInput):
    """More than the house keeps, or than one member may have under way."""


class NotThisFile(BadInput):
    """It is somebody else's, or what came is not what was said."""


class CommentFiles:
    """The desk's part. `most_bytes`: of all files of the house together."""

    def __init__(self, clock: Clock, write: Write, ask: Ask, most_bytes: int) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask
        self._most_bytes = most_bytes

    async def begin(self, which: Which, conversation_id: ConversationId, member: MemberKey, size_bytes: int) -> bool:
        """Make room for a file; False: it is here already, all of it. What was cut off before begins anew.

        Raises:
            NotThisFile: It was handed in by somebody else.
            NoRoom: It would be too much.
        """
        work = partial(begin_file, which=which, conversation_id=conversation_id, member=member, size_bytes=size_bytes, now=self._clock.now())
        return await self._write(partial(work, most_bytes=self._most_bytes))

    async def add(self, which: Which, n: int, piece: bytes) -> None:
        """Keep its piece `n`, from 0."""
        await self._write(partial(add_piece, which=which, n=n, piece=piece))

    async def end(self, which: Which, size_bytes: int) -> None:
        """All of it is here.

        Raises:
            NotThisFile: It is not: two calls brought the same file, and one began anew. Nothing of it is kept.
        """
        if not await self._write(partial(end_file, which=which, size_bytes=size_bytes, now=self._clock.now())):
            raise NotThisFile("the file did not arrive whole; hand it in again")

    async def drop(self, which: Which) -> None:
        """Forget a file whose comment was not made."""
        await self._write(partial(_drop, which=which))

    async def pieces(self, which: Which) -> AsyncIterator[bytes]:
        """Its bytes in order."""
        n = 0
        while (piece := await self._ask(partial(_piece, which=which, n=n))) is not None:
            yield piece
            n += 1


def arrived(connection: Connection, member: MemberKey, comment_id: CommentId) -> frozenset[tuple[str, int]]:
    """SHA-256 and size of what a member has handed in for a comment they have not made yet."""
    return frozenset((str(row[0]), int(row[1])) for row in run(connection, f.FILES_WHOLE, comment=comment_id, member=member))


def hash_of(connection: Connection, which: Which) -> str:
    """Of what is kept, hex."""
    digest = hashlib.sha256()
    for piece in _all_pieces(connection, which):
        digest.update(piece)
    return digest.hexdigest()


def _all_pieces(connection: Connection, which: Which) -> Iterator[bytes]:
    n = 0
    while (piece := _piece(connection, which=which, n=n)) is not None:
        yield piece
        n += 1


def begin_file(
    connection: Connection, *, which: Which, conversation_id: ConversationId, member: MemberKey, size_bytes: int, now: datetime, most_bytes: int
) -> tuple[bool, tuple[()]]:
    """Make room; False: it is here. Inside the writer's transaction, as the next two are.

    Raises:
        NotThisFile, NoRoom: As `CommentFiles.begin`.
    """
    for comment, sha256 in run(connection, f.FORGOTTEN, before=to_micros(now - FORGOTTEN_AFTER)):
        _drop(connection, which=Which(CommentId(str(comment)), str(sha256)))
    found = run(connection, f.GET_FILE, comment=which.comment_id, hash=which.sha256)
    if found:
        _, whose, size, whole_at, said_at = found[0]
        if whose != member:
            raise NotThisFile("this file was handed in by somebody else")
        if size == size_bytes and (whole_at is not None or said_at is not None):
            return False, ()
        _drop(connection, which=which)
    if _number(connection, f.BYTES_UNSAID, member=member) + size_bytes > UNSAID_AT_MOST:
        raise NoRoom("too many files are waiting for their comments; those are thrown away after a day")
    if _number(connection, f.BYTES_OF_ALL) + size_bytes > most_bytes:
        raise NoRoom("the house keeps no more files on comments; whoever runs the server can raise `server.comment_files_mb`")
    run(
        connection,
        f.PUT_FILE,
        comment_id=which.comment_id,
        sha256=which.sha256,
        conversation_id=conversation_id,
        member=member,
        size_bytes=size_bytes,
        began_at=to_micros(now),
        whole_at=None,
        said_at=None,
    )
    return True, ()


def _number(connection: Connection, statement: Statement, **given: object) -> int:
    return int(str(value(connection, statement, **given)))


def add_piece(connection: Connection, *, which: Which, n: int, piece: bytes) -> tuple[None, tuple[()]]:
    """Keep a piece."""
    run(connection, f.PUT_PIECE, comment_id=which.comment_id, sha256=which.sha256, n=n, content=piece)
    return None, ()


def end_file(connection: Connection, *, which: Which, size_bytes: int, now: datetime) -> tuple[bool, tuple[()]]:
    """Note that it is whole; False: it is not, and nothing of it is kept."""
    _, there = run(connection, f.PIECES_AND_BYTES, comment=which.comment_id, hash=which.sha256)[0]
    if int(str(there)) != size_bytes:
        _drop(connection, which=which)
        return False, ()
    run(connection, f.END_FILE, comment=which.comment_id, hash=which.sha256, now_at=to_micros(now))
    return True, ()


def _drop(connection: Connection, *, which: Which) -> tuple[None, tuple[()]]:
    found = run(connection, f.GET_FILE, comment=which.comment_id, hash=which.sha256)
    if found and found[0][4] is None:
        run(connection, f.DROP_PIECES, comment=which.comment_id, hash=which.sha256)
        run(connection, f.DROP_FILE, comment=which.comment_id, hash=which.sha256)
    return None, ()


def _piece(connection: Connection, *, which: Which, n: int) -> bytes | None:
    found = value(connection, f.GET_PIECE, comment=which.comment_id, hash=which.sha256, n=n)
    return bytes(found) if isinstance(found, bytes | bytearray | memoryview) else None

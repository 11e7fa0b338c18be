"""Files on their way to a comment: copied into the home first, so that whatever happens to the original, what was meant is what is sent.

They lie below `waiting/`, a folder for each comment, each file under its SHA-256 and for its owner only; a wiped home has none.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from store.domain.comment_files import FILE_AT_MOST, CommentFile
from store.domain.ids import CommentId
from store.errors import BadInput

WAITING = "waiting"
PIECE_BYTES = 1 << 20
LEFT_FOR = timedelta(days=7)
"""What belongs to no waiting comment (it was refused, or given up) goes after this."""

NO_SUCH, NO_FILE, EMPTY = "there is no such file", "it is no file", "it is empty"
TOO_LARGE = f"it is larger than {FILE_AT_MOST // 1_000_000} MB"


class CannotAttach(BadInput):
    """A file that cannot be put to a comment. The home and the file are as they were."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name or path} cannot be attached: {why}", path=path.name or path, why=why)


class WaitingFiles:
    """Those of one home. Blocking; call it from a thread."""

    def __init__(self, home: Path) -> None:
        self._folder = home / WAITING

    def put(self, comment_id: CommentId, source: Path, name: str) -> CommentFile:
        """Copy a file in; it is on the disk when this returns. `name`: what the team is to call it.

        Raises:
            CannotAttach: It is no file, too large, empty, or cannot be read; or the home takes nothing more.
        """
        try:
            # Not blocking: a pipe that nobody writes to is no file, and must hold up nobody.
            descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise CannotAttach(source, NO_SUCH) from error
        except (OSError, ValueError) as error:
            raise CannotAttach(source, getattr(error, "strerror", None) or str(error)) from error
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            raise CannotAttach(source, NO_FILE)
        with os.fdopen(descriptor, "rb") as content:
            if found.st_size > FILE_AT_MOST:
                raise CannotAttach(source, TOO_LARGE)
            try:
                return self._copied(comment_id, content, source, name)
            except OSError as error:
                raise CannotAttach(source, error.strerror or str(error)) from error

    def _copied(self, comment_id: CommentId, content: IO[bytes], source: Path, name: str) -> CommentFile:
        folder = self._folder / comment_id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part, digest, size = folder / f".{os.getpid()}", hashlib.sha256(), 0
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as copy:
                # It may grow while it is read: what counts is what was copied.
                while (piece := content.read(PIECE_BYTES)) and size <= FILE_AT_MOST:
                    size += len(piece)
                    digest.update(piece)
                    copy.write(piece)
                copy.flush()
                os.fsync(copy.fileno())
            if not 0 < size <= FILE_AT_MOST:
                raise CannotAttach(source, TOO_LARGE if size else EMPTY)
            part.replace(folder / digest.hexdigest())
            _settle(folder, self._folder)
        finally:
            part.unlink(missing_ok=True)
        return CommentFile(name, size, digest.hexdigest())

    def path(self, comment_id: CommentId, sha256: str) -> Path | None:
        """Where the copy lies; None: there is none here."""
        path = self._folder / comment_id / sha256
        return path if path.is_file() else None

    def drop(self, comment_id: CommentId) -> None:
        """The comment is made, or given up."""
        shutil.rmtree(self._folder / comment_id, ignore_errors=True)

    def sweep(self, waiting: Collection[CommentId], now: datetime) -> None:
        """Throw away what was left behind long ago by comments that are not `waiting`."""
        before = (now - LEFT_FOR).timestamp()
        with suppress(OSError):
            for folder in list(self._folder.iterdir()):
                if folder.name not in waiting and folder.stat().st_mtime < before:
                    shutil.rmtree(folder, ignore_errors=True)


def _settle(*folders: Path) -> None:
    """Have their entries on the disk."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""What can go wrong with a database, sorted by what the caller can do.

    StoreError               exit code 1
    ├── StoreLocked          another process writes for too long: try again
    ├── DiskFull             no room: nothing was changed; make room, try again
    ├── DiskFailed           the disk or its file system failed: nothing is acknowledged
    ├── StoreAway            a database on another machine does not answer: exit code 3
    ├── CannotOpen           missing, no right, read-only, not a file
    ├── StoreCorrupt         damaged: a cache is rebuilt, a journal restored from its backup
    ├── StoreTooNew          written by a newer madoguchi: update this one
    ├── StoreTooOld          written by an older madoguchi whose servers may still run: stop them, migrate
    ├── OtherEpoch           the mirror belongs to another epoch of the server: load a snapshot
    ├── ConstraintBroken     a row that must not be was handed in
    ├── ReadGivenUp          interrupted or aborted: ask again
    ├── StoreClosed          used after `close()`
    ├── OutOfMemory          memory, or one of SQLite's size limits
    └── StoreMisused         a bug of ours: wrong SQL, wrong bindings, wrong thread

Every exception class of apsw is one of these (`store.sqlite.foreign`, proved by a test).
"""

from pathlib import Path

from store.errors import MadoError


class StoreError(MadoError):
    """A database could not do what it was asked. `facts["path"]` is its file."""

    what = "failed"

    def __init__(self, path: Path | str, detail: str = "") -> None:
        super().__init__(f"{path}: {self.what}{f' ({detail})' if detail else ''}", path=str(path), detail=detail)


class StoreLocked(StoreError):
    """Another process held the write lock longer than the busy time-out. Nothing was changed."""

    what = "another program is writing to it; nothing was changed, try again"


class DiskFull(StoreError):
    """No room. Nothing was changed."""

    what = "the disk is full; nothing was changed, make room and try again"


class DiskFailed(StoreError):
    """Reading or writing the file failed."""

    what = "the disk could not be read or written; nothing was changed"


class StoreAway(StoreError):
    """The database's server cannot be reached, or ended the session. What was being written is certain only if it was acknowledged."""

    what = "does not answer; try again when it is back"
    exit_code = 3


class CannotOpen(StoreError):
    """Missing, not readable, not writable, or not a file."""

    what = "cannot be opened; look at its folder and its access rights"


class StoreCorrupt(StoreError):
    """The file is damaged, or no database at all."""

    what = "is damaged; a mail cache is rebuilt at the next start, a server's journal must be restored from its backup"


class StoreTooNew(StoreError):
    """A newer madoguchi wrote it."""

    what = "was written by a newer madoguchi; update this one"


class StoreTooOld(StoreError):
    """An older madoguchi wrote it, and servers of that age may still be at work."""

    what = "was written by an older madoguchi; stop every server, make a backup, and run `mado server migrate`"


class OtherEpoch(StoreError):
    """The server was restored since the mirror was made."""

    what = "mirrors another epoch of the server; it must be loaded anew"


class ConstraintBroken(StoreError):
    """A row that must not be: doubled, or without what it refers to."""

    what = "refused a row"


class ReadGivenUp(StoreError):
    """Interrupted, aborted, or the schema changed under it."""

    what = "did not finish; ask again"


class StoreClosed(StoreError):
    """Used after `close()`."""

    what = "is closed"


class OutOfMemory(StoreError):
    """Memory, or one of SQLite's limits, was not enough."""

    what = "needs more memory than there is"


class StoreMisused(StoreError):
    """A bug of ours."""

    what = "was asked for something impossible; this is a bug, please report it"

"""What each error of apsw means to us; `connection.py` raises nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from store.sqlite.errors import (
    CannotOpen,
    ConstraintBroken,
    DiskFailed,
    DiskFull,
    OutOfMemory,
    ReadGivenUp,
    StoreClosed,
    StoreCorrupt,
    StoreError,
    StoreLocked,
    StoreMisused,
)

MEANING: dict[type[apsw.Error], type[StoreError]] = {
    apsw.BusyError: StoreLocked,
    apsw.LockedError: StoreLocked,
    # A WAL whose locks behave oddly: another process recovers it at this moment, or the file system has no locks.
    apsw.ProtocolError: StoreLocked,
    apsw.FullError: DiskFull,
    apsw.IOError: DiskFailed,
    apsw.NoLFSError: DiskFailed,
    apsw.CantOpenError: CannotOpen,
    apsw.PermissionsError: CannotOpen,
    apsw.ReadOnlyError: CannotOpen,
    apsw.AuthError: CannotOpen,
    apsw.CorruptError: StoreCorrupt,
    apsw.NotADBError: StoreCorrupt,
    apsw.FormatError: StoreCorrupt,
    apsw.EmptyError: StoreCorrupt,
    apsw.ConstraintError: ConstraintBroken,
    apsw.MismatchError: ConstraintBroken,
    apsw.InterruptError: ReadGivenUp,
    apsw.AbortError: ReadGivenUp,
    apsw.ExecTraceAbort: ReadGivenUp,
    apsw.SchemaChangeError: ReadGivenUp,
    apsw.ConnectionClosedError: StoreClosed,
    apsw.CursorClosedError: StoreClosed,
    apsw.VFSFileClosedError: StoreClosed,
    apsw.NoMemError: OutOfMemory,
    apsw.TooBigError: OutOfMemory,
    apsw.BindingsError: StoreMisused,
    apsw.ConnectionNotClosedError: StoreMisused,
    apsw.ExecutionCompleteError: StoreMisused,
    apsw.ExtensionLoadingError: StoreMisused,
    apsw.ForkingViolationError: StoreMisused,
    apsw.IncompleteExecutionError: StoreMisused,
    apsw.InternalError: StoreMisused,
    apsw.InvalidContextError: StoreMisused,
    apsw.MisuseError: StoreMisused,
    apsw.NoFTS5Error: StoreMisused,
    apsw.NotFoundError: StoreMisused,
    apsw.RangeError: StoreMisused,
    apsw.SQLError: StoreMisused,
    apsw.ThreadingViolationError: StoreMisused,
    apsw.VFSNotImplementedError: StoreMisused,
}
"""Exact classes: none of them inherits from another but `apsw.Error`."""


def ours(error: apsw.Error, path: Path) -> StoreError:
    """What apsw's error means to us, with SQLite's own words; those never hold a bound value, so no secret."""
    return MEANING.get(type(error), StoreMisused)(path, str(error))


@contextmanager
def mapped(path: Path) -> Iterator[None]:
    """Let no error of apsw out of the block; each becomes one of `store.sqlite.errors`."""
    try:
        yield
    except apsw.Error as error:
        raise ours(error, path) from error

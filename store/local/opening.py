"""Making a database ready: created, checked, brought up to date, or set aside and made anew. Safe with several processes at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from store.local.kept_schema import KEPT_STEPS
from store.local.recognising import APPLICATION_ID, Stranger, version_of
from store.local.schema import CACHE_SCHEMA, CACHE_VERSION
from store.sqlite.connection import connect
from store.sqlite.errors import CannotOpen, StoreCorrupt
from store.sqlite.flock import locked

CACHE_MARK = "mailbox"
KEPT_MARK = "draft"
"""A table that every version of the file has."""
DAMAGED_MARK = ".is-damaged"
"""An empty file of this suffix beside a database: a running program found damage, the next start makes it anew."""


def open_cache(path: Path) -> str | None:
    """Make the mail cache ready; the answer is a sentence about a repair, or None.

    An older one is dropped, a damaged one or another program's is set aside: all of it can be fetched again.

    Raises:
        StoreTooNew: A newer madoguchi wrote it; nothing was touched.
        CannotOpen: The folder or the file cannot be used.
        StoreLocked: Another program keeps it to itself.
    """
    if _is_ready(path, CACHE_VERSION, CACHE_MARK):
        return None
    with _alone(path):
        said: str | None = None
        try:
            version = _version(path, CACHE_VERSION, CACHE_MARK)
        except StoreCorrupt:
            version, said = 0, f"The mail cache was damaged and is fetched again; the damaged one is {set_aside(path)}"
        if isinstance(version, Stranger):
            version, said = 0, _stranger_words(path)
        if 0 < version < CACHE_VERSION:
            _remove(path)
            version, said = 0, "The mail cache was of an older version and is fetched again"
        if version == 0:
            _create_cache(path)
    return said


def open_kept(path: Path, steps: Sequence[str] = KEPT_STEPS) -> str | None:
    """Make the file of drafts and waiting commands ready; the answer is a sentence about a repair, or None.

    It is never dropped: an older one is brought up to date, and kept as it was beside it; a damaged one or another program's is set
    aside for a person to look at.

    Raises:
        StoreTooNew: A newer madoguchi wrote it; nothing was touched.
        CannotOpen: The folder or the file cannot be used.
        StoreLocked: Another program keeps it to itself.
        DiskFull: There is no room to bring it up to date; nothing was touched.
    """
    if _is_ready(path, len(steps), KEPT_MARK):
        return None
    with _alone(path):
        said: str | None = None
        try:
            version = _version(path, len(steps), KEPT_MARK)
        except StoreCorrupt:
            version, said = 0, f"The file of drafts was damaged; a new one was made, and the damaged one is kept as {set_aside(path)}"
        if isinstance(version, Stranger):
            version, said = 0, _stranger_words(path)
        if version < len(steps):
            _bring_up(path, version, steps)
    return said


def mark_damaged(path: Path) -> None:
    """Have the next start set this database aside."""
    _mark(path).touch(mode=0o600)


def is_marked_damaged(path: Path) -> bool:
    """Whether the next start has to set this database aside."""
    return _mark(path).exists()


def set_aside(path: Path) -> Path:
    """Rename a database, WAL included, to the first free `….damaged-N`; the answer is its new name."""
    return _rename(path, "damaged")


def _stranger_words(path: Path) -> str:
    return f"{path} was a file of another program; a new one was made, and the other is kept as {_rename(path, 'other')}"


def _rename(path: Path, what: str) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.{what}-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    _mark(path).unlink(missing_ok=True)
    return aside


def _mark(path: Path) -> Path:
    return path.with_name(path.name + DAMAGED_MARK)


def _is_ready(path: Path, version: int, mark: str) -> bool:
    # The common case, without the lock and without writing: `mado list` beside a syncing terminal.
    try:
        return path.exists() and _version(path, version, mark) == version
    except StoreCorrupt:
        return False


def _version(path: Path, newest: int, mark: str) -> int | Stranger:
    if is_marked_damaged(path):
        raise StoreCorrupt(path, "found while running")
    return version_of(path, newest, mark)


def _create_cache(path: Path) -> None:
    connection = connect(path)
    try:
        with connection.transaction():
            connection.execute(CACHE_SCHEMA)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.set_user_version(CACHE_VERSION)
    finally:
        connection.close()


def _bring_up(path: Path, version: int, steps: Sequence[str]) -> None:
    """Do the steps that a file of this version lacks, all or none."""
    connection = connect(path, durable=True)
    try:
        if version:
            before = path.with_name(f"{path.name}.version-{version}")
            before.unlink(missing_ok=True)
            # SQLite would make it with the umask's rights; an empty file it takes as it is.
            before.touch(mode=0o600)
            # Not a copy of the file: what still lies in the WAL would be missing in that.
            connection.execute("VACUUM INTO ?", (str(before),))
        with connection.transaction():
            for step in steps[version:]:
                connection.execute(step)
            connection.set_user_version(len(steps))
    finally:
        connection.close()


def _remove(path: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.with_name(path.name + ".opening")):
            yield
    except OSError as error:
        raise CannotOpen(path, error.strerror or "") from error

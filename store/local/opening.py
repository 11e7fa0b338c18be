"""Making a database ready: created, or checked, or set aside and made anew. Safe with several processes at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.local.schema import CACHE_SCHEMA, CACHE_VERSION, KEPT_SCHEMA, KEPT_VERSION
from store.sqlite.connection import connect
from store.sqlite.errors import CannotOpen, StoreCorrupt, StoreTooNew
from store.sqlite.flock import locked

DAMAGED_MARK = ".is-damaged"
"""An empty file of this suffix beside a database: a running program found damage, the next start makes it anew."""


def open_cache(path: Path) -> str | None:
    """Make the mail cache ready; the answer is a sentence about a repair, or None.

    An older one is dropped, a damaged one is set aside: all of it can be fetched again.

    Raises:
        StoreTooNew: A newer madoguchi wrote it; nothing was touched.
        CannotOpen: The folder or the file cannot be used.
    """
    if _is_ready(path, CACHE_VERSION):
        return None
    with _alone(path):
        try:
            version = _version(path)
            if version not in {0, CACHE_VERSION}:
                _remove(path)
        except StoreCorrupt:
            aside = set_aside(path)
            _create(path, CACHE_SCHEMA, CACHE_VERSION, durable=False)
            return f"The mail cache was damaged and is fetched again; the damaged one is {aside}"
        if version != CACHE_VERSION:
            _create(path, CACHE_SCHEMA, CACHE_VERSION, durable=False)
    return None


def open_kept(path: Path) -> str | None:
    """Make the file of drafts and waiting commands ready; the answer is a sentence about a repair, or None.

    It is never dropped: a damaged one is set aside for a person to look at.

    Raises:
        StoreTooNew: A newer madoguchi wrote it; nothing was touched.
        CannotOpen: The folder or the file cannot be used.
    """
    if _is_ready(path, KEPT_VERSION):
        return None
    with _alone(path):
        try:
            version = _version(path)
        except StoreCorrupt:
            aside = set_aside(path)
            _create(path, KEPT_SCHEMA, KEPT_VERSION, durable=True)
            return f"The file of drafts was damaged; a new one was made, and the damaged one is kept as {aside}"
        if version == 0:
            _create(path, KEPT_SCHEMA, KEPT_VERSION, durable=True)
    return None


def mark_damaged(path: Path) -> None:
    """Have the next start set this database aside."""
    _mark(path).touch(mode=0o600)


def is_marked_damaged(path: Path) -> bool:
    """Whether the next start has to set this database aside."""
    return _mark(path).exists()


def set_aside(path: Path) -> Path:
    """Rename a database, WAL included, to the first free `….damaged-N`; the answer is its new name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    _mark(path).unlink(missing_ok=True)
    return aside


def _mark(path: Path) -> Path:
    return path.with_name(path.name + DAMAGED_MARK)


def _is_ready(path: Path, version: int) -> bool:
    # The common case, without the lock and without writing: `mado list` beside a syncing terminal.
    if not path.exists():
        return False
    try:
        return _version(path) == version
    except StoreCorrupt:
        return False


def _version(path: Path) -> int:
    """The schema's version, 0 for an empty or missing file; refuses a newer one."""
    if is_marked_damaged(path):
        raise StoreCorrupt(path, "found while running")
    if not path.exists():
        return 0
    connection = connect(path)
    try:
        version = connection.user_version
        connection.execute("SELECT count(*) FROM sqlite_schema")
    finally:
        connection.close()
    if version > max(CACHE_VERSION, KEPT_VERSION):
        raise StoreTooNew(path, f"version {version}")
    return version


def _create(path: Path, schema: str, version: int, *, durable: bool) -> None:
    connection = connect(path, durable=durable)
    try:
        with connection.transaction():
            if connection.user_version == 0:
                connection.execute(schema)
                connection.set_user_version(version)
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

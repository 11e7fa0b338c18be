"""The rows of a long table in one test: a test of its own for each costs more than what it looks at. What fails names its row."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def row(name: object) -> Iterator[None]:
    """with row(name): assert … A failure says in which row."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"in the row {name!r}")
        raise

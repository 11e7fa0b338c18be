"""How the parts of the desk write and read: what each is handed, so that none knows the desk."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from store.team.connection import Connection
from store.team.values import Published

T = TypeVar("T")

Written = tuple[T, tuple[Published, ...]]


class Write(Protocol):
    """How the desk writes and publishes."""

    def __call__(self, work: Callable[[Connection], Written[T]]) -> Awaitable[T]:
        """Run `work` in the writer's transaction."""
        ...


class Ask(Protocol):
    """How the desk reads."""

    def __call__(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work` on the reader's thread."""
        ...

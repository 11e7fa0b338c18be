"""What the server's statements run on: one face for SQLite's connection and PostgreSQL's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from store.sqlite.connection import Question, Row, SqlValue

__all__ = ["Connection", "Question", "Row", "SqlValue"]


class Connection(Protocol):
    """Used by one thread at a time. Every error is one of `store.sqlite.errors`."""

    @property
    def dialect(self) -> str:
        """Which text of a statement it understands: a key of `store.team.sql.DIALECTS`."""
        ...

    @property
    def path(self) -> Path | str:
        """Names the database in errors; no secret is in it."""
        ...

    @property
    def undone(self) -> int:
        """Grows whenever something written here was rolled back: what was remembered of it before is void."""
        ...

    @property
    def counted(self) -> dict[str, int] | None:
        """The counters, where nobody else can move them before this transaction ends; None: ask the database each time."""
        ...

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> list[Row]:
        """Run one statement; all rows at once. What gives no rows may be run later, but in order, and before the transaction ends."""
        ...

    def execute_all(self, asked: Sequence[tuple[str, Sequence[SqlValue]]]) -> list[list[Row]]:
        """Run several statements that give rows; where the database is elsewhere, for the wait of one."""
        ...

    def learn(self, question: Question, rows: list[Row]) -> None:
        """This transaction has just made this the answer: whoever asks before it changes need not wait."""
        ...

    def value(self, sql: str, params: Sequence[SqlValue] = ()) -> Any:
        """The first column of the first row, or None."""
        ...

"""What a transaction knows already: answers that were fetched for several works at once, and those that it has just written itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from store.sqlite.connection import Question, Row, SqlValue


class Ahead:
    """Of one transaction that nobody else can write beside. A write that names what an answer depends on makes it unknown again."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, tuple[SqlValue, ...]], list[Row]] = {}
        self._named: defaultdict[SqlValue, list[tuple[str, tuple[SqlValue, ...]]]] = defaultdict(list)

    def learn(self, question: Question, rows: list[Row]) -> None:
        """This is the answer by now."""
        asked = (question.sql, tuple(question.params))
        self._answers[asked] = rows
        self._named[question.named].append(asked)

    def answer(self, sql: str, params: Sequence[SqlValue]) -> list[Row] | None:
        """None: it must be asked."""
        return self._answers.get((sql, tuple(params))) if self._answers else None

    def answers(self, asked: Iterable[tuple[str, Sequence[SqlValue]]]) -> list[list[Row]] | None:
        """All of them, or None."""
        found = []
        for sql, params in asked:
            if (rows := self.answer(sql, params)) is None:
                return None
            found.append(rows)
        return found

    def written(self, params: Sequence[SqlValue]) -> None:
        """A statement that writes was run with these."""
        if not self._answers:
            return
        for value in params:
            if type(value) is str and value in self._named:
                for asked in self._named.pop(value):
                    self._answers.pop(asked, None)

    def forget(self) -> None:
        """Another transaction, or a part of this one was undone."""
        self._answers.clear()
        self._named.clear()

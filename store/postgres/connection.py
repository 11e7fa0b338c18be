"""One session with PostgreSQL: statements go out one behind the other, and only who wants rows waits (libpq's pipeline mode)."""

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from psycopg import Error as PsycopgError
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from store.postgres.ahead import Ahead
from store.postgres.foreign import SESSION, TRY_AGAIN, name_of, ours, reach, wait_for
from store.postgres.wire import DECODERS, encoded
from store.sqlite.connection import Question, Row, SqlValue
from store.sqlite.errors import StoreAway, StoreError, StoreLocked

_FAILED = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE, ExecStatus.PIPELINE_ABORTED})
_BINARY = 1
_SESSIONS = count()
"""Another session begins where none has been: what was remembered of an earlier one that broke is void."""

UNSAID = frozenset({"22", "23"})
"""Classes of SQLSTATE whose words may hold a value of the row."""


class TryAgain(StoreLocked):
    """The transaction was undone because of another one: the very same may work now."""


class Connection:
    """Runs SQL with `$1`. Used by one thread at a time; every error is one of `store.sqlite.errors`."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        """Reach the database.

        Raises:
            StoreAway, CannotOpen: as `reach` says.
        """
        self.path = name_of(url)
        self.undone = next(_SESSIONS) << 32
        self.counted: dict[str, int] | None = None
        self.careful = False
        """Wait for each statement, so that an error is told by the one that made it."""
        self._session = reach(url)
        self._session.nonblocking = 1
        self._session.enter_pipeline_mode()
        self._prepared: dict[str, bytes] = {}
        self._named = 0
        self._tag: bytes | None = None
        self._expected: deque[_Sent] = deque()
        self._ahead = Ahead()
        for statement in SESSION:
            self.execute(statement)
        self.settle()

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> list[Row]:
        """Run one statement. One that gives rows is waited for; an error of another one is told by whoever waits next, or by `settle`."""
        reads = _only_reads(sql)
        if reads and (known := self._ahead.answer(sql, params)) is not None:
            return known
        try:
            self._send(sql, params)
            if not reads:
                self._ahead.written(params)
            if _gives_rows(sql):
                self._sync()
                return _rows(self._read_all()[-1])
        except PsycopgError as error:
            raise StoreAway(self.path) from error
        if self.careful:
            self.settle()
        return []

    def execute_all(self, asked: Sequence[tuple[str, Sequence[SqlValue]]]) -> list[list[Row]]:
        """Run several statements that give rows, for the wait of one."""
        if (known := self._ahead.answers(asked)) is not None:
            return known
        try:
            for sql, params in asked:
                self._send(sql, params)
            self._sync()
            return [_rows(result) for result in self._read_all(last=len(asked))]
        except PsycopgError as error:
            raise StoreAway(self.path) from error

    def ask_ahead(self, questions: Sequence[Question]) -> None:
        """Have the answers here before the works of this transaction ask, for the wait of one. Only where nobody else can write."""
        for question, rows in zip(questions, self.execute_all([(one.sql, one.params) for one in questions]), strict=True):
            self._ahead.learn(question, rows)

    def learn(self, question: Question, rows: list[Row]) -> None:
        """This transaction has just made this the answer."""
        self._ahead.learn(question, rows)

    def push(self) -> None:
        """Let the server begin with what was sent, as far as the line takes it; does not wait."""
        try:
            self._session.flush()
        except PsycopgError as error:
            raise StoreAway(self.path) from error

    def value(self, sql: str, params: Sequence[SqlValue] = ()) -> Any:
        """The first column of the first row, or None."""
        rows = self.execute(sql, params)
        return rows[0][0] if rows else None

    def settle(self) -> None:
        """Wait for everything that was sent."""
        try:
            self._sync()
            self._read_all()
        except PsycopgError as error:
            raise StoreAway(self.path) from error

    def begin(self, mode: str = "") -> None:
        """Open a transaction."""
        self._ahead.forget()
        self.execute(f"BEGIN {mode}".rstrip())

    def commit(self) -> None:
        """Everything is there, or the error says why not.

        Raises:
            StoreAway: The line broke: whether it is there must be asked (`pg_xact_status`).
        """
        self.execute("COMMIT")
        self.settle()
        if self._tag != b"COMMIT":
            raise TryAgain(self.path, "COMMIT did not commit")

    def roll_back(self, to: str = "") -> None:
        """Undo the transaction, or what came after a savepoint."""
        self.undone += 1
        self.counted = None
        self._ahead.forget()
        self.execute(f"ROLLBACK TO SAVEPOINT {to}" if to else "ROLLBACK")
        self.settle()

    @property
    def in_transaction(self) -> bool:
        """Whether one is open, failed or not."""
        return self._session.transaction_status not in {TransactionStatus.IDLE, TransactionStatus.UNKNOWN}

    @property
    def socket(self) -> int:
        """For whoever waits for notifications."""
        return int(self._session.socket)

    def notified(self) -> list[tuple[str, str]]:
        """Channel and word of each notification that came since this was last asked; does not wait."""
        came: list[tuple[str, str]] = []
        try:
            self._session.consume_input()
            while (notice := self._session.notifies()) is not None:
                came.append((notice.relname.decode(), notice.extra.decode("utf-8", "replace")))
        except PsycopgError as error:
            raise StoreAway(self.path) from error
        return came

    def close(self) -> None:
        """Give the session back. Closing twice is no error."""
        self._session.finish()

    # How

    def _sync(self) -> None:
        # Never a mere flush request: between statements without a sync PostgreSQL does not count a session as idle in its transaction, and
        # one of a process that is stopped there would keep its locks for as long as it stands still.
        self._session.pipeline_sync()
        self._expected.append(_Sent(syncs=True))

    def _send(self, sql: str, params: Sequence[SqlValue]) -> None:
        name = self._prepared.get(sql)
        if name is None:
            self._named += 1
            name = self._prepared[sql] = b"s%d" % self._named
            self._session.send_prepare(name, sql.encode())
            self._expected.append(_Sent(sql, prepares=True))
        self._session.send_query_prepared(name, *encoded(params), _BINARY)
        self._expected.append(_Sent(sql))

    def _read_all(self, last: int = 1) -> list[PGresult]:
        """Read the answers to all that was sent; returns those of the last statements."""
        newest: deque[PGresult] = deque(maxlen=last)
        while self._expected:
            sent = self._expected.popleft()
            result = self._next()
            if result is None:
                raise StoreAway(self.path)
            if result.status == ExecStatus.PIPELINE_SYNC:
                continue
            # Behind a statement's answer comes an empty one, behind a sync's none.
            self._next()
            if result.status in _FAILED:
                raise self._recovered(result, sent)
            # The result of a PREPARE says nothing.
            if not sent.prepares:
                newest.append(result)
                self._tag = result.command_status
        return list(newest)

    def _next(self) -> PGresult | None:
        session = self._session
        while (unsent := session.flush()) or session.is_busy():
            wait_for(session.socket, write=bool(unsent), seconds=None)
            session.consume_input()
        return session.get_result()

    def _recovered(self, failed: PGresult, sent: "_Sent") -> StoreError:
        """Skip what PostgreSQL did not run any more, so that the session can be used again; returns what happened."""
        state = (failed.error_field(DiagnosticField.SQLSTATE) or b"").decode()
        said = (failed.error_field(DiagnosticField.MESSAGE_PRIMARY) or b"").decode("utf-8", "replace")
        if not state:
            return StoreAway(self.path)
        if not any(each.syncs for each in self._expected):
            self._sync()
        skipped = [sent]
        while not skipped[-1].syncs:
            skipped.append(self._expected.popleft())
            if self._next() is None:
                return StoreAway(self.path)
            if not skipped[-1].syncs:
                self._next()
        for each in skipped:
            if each.prepares:
                self._prepared.pop(each.sql, None)
        if state in TRY_AGAIN:
            return TryAgain(self.path, f"SQLSTATE {state}")
        return ours(state, self.path, "" if state[:2] in UNSAID else said)


class _Sent(NamedTuple):
    """What an answer is expected for."""

    sql: str = ""
    prepares: bool = False
    syncs: bool = False


@lru_cache(maxsize=1024)
def _gives_rows(sql: str) -> bool:
    return sql.lstrip()[:6].upper() in {"SELECT", "WITH R"} or "RETURNING " in sql


@lru_cache(maxsize=1024)
def _only_reads(sql: str) -> bool:
    return sql.lstrip()[:6].upper() == "SELECT" and "FOR UPDATE" not in sql


def _rows(result: PGresult) -> list[Row]:
    columns = [(column, DECODERS[result.ftype(column)]) for column in range(result.nfields)]
    rows: list[Row] = []
    for row in range(result.ntuples):
        values = []
        for column, decode in columns:
            raw = result.get_value(row, column)
            values.append(None if raw is None else decode(raw))
        rows.append(tuple(values))
    return rows

"""Between values and rows: running a declared statement, times as microseconds, JSON by msgspec."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import Recorded, TeamEvent
from store.domain.people import Member
from store.domain.template import Template
from store.team.connection import Connection, Question, Row, SqlValue
from store.team.sql import SQLITE, Statement
from store.team.values import Executed, Rejected

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

to_json = msgspec.json.Encoder().encode
read_conversation = msgspec.json.Decoder(Conversation).decode
read_recorded = msgspec.json.Decoder(Recorded).decode
read_team_event: Callable[[bytes], TeamEvent] = msgspec.json.Decoder(TeamEvent).decode
read_member = msgspec.json.Decoder(Member).decode
read_template = msgspec.json.Decoder(Template).decode
_outcomes: msgspec.json.Decoder[Executed | Rejected] = msgspec.json.Decoder(Executed | Rejected)
read_outcome = _outcomes.decode


def run(connection: Connection, statement: Statement, **given: object) -> list[Row]:
    """Run a statement with its parameters by name; all rows at once."""
    sql, params = statement.bind(given, connection.dialect)
    return connection.execute(sql, cast("list[SqlValue]", params))


def run_all(connection: Connection, asked: Sequence[tuple[Statement, dict[str, object]]]) -> list[list[Row]]:
    """Run several statements that give rows, for the wait of one; none, for no wait."""
    if not asked:
        return []
    bound = [statement.bind(given, connection.dialect) for statement, given in asked]
    return connection.execute_all(cast("list[tuple[str, list[SqlValue]]]", bound))


def question(dialect: str, statement: Statement, given: dict[str, object], named: SqlValue) -> Question:
    """A statement as it will be run; `named`: see `Question`."""
    sql, params = statement.bind(given, dialect)
    return Question(sql, cast("list[SqlValue]", params), named)


def learn(connection: Connection, statement: Statement, rows: list[Row], named: SqlValue, **given: object) -> None:
    """This transaction has just made `rows` the answer to a statement: where answers are waited for, it need not be asked."""
    if connection.dialect != SQLITE:
        connection.learn(question(connection.dialect, statement, given, named), rows)


def value(connection: Connection, statement: Statement, **given: object) -> object:
    """The first column of the first row, or None."""
    sql, params = statement.bind(given, connection.dialect)
    found: object = connection.value(sql, cast("list[SqlValue]", params))
    return found


def to_micros(at: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The same back, aware, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def maybe_micros(at: datetime | None) -> int | None:
    """`to_micros`, or None for no time."""
    return None if at is None else to_micros(at)

"""The seam of apsw: no foreign error, no lost commit, newest question first."""

import threading
from concurrent.futures import wait
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from store.sqlite.connection import Connection, connect
from store.sqlite.errors import CannotOpen, ConstraintBroken, ReadGivenUp, StoreClosed, StoreCorrupt, StoreError, StoreLocked, StoreMisused
from store.sqlite.foreign import MEANING, ours
from store.sqlite.reader import YIELDS, Readers
from store.sqlite.writer import Writer

ERRORS = [one for one in vars(apsw).values() if isinstance(one, type) and issubclass(one, apsw.Error) and one is not apsw.Error]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    connection = connect(tmp_path / "some.db")
    connection.execute("CREATE TABLE number (n INTEGER PRIMARY KEY)")
    connection.close()
    return tmp_path / "some.db"


def insert(n: int):
    return lambda connection: connection.execute("INSERT INTO number VALUES (?)", (n,))


def numbers(connection: Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT n FROM number ORDER BY n")]


@pytest.mark.parametrize("foreign", ERRORS, ids=lambda one: one.__name__)
def test_every_error_of_apsw_means_something_to_us(foreign: type[apsw.Error]) -> None:
    assert foreign in MEANING
    assert isinstance(ours(foreign("words"), Path("a.db")), StoreError)


def test_wrong_sql_and_wrong_rows_are_our_errors(path: Path) -> None:
    connection = connect(path)
    with pytest.raises(StoreMisused):
        connection.execute("SELEKT")
    with pytest.raises(ConstraintBroken):
        connection.execute_many("INSERT INTO number VALUES (?)", [(1,), (1,)])
    connection.close()
    with pytest.raises(StoreClosed):
        connection.execute("SELECT 1")


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is a letter, not a database" * 100)
    with pytest.raises(StoreCorrupt):
        connect(tmp_path / "text.db").execute("SELECT * FROM sqlite_schema")


def test_a_missing_file_cannot_be_read_and_a_missing_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen):
        connect(tmp_path / "none.db", readonly=True)
    with pytest.raises(CannotOpen):
        connect(tmp_path / "no" / "folder.db")


def test_nobody_else_may_read_a_database(path: Path) -> None:
    connection = connect(path)
    connection.execute("INSERT INTO number VALUES (1)")
    assert {part.stat().st_mode & 0o777 for part in path.parent.glob("some.db*")} == {0o600}
    connection.close()


def test_a_nested_transaction_undoes_only_itself(path: Path) -> None:
    connection = connect(path)
    with connection.transaction():
        insert(1)(connection)
        with suppress(ConstraintBroken), connection.transaction():
            insert(2)(connection)
            insert(1)(connection)
    assert numbers(connection) == [1]
    connection.close()


def test_a_failing_work_fails_alone_wherever_it_stands_in_its_group(path: Path) -> None:
    writer = Writer(path)
    gate = threading.Event()
    first = writer.submit(lambda _: gate.wait(10))
    futures = [writer.submit(insert(n)) for n in (1, 1, 2, 1, 3)]
    gate.set()
    assert first.result(10) is True
    assert [isinstance(one.exception(10), ConstraintBroken) for one in futures] == [False, True, False, True, False]
    with pytest.raises(ZeroDivisionError):
        writer.write(lambda _: 1 / 0)
    writer.close()
    connection = connect(path, readonly=True)
    assert numbers(connection) == [1, 2, 3]
    connection.close()


def test_a_future_that_resolved_is_committed_for_everybody(path: Path) -> None:
    writer, other = Writer(path), connect(path, readonly=True)
    for n in range(50):
        writer.write(insert(n))
        assert numbers(other)[-1] == n
    writer.close()
    other.close()


def test_a_cancelled_work_is_not_done_and_hurts_nobody(path: Path) -> None:
    writer = Writer(path)
    gate = threading.Event()
    blocked = writer.submit(lambda _: gate.wait(10))
    cancelled, done = writer.submit(insert(1)), writer.submit(insert(2))
    assert cancelled.cancel()
    gate.set()
    done.result(10)
    blocked.result(10)
    writer.close()
    connection = connect(path, readonly=True)
    assert numbers(connection) == [2]
    connection.close()


def test_a_closed_writer_takes_nothing_and_has_finished_everything(path: Path) -> None:
    writer = Writer(path)
    futures = [writer.submit(insert(n)) for n in range(500)]
    writer.close()
    assert all(one.done() and one.exception() is None for one in futures)
    with pytest.raises(StoreClosed):
        writer.submit(insert(501))


def test_a_locked_database_is_said_to_be_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.sqlite.connection.BUSY_MILLISECONDS", 20)
    holder, writer = connect(path), Writer(path)
    with holder.transaction():
        with pytest.raises(StoreLocked):
            writer.write(insert(1))
    writer.write(insert(1))
    assert numbers(holder) == [1]
    writer.close()
    holder.close()


def test_the_newest_question_is_answered_first_and_a_pressing_one_before_it(path: Path) -> None:
    readers = Readers(path)
    gate, started = threading.Event(), threading.Event()
    answered: list[str] = []
    blocked = readers.ask(lambda _: (started.set(), gate.wait(10)))
    assert started.wait(10)
    futures = [readers.ask(lambda _, name=name: answered.append(name), priority) for name, priority in (("old", 0), ("pressing", 1), ("new", 0))]
    forgotten = readers.ask(lambda _: answered.append("forgotten"))
    assert forgotten.cancel()
    gate.set()
    for future in (blocked, *futures):
        future.result(10)
    assert answered == ["pressing", "new", "old"]
    readers.close()


def test_what_yields_is_given_up_when_anything_else_is_asked_and_by_its_like_it_is_not(path: Path) -> None:
    readers = Readers(path)
    begun = threading.Event()

    def endless(connection: Connection) -> object:
        begun.set()
        return connection.value("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c")

    yielding = readers.ask(endless, YIELDS)
    assert begun.wait(10)
    like_it = readers.ask(numbers, YIELDS)
    assert not wait([yielding, like_it], 0.2).done
    assert readers.ask(numbers).result(10) == []
    with pytest.raises(ReadGivenUp):
        yielding.result(10)
    assert like_it.result(10) == []
    readers.close()


def test_closing_the_readers_leaves_nobody_waiting(path: Path) -> None:
    readers = Readers(path)
    gate, started = threading.Event(), threading.Event()
    blocked = readers.ask(lambda _: (started.set(), gate.wait(10)))
    assert started.wait(10)
    waiting = readers.ask(numbers)
    closing = threading.Thread(target=readers.close)
    closing.start()
    gate.set()
    closing.join(10)
    blocked.result(10)
    assert waiting.cancelled() or waiting.done()
    with pytest.raises(StoreClosed):
        readers.ask(numbers)


def test_a_reader_cannot_write(path: Path) -> None:
    readers = Readers(path)
    with pytest.raises(CannotOpen):
        readers.now(insert(1))
    readers.close()


def test_a_file_that_is_removed_can_still_be_read_and_written_by_whoever_held_it(path: Path) -> None:
    readers, writer = Readers(path), Writer(path)
    wait([readers.hold(), writer.hold()])
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    writer.write(insert(1))
    found: list[list[int]] = []
    anew = threading.Thread(target=lambda: found.append(readers.now(numbers)))
    anew.start()
    anew.join()
    assert found == [[1]]
    readers.close()
    writer.close()

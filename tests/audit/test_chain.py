"""Whoever changes, drops, adds or moves a row of the log behind the server's back is found, and told where."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from store.domain.audit import BadHead, Head, read_head
from store.domain.audit_walk import Walked
from store.domain.ids import MemberKey
from store.sqlite.connection import Connection, connect
from store.team.audit import adopt, head, note
from store.team.audit_check import Asked, search, verify
from store.team.desk import TeamDesk
from tests.team.team_house import Team, TestClock, back_to_schema_1


@pytest.fixture
async def house(tmp_path: Path, clock: TestClock) -> Path:
    """A day: members, mails, comments, a refused try and a failed log-in; the server has gone home."""
    desk = TeamDesk(tmp_path / "team.db", clock)
    team = Team(desk, clock)
    sato = await team.member("Sato")
    for number in range(4):
        conversation = await team.arrives(f"<m{number}@example.org>")
        await team.comment(sato, conversation, f"comment {number}")
    await desk.note("tanaka", "login_failed", where="192.0.2.7", facts={"why": "wrong password"})
    await desk.close()
    return tmp_path / "team.db"


def verified(path: Path, heads: tuple[Head, ...] = ()) -> Walked:
    connection = connect(path)
    with connection.snapshot():
        walked = verify(connection, heads)
    connection.close()
    return walked


def changed(path: Path, change: Callable[[Connection], object]) -> Walked:
    connection = connect(path)
    change(connection)
    connection.close()
    return verified(path)


async def test_an_untouched_log_holds_to_its_last_entry(house: Path) -> None:
    walked = verified(house)
    assert walked.bad is None
    assert walked.events > 8
    # The two that are no events: a member added, and a failed log-in.
    assert walked.head.n == walked.events + 2
    assert verified(house, (walked.head,)).bad is None


async def test_a_failed_log_in_is_found_by_its_words_with_where_it_came_from(house: Path) -> None:
    connection = connect(house)
    (found,) = search(connection, Asked(words=("login_failed", "192.0.2.7")))
    assert (found.who, found.where, found.facts) == ("tanaka", "192.0.2.7", {"why": "wrong password"})
    assert [entry.n for entry in search(connection, Asked(limit=3))] == sorted(
        (entry.n for entry in search(connection, Asked(limit=3))), reverse=True
    )
    connection.close()


COLUMNS = ("at", "what", "who", "conversation_id", "seq", "digest", "hash", "salt", "details")


@pytest.mark.parametrize("column", COLUMNS)
async def test_any_byte_of_any_entry_that_was_changed_is_found(house: Path, column: str) -> None:
    connection = connect(house)
    dice = random.Random(column)
    rows = connection.execute(f"SELECT n, {column} FROM audit WHERE {column} IS NOT NULL")
    tried = 0
    for n, value in dice.sample(rows, min(len(rows), 6)):
        with connection.transaction():
            connection.execute(f"UPDATE audit SET {column} = ? WHERE n = ?", (_flipped(value, dice), n))
            bad = verify(connection).bad
            assert bad is not None, (n, column)
            assert bad.n == n
            connection.execute(f"UPDATE audit SET {column} = ? WHERE n = ?", (value, n))
        tried += 1
    assert tried
    assert verify(connection).bad is None
    connection.close()


def _flipped(value: object, dice: random.Random) -> object:
    if isinstance(value, int):
        return value + 1000
    raw = bytearray(value if isinstance(value, bytes) else str(value).encode())
    raw[dice.randrange(len(raw))] ^= 1
    return bytes(raw) if isinstance(value, bytes) else raw.decode("latin-1")


async def test_any_byte_of_an_event_that_was_changed_is_found(house: Path) -> None:
    connection = connect(house)
    dice = random.Random(1)
    for seq, body in connection.execute("SELECT seq, body FROM journal"):
        with connection.transaction():
            connection.execute("UPDATE journal SET body = ? WHERE seq = ?", (_flipped(body, dice), seq))
            bad = verify(connection).bad
            assert bad is not None
            assert (bad.problem, bad.seq) == ("changed_payload", seq)
            connection.execute("UPDATE journal SET body = ? WHERE seq = ?", (body, seq))
    connection.close()


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("DELETE FROM audit WHERE n = 3", "gap"),
        ("DELETE FROM audit WHERE n = 1", "gap"),
        ("DELETE FROM audit WHERE n = (SELECT max(n) FROM audit)", "cut_off"),
        ("DELETE FROM journal WHERE seq = 5", "missing_event"),
        ("DELETE FROM audit WHERE n = 3; UPDATE audit SET n = n - 1 WHERE n > 3", "changed_entry"),
        ("UPDATE audit SET n = -3 WHERE n = 3; UPDATE audit SET n = 3 WHERE n = 4; UPDATE audit SET n = 4 WHERE n = -3", "order"),
        (
            "UPDATE journal SET seq = -1 WHERE seq = 4; UPDATE journal SET seq = 4 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = -1",
            "order",
        ),
        ("UPDATE audit SET salt = NULL, details = NULL WHERE n = 6", "changed_payload"),
        ("INSERT INTO journal SELECT max(seq) + 1, NULL, NULL, body FROM journal", "unlisted_event"),
        ("UPDATE counters SET value = value + 1 WHERE name = 'seq'", "unlisted_event"),
    ],
)
async def test_rows_dropped_moved_or_added_are_found(house: Path, sql: str, problem: str) -> None:
    bad = changed(house, lambda connection: connection.execute(sql)).bad
    assert bad is not None
    assert bad.problem == problem


async def test_a_log_cut_off_and_mended_is_found_by_a_head_that_somebody_kept(house: Path) -> None:
    kept = verified(house).head
    # Entry 2 tells that the member of event 1 was added: event 5 has entry 6.
    cut = "DELETE FROM audit WHERE n > 6; DELETE FROM journal WHERE seq > 5"
    mended = "UPDATE counters SET value = 6 WHERE name = 'audit'; UPDATE counters SET value = 5 WHERE name = 'seq'"
    assert changed(house, lambda connection: connection.execute(f"{cut}; {mended}")).bad is None
    bad = verified(house, (kept,)).bad
    assert bad is not None
    assert (bad.problem, bad.n) == ("cut_off", 7)


async def test_a_log_written_anew_is_found_by_a_head_that_somebody_kept(house: Path, clock: TestClock) -> None:
    kept = verified(house).head

    def anew(connection: Connection) -> None:
        with connection.transaction():
            connection.execute("DELETE FROM audit; UPDATE counters SET value = 0 WHERE name = 'audit'")
            adopt(connection, clock.now())
            note(connection, clock.now(), MemberKey("sato"), "login")

    assert changed(house, anew).bad is None
    bad = verified(house, (kept,)).bad
    assert bad is not None
    assert bad.problem == "other_head"


async def test_a_journal_from_before_there_was_a_log_is_adopted_whole(house: Path, clock: TestClock) -> None:
    connection = connect(house)
    back_to_schema_1(connection)
    connection.close()
    desk = TeamDesk(house, clock)
    await desk.close()
    walked = verified(house)
    assert walked.bad is None
    assert walked.head.n == walked.events + 1


async def test_what_is_rolled_back_leaves_no_entry(house: Path, clock: TestClock) -> None:
    before = verified(house).head
    connection = connect(house)

    def cut_off() -> None:
        with connection.transaction():
            note(connection, clock.now(), MemberKey("sato"), "login")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_off()
    assert head(connection) == before
    connection.close()


@pytest.mark.parametrize("text", ["", "5", "5:", "x:00", "5:" + "g" * 64, "-1:" + "0" * 64, "٣:" + "0" * 64])
def test_a_text_that_is_no_head_is_told_so(text: str) -> None:
    with pytest.raises(BadHead):
        read_head(text)


def test_a_head_reads_back_as_it_is_printed() -> None:
    kept = Head(12, bytes(range(32)))
    assert read_head(str(kept)) == kept


async def test_a_long_log_is_walked_in_parts_that_come_to_the_same(house: Path) -> None:
    connection = connect(house)
    whole, walked = verify(connection), verify(connection, most=3)
    parts = 1
    while not walked.done:
        walked = verify(connection, start=walked, most=3)
        parts += 1
    assert (walked, parts > 3) == (whole, True)
    connection.execute("UPDATE audit SET who = 'mori' WHERE n = 5")
    assert verify(connection, start=verify(connection, most=4), most=100).bad == verify(connection).bad
    connection.close()

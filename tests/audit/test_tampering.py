"""Property: in a log with merges, splits, moves, an erased customer and a restore in it, whatever is changed, dropped or moved is found and named."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from store.domain.commands import MergeConversations, MoveToInbox, SplitConversation, Undo
from store.domain.ids import MemberKey, MessageId
from store.domain.people import Role
from store.sqlite.connection import Connection, connect
from store.team.audit_check import verify
from store.team.backup import back_up
from store.team.desk import TeamDesk
from store.team.restoring import restore
from store.team.values import Executed
from tests.team.team_house import SALES, Team, TestClock

TRIES = 40
CHANGED = {"changed_entry", "changed_payload"}
GONE = {"gap", "cut_off", "missing_event"}


class Undone(Exception):
    """The log is to be as it was."""


@pytest.fixture
async def log(tmp_path: Path, clock: TestClock) -> Path:
    """A team's life up to yesterday's backup, brought back; then a customer erased, and the day goes on."""
    desk = TeamDesk(tmp_path / "before.db", clock)
    team = Team(desk, clock)
    mori = await team.member("Mori", Role.LEADER)
    first, second, third = [await team.arrives(f"<m{number}@example.org>") for number in range(3)]
    await team.arrives("<m9@example.org>", references=("<m0@example.org>",))
    await team.comment(mori, first)
    for command in (
        MergeConversations(conversation_id=first, other=second),
        Undo(conversation_id=first),
        SplitConversation(conversation_id=first, messages=(MessageId("<m9@example.org>"),)),
        MoveToInbox(conversation_id=third, inbox=SALES),
        MergeConversations(conversation_id=first, other=second),
    ):
        assert isinstance(await desk.execute(mori, team.key(), command), Executed), command
    await desk.close()
    back_up(tmp_path / "before.db", tmp_path / "backup.db", clock.now())
    place = tmp_path / "after" / "team.db"
    place.parent.mkdir()
    await restore(tmp_path / "backup.db", place, clock)
    desk = TeamDesk(place, clock)
    after = Team(desk, clock, place)
    assert (await desk.erasing.erase_customer("kyaku@example.org", MemberKey("mori"))).conversations
    await after.arrives("<m20@example.org>")
    await desk.note("tanaka", "login_failed", where="192.0.2.7", facts={"why": "wrong password"})
    await desk.close()
    return place


def any_of(connection: Connection, dice: random.Random, table: str, key: str, where: str = "1 = 1") -> int:
    return dice.choice(connection.execute(f"SELECT {key} FROM {table} WHERE {where}"))[0]


def change_entry(connection: Connection, dice: random.Random) -> int:
    n = any_of(connection, dice, "audit", "n")
    column = dice.choice([name for name in ("at", "what", "who", "hash", "digest") if connection.value(f"SELECT {name} FROM audit WHERE n = {n}")])
    value = connection.value(f"SELECT {column} FROM audit WHERE n = {n}")
    other = value + 1 if isinstance(value, int) else value[:-1] if len(value) > 1 else value + value
    connection.execute(f"UPDATE audit SET {column} = ? WHERE n = ?", (other, n))
    return n


def change_event(connection: Connection, dice: random.Random) -> int:
    seq = any_of(connection, dice, "journal", "seq")
    body = bytearray(connection.value(f"SELECT body FROM journal WHERE seq = {seq}"))
    body[dice.randrange(len(body))] ^= 1
    connection.execute("UPDATE journal SET body = ? WHERE seq = ?", (bytes(body), seq))
    return entry_of(connection, seq)


def drop_entry(connection: Connection, dice: random.Random) -> int:
    n = any_of(connection, dice, "audit", "n")
    connection.execute("DELETE FROM audit WHERE n = ?", (n,))
    return n


def drop_event(connection: Connection, dice: random.Random) -> int:
    seq = any_of(connection, dice, "journal", "seq")
    connection.execute("DELETE FROM journal WHERE seq = ?", (seq,))
    return entry_of(connection, seq)


def swap_entries(connection: Connection, dice: random.Random) -> int:
    one, other = sorted(dice.sample([n for (n,) in connection.execute("SELECT n FROM audit")], 2))
    connection.execute(f"UPDATE audit SET n = -1 WHERE n = {one}; UPDATE audit SET n = {one} WHERE n = {other}")
    connection.execute(f"UPDATE audit SET n = {other} WHERE n = -1")
    return one


def swap_events(connection: Connection, dice: random.Random) -> int:
    alive = [seq for (seq,) in connection.execute("SELECT seq FROM audit WHERE salt IS NOT NULL AND seq IS NOT NULL")]
    one, other = sorted(dice.sample(alive, 2))
    connection.execute(f"UPDATE journal SET seq = -1 WHERE seq = {one}; UPDATE journal SET seq = {one} WHERE seq = {other}")
    connection.execute(f"UPDATE journal SET seq = {other} WHERE seq = -1")
    return entry_of(connection, one)


def entry_of(connection: Connection, seq: int) -> int:
    return connection.value("SELECT n FROM audit WHERE seq = ?", (seq,))


@pytest.mark.parametrize(
    ("tamper", "names"),
    [
        (change_entry, CHANGED),
        (change_event, CHANGED),
        (drop_entry, GONE),
        (drop_event, GONE),
        (swap_entries, {"order"}),
        (swap_events, {"order"}),
    ],
)
async def test_whatever_is_changed_dropped_or_moved_is_found_at_its_place_and_named(
    log: Path, tamper: Callable[[Connection, random.Random], int], names: set[str]
) -> None:
    connection = connect(log)
    dice = random.Random(tamper.__name__)
    untouched = verify(connection)
    assert untouched.bad is None
    assert untouched.erased > 5
    for _ in range(TRIES):
        with pytest.raises(Undone):  # noqa: PT012 - the transaction is undone by it
            with connection.transaction():
                erasures = {n for (n,) in connection.execute("SELECT n FROM audit WHERE what = 'payload_erased'")}
                place = tamper(connection, dice)
                bad = verify(connection, (untouched.head,)).bad
                assert bad is not None, place
                if place in erasures and bad.n < place:
                    # What it said of the payloads that were erased counts no more: the first of them is found.
                    assert bad.problem in CHANGED, (place, bad)
                else:
                    # Of a row that is gone the next one tells, by its number.
                    assert bad.problem in names, (place, bad)
                    assert bad.n in {place, place + 1}, (place, bad)
                raise Undone
    assert verify(connection) == untouched
    connection.close()

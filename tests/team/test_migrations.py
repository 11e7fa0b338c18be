"""A team of every released schema, with data in it, brought to today's tables: nothing is lost, and nothing is left as it was."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from start_postgres import Postgres

from store.domain.evolve import fold
from store.postgres.connection import Connection as PostgresConnection
from store.sqlite.connection import connect
from store.sqlite.errors import StoreTooNew, StoreTooOld
from store.team.backup import back_up
from store.team.checking import check
from store.team.connection import Connection
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.errors import NoBackup
from store.team.migrating import migrate
from store.team.restoring import restore
from store.team.tables import SCHEMA
from tests.team.team_house import Team, TestClock

RELEASED = sorted(Path(__file__).with_name("released").glob("schema_*.json"))


def opened(place: Place) -> Connection:
    return connect(place) if isinstance(place, Path) else PostgresConnection(place)


def close(connection: Connection) -> None:
    if isinstance(connection, PostgresConnection):
        connection.settle()
    connection.close()


def fill(place: Place, released: Path) -> dict[str, int]:
    """Make the database as the program of that release did; returns how many rows each table got."""
    kept = json.loads(released.read_text("utf-8"))
    connection = opened(place)
    for statement in kept[connection.dialect]:
        connection.execute(statement)
    for table, rows in kept["rows"].items():
        for row in rows:
            values = [each["bytes"].encode() if isinstance(each, dict) else each for each in row]
            marks = ", ".join("?" if isinstance(place, Path) else f"${n}" for n in range(1, len(values) + 1))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)
    close(connection)
    return {table: len(rows) for table, rows in kept["rows"].items()}


def shape_of(place: Place) -> list[str]:
    """Every table and index as the database itself describes it, in no particular order of columns."""
    connection = opened(place)
    if isinstance(place, Path):
        columns = (
            "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk FROM sqlite_master m, pragma_table_info(m.name) c"
        )
        found = [row[0] for row in connection.execute(f"{columns} WHERE m.type = 'table'")]
        indexes = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        found += [re.sub(r"\s+", " ", sql).strip() for (sql,) in indexes]
    else:
        columns = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns"
        found = [row[0] for row in connection.execute(f"{columns} WHERE table_schema = 'public'")]
        found += [row[0] for row in connection.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")]
    close(connection)
    return sorted(found)


@pytest.fixture
def fresh(place: Place, tmp_path: Path, request: pytest.FixtureRequest, clock: TestClock) -> Place:
    """A team made by today's program, on the same kind of database."""
    made = tmp_path / "fresh.db" if isinstance(place, Path) else request.getfixturevalue("postgres").new_url()
    asyncio.run(TeamDesk(made, clock).close())
    return made


def test_every_released_schema_is_kept_with_data() -> None:
    assert [int(path.stem.partition("_")[2]) for path in RELEASED] == list(range(1, SCHEMA))


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_team_of_every_release_comes_to_todays_tables_with_all_it_had(place: Place, fresh: Place, released: Path, clock: TestClock) -> None:
    had = fill(place, released)
    moved = migrate(place, clock.now())
    assert moved.now == SCHEMA
    assert shape_of(place) == shape_of(fresh), "name the new tables in the step that leads to this schema"
    connection = opened(place)
    # A conversation more or less, or an event, would be somebody's work.
    for table, count in had.items():
        assert connection.value(f"SELECT count(*) FROM {table}") == count, table
    close(connection)
    assert check(place).findings == ()
    assert migrate(place, clock.now()).known == SCHEMA, "twice is once"


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
async def test_a_migrated_team_goes_on_working(place: Place, released: Path, clock: TestClock) -> None:
    await asyncio.to_thread(fill, place, released)
    await asyncio.to_thread(migrate, place, clock.now())
    team = Team(await asyncio.to_thread(TeamDesk, place, clock), clock)
    team._count = iter(range(1000, 2000))
    sato = team.desk.people.member("sato")
    assert sato is not None
    conversation_id = await team.arrives("<2@example.org>")
    seq = team.desk.seq
    await team.comment(sato, conversation_id)
    assert team.desk.seq == seq + 1
    assert await team.desk.state(conversation_id) == fold(conversation_id, await team.desk.timeline(conversation_id))
    assert [template.key for template in (await team.desk.snapshot(None, 1)).templates] == ["thanks"]
    await team.desk.close()


def test_a_file_is_migrated_by_the_server_that_opens_it_and_a_shared_database_by_hand(place: Place, clock: TestClock, tmp_path: Path) -> None:
    fill(place, RELEASED[0])
    if isinstance(place, Path):
        asyncio.run(TeamDesk(place, clock).close())
        assert migrate(place, clock.now()).known == SCHEMA
        return
    with pytest.raises(StoreTooOld, match="mado server migrate"):
        TeamDesk(place, clock)
    with pytest.raises(NoBackup, match="migrate"):
        back_up(place, tmp_path / "backup.db", clock.now())


async def test_an_old_backup_comes_back_into_todays_tables(tmp_path: Path, postgres: Postgres, clock: TestClock) -> None:
    fill(tmp_path / "old.db", RELEASED[0])
    await asyncio.to_thread(back_up, tmp_path / "old.db", tmp_path / "backup.db", clock.now())
    for place in (tmp_path / "team.db", postgres.new_url()):
        await restore(tmp_path / "backup.db", place, clock)
        assert (await asyncio.to_thread(check, place)).findings == ()


def test_a_team_of_a_newer_program_is_left_alone(place: Place, fresh: Place, clock: TestClock) -> None:
    connection = opened(fresh)
    connection.execute(f"UPDATE meta SET value = '{SCHEMA + 1}' WHERE name = 'schema'")
    close(connection)
    for use in (lambda: TeamDesk(fresh, clock), lambda: migrate(fresh, clock.now())):
        with pytest.raises(StoreTooNew):
            use()
    with pytest.raises(NoBackup):
        check(fresh)

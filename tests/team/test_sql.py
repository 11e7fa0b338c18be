"""The server's SQL is written once: every statement is text that both databases understand."""

import re
from pathlib import Path

import pytest

from store.sqlite.connection import connect
from store.team import check_statements, file_statements, mailing_statements, people_statements, statements
from store.team.rows import run
from store.team.sql import ALL, POSTGRESQL, SQLITE, Statement, schema
from store.team.tables import metadata
from tests.rows import row

PARTS = (check_statements, statements, people_statements, file_statements, mailing_statements)
DECLARED = {name: found for part in PARTS for name, found in vars(part).items() if isinstance(found, Statement)}

WHOLE_TABLES = {
    "MEMBERS",
    "TEMPLATES",
    "TEMPLATE_USES",
    "TEAM_FACTS",
    "PULSES",
    "STATES_AFTER",
    "NEWEST_SUBMISSIONS",
    "DROP_INVITATIONS_OF",
    "DROP_OLD_RESULTS",
    "ALIASES_OF",
    "DROP_DRAFTS_OF",
    "TAKE_PEN",
    "FREE_DUTIES",
    "DROP_OLD_MARKS",
    "LAST_BEAT",
    "BYTES_OF_ALL",
    "REMARKS_OF_KIND",
}
SMALL_TABLES = {
    "INVITATIONS_OF",
    "DROP_OPEN_INVITATIONS_OF",
    "DROP_EVERY_OPEN_INVITATION",
    "CERTIFICATES",
    "NETWORKS",
    "CONFIRMED_FACTORS",
    "HANDED_OUT",
    "COUNT_GUESSES",
    "OLDEST_GUESSES",
}
TIDYING = {"DROP_OLD_SESSIONS", "DROP_STRAY_FACTS", "DROP_OLD_DEVICES"}
"""Every few hours."""


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_every_statement_compiles_for_both_databases(dialect: str) -> None:
    for name, statement in DECLARED.items():
        with row(name):
            text = statement.text(dialect)
            marks = text.sql.count("?") if dialect == SQLITE else len(set(re.findall(r"\$\d+", text.sql)))
            assert marks == len(text.names)
            assert "POSTCOMPILE" not in text.sql
            assert set(text.names) <= set(text.declared)


def test_every_statement_that_was_declared_is_in_the_list() -> None:
    assert len(ALL) == len(DECLARED)


def test_sqlite_understands_every_statement_and_needs_no_full_scan_for_those_asked_often(tmp_path: Path) -> None:
    connection = connect(tmp_path / "team.db")
    for statement in schema():
        connection.execute(statement)
    for name, statement in DECLARED.items():
        with row(name):
            sql, params = statement.bind({})
            connection.execute(f"EXPLAIN {sql}", list(params))
            plan = " ".join(str(step[-1]) for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", list(params)))
            if name not in WHOLE_TABLES | SMALL_TABLES | TIDYING:
                scanned = re.findall(r"SCAN (\w+)\b(?! USING| VIRTUAL)", plan)
                assert not [table for table in scanned if f"SCAN {table} USING" not in plan], plan
    connection.close()


def test_postgresql_gets_every_table_with_its_own_types() -> None:
    made = "\n".join(schema(POSTGRESQL))
    assert made.count("CREATE TABLE") == len(metadata.tables)
    assert "BYTEA" in made
    assert "WITHOUT ROWID" not in made


def test_a_parameter_that_the_statement_does_not_have_is_a_bug_and_said(tmp_path) -> None:
    connection = connect(tmp_path / "team.db")
    with pytest.raises(KeyError, match="nummer"):
        run(connection, statements.ID_OF_NUMBER, nummer=1)
    connection.close()

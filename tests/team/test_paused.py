"""A server that is stopped in the middle of a transaction, by a debugger or by its host, holds up no other one."""

import pytest
from start_postgres import Postgres

from store.postgres.connection import Connection
from store.sqlite.errors import StoreError


def test_who_stands_still_with_the_pen_in_hand_loses_it(postgres: Postgres) -> None:
    url = postgres.new_url()
    paused, other = Connection(url), Connection(url)
    try:
        for statement in ("CREATE TABLE pen (n int)", "INSERT INTO pen VALUES (1)", "SET idle_in_transaction_session_timeout = '300ms'"):
            paused.execute(statement)
        paused.settle()
        paused.begin()
        assert paused.execute("SELECT n FROM pen FOR UPDATE") == [(1,)]
        # From here on it says nothing more. Who asks now waits no longer than the session of a silent one lives.
        other.begin()
        assert other.execute("SELECT n FROM pen FOR UPDATE") == [(1,)]
        other.commit()
        with pytest.raises(StoreError):
            paused.commit()
    finally:
        paused.close()
        other.close()

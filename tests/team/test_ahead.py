"""Works that are committed together wait for one question instead of one each, and still decide from what the work before them left."""

import asyncio

import pytest
from start_postgres import Postgres

from store.domain.commands import AddComment, SetStatus
from store.domain.evolve import fold
from store.domain.ids import CommandKey, CommentId
from store.domain.status import IN_PROGRESS
from store.postgres.ahead import Ahead
from store.postgres.connection import Connection
from store.sqlite.connection import Question
from store.team import statements as s
from store.team.audit_check import verify
from store.team.desk import TeamDesk
from store.team.known import NAMED_BY
from store.team.sql import ALL, POSTGRESQL
from store.team.values import Executed
from tests.team.team_house import Team, TestClock

A = Question("SELECT a", ("k", 1), "k")


def test_what_was_asked_ahead_is_known_until_a_write_names_it_or_all_is_undone() -> None:
    ahead = Ahead()
    assert ahead.answer(A.sql, A.params) is None
    ahead.learn(A, [("one",)])
    ahead.written(["other", 1, None, b"k"])
    assert ahead.answers([(A.sql, A.params)]) == [[("one",)]]
    assert ahead.answers([(A.sql, A.params), ("SELECT b", ())]) is None
    ahead.written([b"", "k"])
    assert ahead.answer(A.sql, A.params) is None
    ahead.learn(A, [])
    assert ahead.answer(A.sql, A.params) == [], "that there is none is an answer as well"
    ahead.forget()
    assert ahead.answer(A.sql, A.params) is None


@pytest.mark.parametrize("asked", list(NAMED_BY), ids=["result", "state"])
def test_every_write_that_changes_an_answer_names_it(asked: s.Statement) -> None:
    table = {"id": "conversations", "command_key": "results"}[NAMED_BY[asked]]
    writes = [text for text in (one.text(POSTGRESQL) for one in ALL) if text.sql.startswith((f"INSERT INTO {table} ", f"UPDATE {table} "))]
    writes += [text for text in (one.text(POSTGRESQL) for one in ALL) if text.sql.startswith(f"DELETE FROM {table} ")]
    assert len(writes) >= 1
    # Results of 90 days ago go when a desk is opened, before its writer begins.
    unnamed = [text for text in writes if not {"id", "key", "command_key"} & set(text.names) and text != s.DROP_OLD_RESULTS.text(POSTGRESQL)]
    assert unnamed == []


async def test_a_burst_on_one_conversation_and_with_one_key_is_decided_one_after_the_other(postgres: Postgres, clock: TestClock) -> None:
    desk = await asyncio.to_thread(TeamDesk, postgres.new_url(), clock)
    team = Team(desk, clock)
    sato = await team.member("Sato")
    ids = [await team.arrives(f"<{n}@example.org>") for n in range(3)]
    comments = [AddComment(conversation_id=ids[n % 3], comment_id=CommentId(f"c{n}"), text=f"{n}") for n in range(60)]
    twice = [desk.execute(sato, CommandKey(f"k{n // 2}"), comments[n // 2]) for n in range(120)]
    wrong = [desk.execute(sato, CommandKey("k7"), SetStatus(conversation_id=ids[0], status=IN_PROGRESS))]
    *outcomes, refused = await asyncio.gather(*twice, *wrong)
    assert all(isinstance(one, Executed) for one in outcomes)
    assert outcomes[::2] == outcomes[1::2], "the same key, the same answer"
    assert not isinstance(refused, Executed)
    for place, conversation_id in enumerate(ids):
        state = await desk.state(conversation_id)
        assert state is not None
        assert [int(comment.text) for comment in state.comments] == list(range(place, 60, 3))
        assert state == fold(conversation_id, await desk.timeline(conversation_id))
    assert (await desk.ask(verify)).bad is None
    await desk.close()


def test_an_answer_that_was_learnt_is_gone_with_its_transaction(postgres: Postgres) -> None:
    connection = Connection(postgres.new_url())
    connection.execute("CREATE TABLE t (id text PRIMARY KEY, n bigint)")
    connection.settle()
    asked = Question("SELECT n FROM t WHERE id = $1", ("a",), "a")
    connection.begin()
    connection.ask_ahead([asked])
    connection.execute("INSERT INTO t VALUES ($1, $2)", ("a", 1))
    assert connection.execute(asked.sql, asked.params) == [(1,)], "a write that names it makes it unknown"
    connection.ask_ahead([asked])
    connection.learn(asked, [(2,)])
    assert connection.value(asked.sql, asked.params) == 2
    connection.roll_back()
    connection.begin()
    assert connection.execute_all([(asked.sql, asked.params)]) == [[]]
    connection.commit()
    connection.close()

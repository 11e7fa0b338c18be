"""A journal of the first schema, with people in it, goes on under this one."""

from datetime import timedelta
from pathlib import Path

from store.domain.ids import MemberKey
from store.domain.people import Role
from store.sqlite.connection import connect
from store.team.desk import TeamDesk
from tests.team.team_house import Team, TestClock, back_to_schema_1


async def test_people_of_the_first_schema_stay_who_they_were_and_logged_in(tmp_path: Path) -> None:
    clock = TestClock()
    desk = TeamDesk(tmp_path / "team.db", clock)
    team = Team(desk, clock)
    await desk.people.first_admin("boss", 1000)
    entered = await desk.people.join((await desk.people.add("Sato", role=Role.GUEST, by=MemberKey("boss"))).secret, "t", "$argon2id$kept")
    conversation_id = await team.arrives("<1@example.org>")
    await desk.close()
    connection = connect(tmp_path / "team.db")
    back_to_schema_1(connection)
    # As the first schema wrote a member: nothing of ends and roles.
    connection.execute(
        """UPDATE members SET body = CAST('{"key":"sato","name":"Sato","role":"guest","inboxes":[],"active":true}' AS BLOB) WHERE key = 'sato'"""
    )
    connection.close()
    clock.move(timedelta(hours=1))
    desk = TeamDesk(tmp_path / "team.db", clock)
    owner = await desk.people.session(entered.session, "192.0.2.1")
    assert owner is not None
    assert (owner.member.key, owner.member.ends_at, owner.member.roles) == ("sato", None, ())
    assert [row.place for row in await desk.people.sessions.of(MemberKey("sato"))] == [""]
    assert await desk.people.password_hash(MemberKey("sato")) == "$argon2id$kept"
    assert await desk.state(conversation_id) is not None
    assert await desk.people.sessions.end_all(MemberKey("sato"), MemberKey("boss")) == 1
    assert await desk.people.session(entered.session) is None
    await desk.close()

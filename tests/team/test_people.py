"""Members: invitations work once and for a week, secrets are kept as hashes, and who is ended is out at once."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.domain.ids import MemberKey
from store.domain.people import Role
from store.domain.refusals import NotAllowed
from store.team.desk import TeamDesk
from store.team.errors import BadMemberName, InvitationSpent, LastAdmin, MemberExists
from store.team.member_names import LONGEST_KEY, free_key, key_from
from store.team.values import Rejected
from tests.team.team_house import SUPPORT, Team, TestClock, everything_kept

BOSS = MemberKey("boss")


async def test_an_invitation_opens_one_session_and_only_one(team: Team) -> None:
    invited = await team.desk.people.add("Sato", by=BOSS)
    entered = await team.desk.people.join(invited.secret, "t1")
    owner = await team.desk.people.session(entered.session)
    assert owner is not None
    assert owner.member == invited.member
    with pytest.raises(InvitationSpent):
        await team.desk.people.join(invited.secret, "t2")


async def test_an_invitation_ends_after_seven_days(team: Team) -> None:
    invited = await team.desk.people.add("Sato", by=BOSS)
    team.clock.move(timedelta(days=7, seconds=1))
    with pytest.raises(InvitationSpent):
        await team.desk.people.join(invited.secret, "t1")


async def test_of_ten_who_use_the_same_invitation_at_once_one_gets_in(team: Team) -> None:
    invited = await team.desk.people.add("Sato", by=BOSS)
    tries = await asyncio.gather(*(team.desk.people.join(invited.secret, f"t{n}") for n in range(10)), return_exceptions=True)
    assert sum(isinstance(one, InvitationSpent) for one in tries) == 9


async def test_no_secret_lies_readable_in_the_database(team: Team) -> None:
    invited = await team.desk.people.add("Sato", by=BOSS)
    entered = await team.desk.people.join(invited.secret, "t1", "$argon2id$…")
    await team.desk.close()
    kept = everything_kept(team.place)
    assert b"argon2id" in kept
    for secret in (invited.secret, entered.session):
        assert secret.encode() not in kept
    team.desk = await asyncio.to_thread(TeamDesk, team.place, team.clock)


async def test_a_session_outlives_the_server(team: Team, clock: TestClock) -> None:
    invited = await team.desk.people.add("Sato", by=BOSS)
    entered = await team.desk.people.join(invited.secret, "t1")
    await team.desk.close()
    team.desk = await asyncio.to_thread(TeamDesk, team.place, clock)
    owner = await team.desk.people.session(entered.session)
    assert owner is not None
    await team.desk.people.end_session(owner.session_id)
    assert await team.desk.people.session(entered.session) is None


async def test_a_member_who_is_ended_is_out_at_once_and_holds_no_lease(team: Team) -> None:
    await team.desk.people.first_admin("boss", 1000)
    invited = await team.desk.people.add("Sato", by=BOSS)
    unused = await team.desk.people.add("Sato B", by=BOSS)
    entered = await team.desk.people.join(invited.secret, "t1")
    conversation_id = await team.arrives("<1@example.org>")
    await team.take(invited.member, conversation_id)
    await team.desk.people.session(entered.session)
    await team.desk.people.deactivate(invited.member.key, BOSS)
    await team.desk.free_leases_of(invited.member.key)
    assert await team.desk.people.session(entered.session) is None
    assert team.desk.lease_of(conversation_id) is None
    # Even a call that was identified just before is decided by what the member is now.
    late = await team.comment(invited.member, conversation_id)
    assert isinstance(late, Rejected)
    assert isinstance(late.refusal, NotAllowed)
    await team.desk.people.deactivate(unused.member.key, BOSS)
    with pytest.raises(InvitationSpent):
        await team.desk.people.join(unused.secret, "t1")


async def test_a_key_is_never_used_again(team: Team) -> None:
    await team.desk.people.first_admin("boss", 1000)
    await team.member("Sato")
    await team.desk.people.deactivate(MemberKey("sato"), BOSS)
    with pytest.raises(MemberExists):
        await team.member("SATO")


async def test_the_last_admin_cannot_lock_everybody_out(team: Team) -> None:
    boss = await team.desk.people.first_admin("boss", 1000)
    with pytest.raises(LastAdmin):
        await team.desk.people.deactivate(boss.key, boss.key)


async def test_the_owner_of_the_home_is_the_first_admin_once(team: Team) -> None:
    boss = await team.desk.people.first_admin("Boss", 1000)
    assert (boss.key, boss.role) == ("boss", Role.ADMIN)
    assert await team.desk.people.first_admin("Boss", 1000) == boss
    assert await team.desk.people.member_of_uid(1000) == boss
    assert await team.desk.people.member_of_uid(0) is None


async def test_a_unix_account_is_one_member(team: Team) -> None:
    await team.desk.people.add("Sato", unix_uid=1001, by=BOSS)
    with pytest.raises(MemberExists):
        await team.desk.people.add("Tanaka", unix_uid=1001, by=BOSS)
    found = await team.desk.people.member_of_uid(1001)
    assert found is not None
    assert found.key == "sato"


async def test_a_member_of_one_inbox_gets_only_its_conversations(team: Team) -> None:
    await team.arrives("<1@example.org>", inbox=SUPPORT)
    page = await team.desk.snapshot(None, 10, (SUPPORT,))
    assert len(page.conversations) == 1


@given(st.text(max_size=60))
def test_a_key_is_always_one_that_can_be_mentioned(name: str) -> None:
    try:
        key = key_from(name)
    except BadMemberName:
        key = free_key(name, {MemberKey("admin")})
    assert key.isascii()
    assert key == key.lower().strip("-")
    assert 0 < len(key) <= LONGEST_KEY
    assert key != "all"


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert free_key("root", {MemberKey("root"), MemberKey("root-2")}) == "root-3"


async def test_who_comes_back_under_a_new_name_keeps_the_unix_account(team: Team) -> None:
    await team.desk.people.first_admin("boss", 1000)
    await team.desk.people.add("Sato", unix_uid=1001, by=BOSS)
    await team.desk.people.deactivate(MemberKey("sato"), BOSS)
    assert await team.desk.people.member_of_uid(1001) is None
    again = await team.desk.people.add("Sato Hanako", unix_uid=1001, by=BOSS)
    assert await team.desk.people.member_of_uid(1001) == again.member

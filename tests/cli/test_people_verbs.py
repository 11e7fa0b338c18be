"""Members, sessions and second factors from the command line; against a server in this process."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from server_process import new_folder

from mailsync.link.address import Invitation
from mailsync.link.protocol import AddMemberRequest, JoinRequest
from store.domain.commands import AssignConversation
from store.domain.people import Role
from store.domain.totp import code_of, step_at
from tests.cli.home import mado
from tests.cli.test_outbox_and_members import home_of
from tests.server.server_house import Agent, Served, serving
from tests.team.team_house import TestClock

PASSWORD = "correct horse"


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


async def with_password(served: Served, name: str) -> Agent:
    async with served.admin as admin:
        added = await admin.add_member(AddMemberRequest(name))
    joined = await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t", PASSWORD))
    return Agent(served, joined.member, joined.session)


async def test_an_admin_changes_a_member_and_sees_what_lets_them_in(served: Served) -> None:
    mori, sato = await served.member("Mori", Role.ADMIN), await served.member("Sato")
    home = home_of(served, mori)
    changed = await mado(home, "member", "change", "@Sato", "--role", "leader", "--inbox", "support", "--inbox", "sales:guest")
    assert changed.code == 0, changed.err
    row = changed.rows[0]
    assert (row["role"], row["inboxes"], row["roles"], row["ends_at"]) == ("leader", ["support", "sales"], {"sales": "guest"}, None)
    assert (row["has_password"], row["second_factor"], row["sessions"]) == (False, False, 1)
    assert served.house.desk.people.member(sato.member.key).role is Role.LEADER  # type: ignore[union-attr]
    ended = await mado(home, "member", "change", "sato", "--until", "2030-01-01T00:00:00Z", "--every-inbox")
    assert (ended.rows[0]["ends_at"], ended.rows[0]["inboxes"], ended.rows[0]["roles"]) == ("2030-01-01T00:00:00Z", [], {})
    assert (await mado(home, "member", "change", "sato", "--until", "never")).rows[0]["ends_at"] is None
    assert (await mado(home, "member", "change", "sato", "--inbox", "sales:boss")).code == 2
    wrong = await mado(home, "member", "change", "sato", "--inbox", "sales:admin")
    assert (wrong.code, wrong.rows) == (5, [])
    held = await mado(home, "member", "allow", "sato", "192.0.2.0/24")
    assert held.rows[0]["networks"] == ["192.0.2.0/24"]
    assert (await mado(home, "member", "allow", "sato", "192.0.2.7/24")).code == 5
    invited = await mado(home, "member", "invite", "sato")
    assert Invitation.decode(invited.rows[0]["invitation"]).url == served.url
    assert (await mado(home, "member", "uninvite", "sato")).rows == [{"member": "sato", "count": 1}]


async def test_ending_a_member_says_what_needs_another_hand_until_it_was_given(served: Served) -> None:
    mori, sato = await served.member("Mori", Role.ADMIN), await served.member("Sato")
    home = home_of(served, mori)
    conversation_id = await served.team.arrives("<1@example.org>")
    await sato.ask(AssignConversation(conversation_id=conversation_id, owner=sato.member.key))
    left = await mado(home, "member", "deactivate", "sato")
    assert left.code == 0, left.err
    assert [row["number"] for row in left.rows[0]["conversations"]["open"]] == [1]
    assert left.rows[0]["passwords"] == ["support"]
    assert (await mado(home, "member", "passwords")).rows == [{"inbox": "support", "members": ["sato"]}]
    findings = (await mado(home, "doctor")).rows
    assert [row["level"] for row in findings if row["check"] == "passwords"] == ["warning"]


async def test_taking_an_inbox_from_somebody_says_what_needs_another_hand(served: Served) -> None:
    mori, sato = await served.member("Mori", Role.ADMIN), await served.member("Sato")
    home = home_of(served, mori)
    conversation_id = await served.team.arrives("<1@example.org>")
    await sato.ask(AssignConversation(conversation_id=conversation_id, owner=sato.member.key))
    changed = await mado(home, "member", "change", "sato", "--inbox", "sales")
    assert changed.code == 0, changed.err
    assert [row["number"] for row in changed.rows[0]["lost"]["conversations"]["open"]] == [1]
    assert (await mado(home, "member", "change", "sato", "--every-inbox")).rows[0]["lost"] is None


async def test_an_agent_sets_up_a_second_factor_and_logs_in_with_it(served: Served) -> None:
    sato = await with_password(served, "Sato")
    home = home_of(served, sato)
    begun = await mado(home, "session", "totp", "on", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert begun.code == 0, begun.err
    secret = base64.b32decode(begun.rows[0]["secret"] + "=" * (-len(begun.rows[0]["secret"]) % 8))
    assert begun.rows[0]["uri"].startswith("otpauth://totp/")
    assert (await mado(home, "session", "totp", "status")).rows[0]["on"] is False
    confirmed = await mado(home, "session", "totp", "confirm", code_of(secret, step_at(served.team.clock.now())))
    codes = confirmed.rows[0]["codes"]
    assert len(set(codes)) == 10
    alone = await mado(home, "login", "--member", "sato", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (alone.code, alone.rows) == (4, [])
    assert "second factor" in alone.err
    served.team.clock.move(timedelta(minutes=1))
    entered = await mado(home, "login", "--member", "sato", "--password-stdin", stdin=f"{PASSWORD}\n{codes[0]}\n")
    assert entered.code == 0, entered.err
    listed = (await mado(home, "session", "list")).rows
    assert [(row["how"], row["current"]) for row in listed] == [("second_factor", True), ("invitation", False)]
    off = await mado(home, "session", "totp", "off", "--password-stdin", "--code", codes[1], stdin=f"{PASSWORD}\n")
    assert (off.code, off.rows) == (0, [{"on": False}]), off.err


async def test_a_leader_ends_the_sessions_of_an_agent_and_not_of_an_admin(served: Served) -> None:
    mori, sato = await served.member("Mori", Role.LEADER), await served.member("Sato")
    home = home_of(served, mori)
    (row,) = (await mado(home, "session", "list", "--member", "sato")).rows
    assert (await mado(home, "session", "end", row["session_id"][:8], "--member", "sato")).rows == [{"ended": 1}]
    assert (await mado(home_of(served, sato), "session", "list")).code == 4
    assert (await mado(home, "session", "end", "--member", "boss")).code == 4
    assert (await mado(home, "session", "end")).code == 2

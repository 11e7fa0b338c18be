"""What an attacker tried, a test each: guessed, stolen and replayed credentials, and calls from where none are taken."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import aiohttp
import msgspec
import pytest
from server_process import new_folder

from mailsync.link import people_protocol as p
from mailsync.link.address import Invitation
from mailsync.link.errors import CodeNeeded, InvitationRefused, RequestRefused, ServerBusy, ServerForbids, SessionEnded
from mailsync.link.protocol import AddMemberRequest, Joined, JoinRequest, LoginRequest
from mailsync.link.stream_protocol import Goodbye
from mailsync.server.authorise import RIGHTS, Right
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.log import log_to, stop_logging
from mailsync.server.passwords import AT_ONCE, MOST_WAITING
from store.domain.guessing import FREE_AT_ACCOUNT, FREE_AT_PAIR, FREE_AT_PLACE
from store.domain.ids import MemberKey
from store.domain.people import InboxRole, Role
from store.domain.totp import code_of, step_at
from store.settings.settings import parse_settings
from store.team import people_statements
from store.team.audit_check import Asked, search
from store.team.rows import run
from tests.server.server_house import BOSS, SETTINGS, Agent, Ear, Served, problem, serving
from tests.server.test_authorise import filled
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for

PASSWORD = "correct horse"


@asynccontextmanager
async def house_with(trust: str) -> AsyncIterator[Served]:
    home = new_folder("trust")
    async with serving(home, TestClock(), settings=parse_settings(trust + SETTINGS, home / "settings.toml")) as served:
        yield served


async def joined(served: Served, name: str = "Sato", role: Role = Role.AGENT, password: str = PASSWORD) -> Joined:
    async with served.admin as admin:
        added = await admin.add_member(AddMemberRequest(name, role=role))
    return await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t1", password))


def login(served: Served, password: str = PASSWORD, *, member: str = "sato", code: str | None = None, device: str | None = None):
    return served.client(None).login(LoginRequest(MemberKey(member), password, "t", code, device))


async def wrong_tries(served: Served, count: int, member: str = "sato") -> None:
    for n in range(count):
        with pytest.raises(SessionEnded):
            await login(served, f"wrong number {n}", member=member)


def factor_of(begun: p.FactorBegun, served: Served) -> str:
    import base64

    secret = base64.b32decode(begun.secret + "=" * (-len(begun.secret) % 8))
    return code_of(secret, step_at(served.team.clock.now()))


async def with_factor(served: Served, role: Role = Role.AGENT) -> tuple[Joined, p.FactorBegun, p.RecoveryCodes]:
    sato = await joined(served, role=role)
    client = served.client(sato.session)
    begun = await client.begin_second_factor(p.PasswordShown(PASSWORD))
    return sato, begun, await client.confirm_second_factor(p.CodeShown(factor_of(begun, served)))


# Guessing


async def test_timing_tells_no_stranger_who_is_a_member(served: Served) -> None:
    await joined(served)
    await joined(served, "Gone")
    await joined(served, "Passwordless", password=None)  # type: ignore[arg-type]
    await served.admin.deactivate(MemberKey("gone"))
    costs = []
    for member in ("sato", "nobody", "gone", "passwordless", "", "boss"):
        before = served.house.passwords.work
        with pytest.raises(SessionEnded):
            await login(served, "a wrong password", member=member)
        costs.append(served.house.passwords.work - before)
    assert costs == [1] * 6


async def test_an_oversized_password_costs_nothing(served: Served) -> None:
    sato = await joined(served)
    before = served.house.passwords.work
    with pytest.raises(SessionEnded):
        await login(served, "x" * 10_000)
    for length in (100_000, 10_000_000):
        with pytest.raises(RequestRefused):
            await login(served, "x" * length)
    with pytest.raises(RequestRefused):
        await served.client(sato.session).change_password(p.NewPassword("y" * 100_000, PASSWORD))
    # The old one had to be shown before the new one was looked at.
    assert served.house.passwords.work - before == 1


async def test_somebody_who_guesses_at_my_name_does_not_lock_me_out(served: Served) -> None:
    sato = await joined(served)
    await wrong_tries(served, FREE_AT_PAIR)
    with pytest.raises(ServerBusy, match="wait"):
        await login(served, PASSWORD)
    again = await login(served, PASSWORD, device=sato.device)
    assert again.member.key == "sato"
    assert again.device == sato.device


async def test_a_stolen_device_secret_gives_no_more_guesses_than_any(served: Served) -> None:
    sato = await joined(served)
    for n in range(FREE_AT_PAIR):
        with pytest.raises(SessionEnded):
            await login(served, f"wrong number {n}", device=sato.device)
    with pytest.raises(ServerBusy):
        await login(served, PASSWORD, device=sato.device)
    # The member at their desk, on another device, is asked nothing more.
    assert (await login(served, PASSWORD)).member.key == "sato"


async def test_a_device_of_somebody_else_is_none(served: Served) -> None:
    await joined(served)
    other = await joined(served, "Mallory")
    await wrong_tries(served, FREE_AT_PAIR)
    with pytest.raises(ServerBusy):
        await login(served, PASSWORD, device=other.device)


async def test_a_thousand_guesses_at_once_are_no_more_than_one_after_the_other(served: Served) -> None:
    await joined(served)
    before = served.house.passwords.work
    tries = await asyncio.gather(*(login(served, f"wrong number {n}") for n in range(60)), return_exceptions=True)
    assert served.house.passwords.work - before <= FREE_AT_PAIR
    assert all(isinstance(one, (SessionEnded, ServerBusy)) for one in tries)
    with pytest.raises(ServerBusy):
        await login(served, PASSWORD)


async def test_guesses_at_many_names_from_one_place_are_slowed_down(served: Served) -> None:
    for n in range(FREE_AT_PLACE):
        with pytest.raises(SessionEnded):
            await login(served, "a wrong password", member=f"name{n}")
    with pytest.raises(ServerBusy):
        await login(served, "a wrong password", member="another-name")
    # Invitations are guessed at from the same place.
    with pytest.raises(ServerBusy):
        await served.client(None).join(JoinRequest("guessed", "t"))


async def test_guesses_spread_over_many_addresses_are_slowed_down_too_and_the_member_is_not() -> None:
    trust = '[trust]\nproxies = ["127.0.0.1"]\nproxy_header = "X-Forwarded-For"\n'
    async with house_with(trust) as served:
        sato = await joined(served)
        for n in range(FREE_AT_ACCOUNT):
            assert await forwarded_login(served, "a wrong password", f"198.51.100.{n + 1}") == 401
        assert await forwarded_login(served, PASSWORD, "198.51.100.200") == 429
        assert await forwarded_login(served, PASSWORD, "203.0.113.9", device=sato.device) == 200
        # From now on that place is theirs as well, with or without the device.
        assert await forwarded_login(served, PASSWORD, "203.0.113.9") == 200


async def forwarded_login(served: Served, password: str, from_where: str, device: str | None = None) -> int:
    body = msgspec.json.encode(LoginRequest(MemberKey("sato"), password, "t", None, device))
    async with aiohttp.ClientSession() as http:
        headers = {"X-Forwarded-For": from_where}
        async with http.post(f"{served.url}/v1/sessions", data=body, headers=headers) as answer:
            return answer.status


async def test_what_was_counted_outlives_a_restart_and_is_bounded(served: Served) -> None:
    await joined(served)
    await wrong_tries(served, FREE_AT_PAIR)
    rows = await served.house.desk.ask(lambda connection: run(connection, people_statements.OLDEST_GUESSES, skip=0))
    assert rows, "the counts lie in the database, not in this process"
    served.team.clock.move(timedelta(hours=9))
    await wrong_tries(served, 1)
    counted = await served.house.desk.ask(lambda connection: run(connection, people_statements.COUNT_GUESSES))
    assert counted[0][0] <= 4


async def test_an_invitation_cannot_be_guessed_used_twice_or_used_after_it_was_taken_back(served: Served) -> None:
    async with served.admin as admin:
        first = Invitation.decode((await admin.add_member(AddMemberRequest("Sato"))).invitation).secret
        second = Invitation.decode((await admin.invite_again(MemberKey("sato"), p.InviteAgain())).invitation).secret
        with pytest.raises(InvitationRefused):
            await served.client(None).join(JoinRequest(first, "t"))
        assert (await admin.uninvite(MemberKey("sato"))).count == 1
        with pytest.raises(InvitationRefused):
            await served.client(None).join(JoinRequest(second, "t"))
        third = Invitation.decode((await admin.invite_again(MemberKey("sato"), p.InviteAgain())).invitation).secret
    race = await asyncio.gather(*(served.client(None).join(JoinRequest(third, f"t{n}")) for n in range(10)), return_exceptions=True)
    assert sum(isinstance(one, Joined) for one in race) == 1
    for guess in ("", "x", third[:-1], third + "x", "\udc80", "' OR 1=1 --"):
        body = json.dumps({"invitation": guess, "terminal": "t"}).encode("utf-8", "surrogatepass")
        status, _raw = await served.raw("POST", "/v1/join", body=body)
        assert status in {400, 403}


async def test_a_flood_of_logins_is_told_to_come_back_and_known_devices_get_in(served: Served) -> None:
    sato = await joined(served)
    # Nobody of the flood has a turn before we have seen what it does: else one may be through before the next login comes.
    turns = served.house.passwords._turns[False]
    for _ in range(AT_ONCE):
        await turns.acquire()
    waiting = [asyncio.create_task(served.house.passwords.matches(None, "x" * 20)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(ServerBusy, match="Many log in"):
        await login(served, PASSWORD)
    assert (await login(served, PASSWORD, device=sato.device)).member.key == "sato"
    for _ in range(AT_ONCE):
        turns.release()
    await asyncio.gather(*waiting)
    # What was not looked at was not counted.
    assert (await login(served, PASSWORD)).member.key == "sato"


# Stolen and replayed


async def test_a_stolen_token_ends_with_the_session_and_changes_no_credentials(served: Served) -> None:
    sato = await joined(served)
    served.team.clock.move(timedelta(hours=1))
    thief = served.client(sato.session)
    for attempt in (
        thief.change_password(p.NewPassword("a new password of mine")),
        thief.change_password(p.NewPassword("a new password of mine", "guessed wrong")),
        thief.begin_second_factor(p.PasswordShown("guessed wrong")),
        thief.end_second_factor(p.PasswordShown("guessed wrong")),
    ):
        with pytest.raises(SessionEnded):
            await attempt
    with pytest.raises(SessionEnded):
        await thief.change_password(p.NewPassword("a new password of mine", "guessed again"))
    with pytest.raises(ServerBusy):
        await thief.change_password(p.NewPassword("a new password of mine", "guessed again"))
    owner = await login(served, PASSWORD)
    assert (await served.client(owner.session).end_other_sessions()).count == 1
    with pytest.raises(SessionEnded):
        await thief.me()
    assert (await served.client(owner.session).me()).member.key == "sato"


async def test_a_token_stolen_from_somebody_without_a_password_sets_none(served: Served) -> None:
    young = await joined(served, password=None)  # type: ignore[arg-type]
    served.team.clock.move(timedelta(minutes=11))
    with pytest.raises(SessionEnded, match="invitation"):
        await served.client(young.session).change_password(p.NewPassword("a new password of mine"))
    fresh = await joined(served, "Mori", password=None)  # type: ignore[arg-type]
    await served.client(fresh.session).change_password(p.NewPassword("four words make one"))
    assert (await login(served, "four words make one", member="mori")).member.key == "mori"


async def test_a_session_ends_unused_and_at_its_end_however_much_it_is_used(served: Served) -> None:
    idle, busy = await joined(served, "Idle"), await joined(served, "Busy")
    for _ in range(13):
        served.team.clock.move(timedelta(days=1))
        await served.client(busy.session).me()
    served.team.clock.move(timedelta(days=1, seconds=1))
    with pytest.raises(SessionEnded):
        await served.client(idle.session).me()
    for _ in range(75):
        await served.client(busy.session).me()
        served.team.clock.move(timedelta(days=1))
    served.team.clock.move(timedelta(days=1))
    with pytest.raises(SessionEnded):
        await served.client(busy.session).me()


async def test_one_sees_where_one_is_logged_in_and_ends_what_one_does_not_know(served: Served) -> None:
    first = await joined(served)
    second = await login(served, PASSWORD)
    mine = served.client(second.session)
    rows = {row.current: row for row in await mine.own_sessions()}
    assert (rows[False].how, rows[True].how, rows[True].place) == ("invitation", "password", "127.0.0.1")
    assert first.session not in repr(rows)
    mori = await joined(served, "Mori")
    with pytest.raises(RequestRefused):
        await served.client(mori.session).end_own_session(rows[False].session_id)
    async with served.client(first.session) as theirs, theirs.stream(served.house.desk.seq) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        assert (await mine.end_own_session(rows[False].session_id[:12])).count == 1
        await wait_for(lambda: ear.ended, "the end of the stolen stream")
        assert ear.heard[-1] == Goodbye("session_ended")
        await listening
    with pytest.raises(SessionEnded):
        await served.client(first.session).me()


async def test_a_replayed_login_with_a_code_opens_nothing(served: Served) -> None:
    _sato, begun, _codes = await with_factor(served)
    served.team.clock.move(timedelta(seconds=60))
    code = factor_of(begun, served)
    body = msgspec.json.encode(LoginRequest(MemberKey("sato"), PASSWORD, "t", code))
    assert (await served.raw("POST", "/v1/sessions", body=body))[0] == 200
    status, raw = await served.raw("POST", "/v1/sessions", body=body)
    assert (status, problem(raw)) == (401, "code_needed")
    race = await asyncio.gather(*(served.raw("POST", "/v1/sessions", body=body) for _ in range(3)))
    assert {status for status, _raw in race} == {401}


async def test_of_two_who_show_one_code_at_once_one_gets_in(served: Served) -> None:
    _sato, begun, _codes = await with_factor(served)
    served.team.clock.move(timedelta(seconds=60))
    code = factor_of(begun, served)
    race = await asyncio.gather(*(login(served, PASSWORD, code=code) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Joined) for one in race) == 1


async def test_the_password_alone_opens_nothing_once_a_second_factor_is_on(served: Served) -> None:
    sato, begun, codes = await with_factor(served)
    with pytest.raises(CodeNeeded):
        await login(served, PASSWORD)
    with pytest.raises(CodeNeeded):
        await login(served, PASSWORD, code="000000")
    # An invitation, too, wants the code.
    async with served.admin as admin:
        secret = Invitation.decode((await admin.invite_again(MemberKey("sato"), p.InviteAgain())).invitation).secret
    with pytest.raises(CodeNeeded):
        await served.client(None).join(JoinRequest(secret, "t"))
    assert (await login(served, PASSWORD, code=codes.codes[0])).member.key == "sato"
    with pytest.raises(CodeNeeded):
        await login(served, PASSWORD, code=codes.codes[0])
    served.team.clock.move(timedelta(seconds=60))
    assert (await login(served, PASSWORD, code=factor_of(begun, served))).member.key == "sato"
    assert (await served.client(sato.session).second_factor()).codes_left == 9


async def test_who_knows_the_password_cannot_try_out_codes_from_place_to_place(served: Served) -> None:
    sato, begun, _codes = await with_factor(served)
    for n in range(FREE_AT_PAIR):
        with pytest.raises(CodeNeeded):
            await login(served, PASSWORD, code=f"{n:06}", device=sato.device)
    served.team.clock.move(timedelta(seconds=31))
    with pytest.raises(SessionEnded):
        # Asking without a code in between forgets nothing.
        await login(served, "a wrong password")
    with pytest.raises(CodeNeeded):
        await login(served, PASSWORD)
    with pytest.raises(CodeNeeded):
        await login(served, PASSWORD, code="123123")
    with pytest.raises(ServerBusy):
        await login(served, PASSWORD, code=factor_of(begun, served))


async def test_secrets_of_second_factors_lie_sealed_and_open_for_nobody_else(served: Served) -> None:
    _sato, begun, codes = await with_factor(served)
    await served.house.desk.ask(lambda connection: None)
    kept = b"".join(path.read_bytes() for path in served.home.glob("team.db*"))
    import base64

    raw = base64.b32decode(begun.secret + "=" * (-len(begun.secret) % 8))
    assert raw not in kept
    assert begun.secret.encode() not in kept
    assert not any(code.encode() in kept or code.replace("-", "").encode() in kept for code in codes.codes)
    factor = await served.house.desk.people.factors.of(MemberKey("sato"))
    assert factor is not None
    with pytest.raises(Exception, match="sealed with another key"):
        served.house.sealing.open(factor.sealed, "totp mori")


async def test_a_role_that_needs_a_second_factor_does_nothing_before_it_has_one() -> None:
    async with house_with('[trust]\nsecond_factor = ["agent", "admin"]\n') as served:
        sato = await joined(served)
        assert sato.unfinished
        assert [offer.password for offer in sato.inboxes] == [None, None]
        client = served.client(sato.session)
        for endpoint in ENDPOINTS:
            if endpoint.right not in {Right.ENTER, Right.OWN}:
                status, _raw = await served.raw(endpoint.method, filled(endpoint), session=sato.session, body=b"{}")
                assert status == 403, endpoint.path
        begun = await client.begin_second_factor(p.PasswordShown(PASSWORD))
        await client.confirm_second_factor(p.CodeShown(factor_of(begun, served)))
        assert (await client.snapshot()).conversations == ()
        served.team.clock.move(timedelta(seconds=60))
        back = await login(served, PASSWORD, code=factor_of(begun, served))
        assert {offer.key: offer.password for offer in back.inboxes}["support"] == "the-shared-password"
        # A guest's role does not need it; the owner at the home's own socket is known by the kernel.
        assert not (await joined(served, "Guest", Role.GUEST)).unfinished
        assert (await served.admin.snapshot()).conversations == ()


async def test_a_lost_phone_and_a_lost_laptop_end_with_one_command(served: Served) -> None:
    sato, _begun, codes = await with_factor(served)
    async with served.admin as admin:
        secret = Invitation.decode((await admin.invite_again(MemberKey("sato"), p.InviteAgain(reset=True))).invitation).secret
    with pytest.raises(SessionEnded):
        await served.client(sato.session).me()
    with pytest.raises(SessionEnded):
        await login(served, PASSWORD, code=codes.codes[0])
    await served.client(None).join(JoinRequest(secret, "t", "a brand new password"))
    assert (await login(served, "a brand new password")).member.key == "sato"


# From where


async def test_a_forged_forwarded_header_moves_nobody_into_the_house() -> None:
    async with house_with('[trust]\nallow = ["203.0.113.0/24"]\n') as served:
        for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            assert await status_from(served, {header: "203.0.113.5"}) == 403


async def test_a_proxy_is_believed_only_as_far_as_it_wrote_itself() -> None:
    trust = '[trust]\nallow = ["203.0.113.0/24"]\nproxies = ["127.0.0.1", "192.0.2.1"]\nproxy_header = "X-Forwarded-For"\n'
    async with house_with(trust) as served:
        tried = {
            "203.0.113.5": 401,
            "[203.0.113.5]:1234": 401,
            "::ffff:203.0.113.5": 401,
            "203.0.113.5, 192.0.2.1": 401,
            "203.0.113.5, 198.51.100.7": 403,
            "203.0.113.5, 198.51.100.7, 192.0.2.1": 403,
            "203.0.113.5, nonsense": 403,
            "": 403,
            "127.0.0.1": 403,
            ", ".join(["203.0.113.5"] * 5000 + ["198.51.100.7"])[-8000:]: 403,
        }
        found = {value: await status_from(served, {"X-Forwarded-For": value}) for value in tried}
        assert found == tried
        assert await status_from(served, {}) == 403
        # The server's own socket is inside the house; a proxy in front of it is not its owner.
        assert (await served.admin.me()).member.key == BOSS
        assert await over_socket(served, {"X-Forwarded-For": "203.0.113.5"}) == 401
        assert await over_socket(served, {"Via": "1.1 proxy"}) == 401
        assert await over_socket(served, {"X-Unix-Uid": "0"}) == 200


async def status_from(served: Served, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"{served.url}/v1/me", headers=headers) as answer:
        return answer.status


async def over_socket(served: Served, headers: dict[str, str]) -> int:
    connector = aiohttp.UnixConnector(path=str(served.home / "desk.sock"))
    async with aiohttp.ClientSession(connector=connector) as http, http.get("http://desk/v1/me", headers=headers) as answer:
        return answer.status


async def test_a_member_may_be_held_to_networks_of_their_own(served: Served) -> None:
    sato = await joined(served)
    async with served.admin as admin:
        with pytest.raises(RequestRefused):
            await admin.allow_networks(sato.member.key, p.Networks(("192.0.2.1/24",)))
        await admin.allow_networks(sato.member.key, p.Networks(("192.0.2.0/24", "2001:db8::/32")))
        with pytest.raises(ServerForbids, match="address"):
            await served.client(sato.session).me()
        assert (await admin.member_details(sato.member.key)).networks == ("192.0.2.0/24", "2001:db8::/32")
        await admin.allow_networks(sato.member.key, p.Networks(("127.0.0.0/8",)))
        assert (await served.client(sato.session).me()).member == sato.member


# Escalation


async def test_no_role_makes_itself_or_others_more_than_it_is(served: Served) -> None:
    victims = {role: await served.member(f"victim {role}", role) for role in (Role.LEADER, Role.AGENT)}
    for role in (Role.LEADER, Role.AGENT, Role.CHECKED, Role.GUEST):
        who = await served.member(f"climber {role}", role)
        change = p.MemberChange("x", Role.ADMIN)
        for attempt in (
            who.client.change_member(who.member.key, change),
            who.client.add_member(AddMemberRequest("Friend", role=Role.ADMIN)),
            who.client.invite_again(BOSS, p.InviteAgain(reset=True)),
            who.client.deactivate(victims[Role.AGENT].member.key),
            who.client.bind_certificates(BOSS, p.CertificateNames()),
            who.client.allow_networks(BOSS, p.Networks(("192.0.2.0/24",))),
            who.client.member_details(BOSS),
            who.client.mailbox_passwords(),
            who.client.sessions_of(BOSS),
            who.client.end_sessions_of(BOSS),
        ):
            with pytest.raises(ServerForbids):
                await attempt
        may_cut = Right.LEAD in RIGHTS[role]
        for victim in victims.values():
            if may_cut:
                assert await who.client.sessions_of(victim.member.key)
            else:
                with pytest.raises(ServerForbids):
                    await who.client.end_sessions_of(victim.member.key)
    members = {member.key: member.role for member in served.house.desk.people.members()}
    assert [key for key, role in members.items() if role is Role.ADMIN] == [BOSS]


async def test_a_guest_in_one_inbox_is_one_there_only(served: Served) -> None:
    async with served.admin as admin:
        request = AddMemberRequest("Sato", inboxes=(SUPPORT, SALES), roles=(InboxRole(SALES, Role.GUEST),))
        added = await admin.add_member(request)
    entered = await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t"))
    sato = Agent(served, entered.member, entered.session)
    from mailsync.link.protocol import Done, Refused
    from store.domain.commands import AssignConversation

    here = await served.team.arrives("<1@example.org>", inbox=SUPPORT)
    there = await served.team.arrives("<2@example.org>", inbox=SALES)
    assert isinstance(await sato.ask(AssignConversation(conversation_id=here, owner=sato.member.key)), Done)
    assert isinstance(await sato.ask(AssignConversation(conversation_id=there, owner=sato.member.key)), Refused)
    with pytest.raises(ServerForbids):
        await sato.client.hint(SALES)
    await sato.client.hint(SUPPORT)


async def test_an_expired_guest_is_cut_off_in_the_middle_of_the_session(served: Served) -> None:
    until = served.team.clock.now() + timedelta(days=3)
    async with served.admin as admin:
        added = await admin.add_member(AddMemberRequest("Guest", role=Role.GUEST, ends_at=until))
    entered = await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t", PASSWORD))
    guest = served.client(entered.session)
    async with guest.stream(served.house.desk.seq) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        served.team.clock.move(timedelta(days=2, hours=23))
        assert (await guest.me()).member.ends_at == until
        served.team.clock.move(timedelta(hours=1))
        # At once, not when somebody next goes round.
        with pytest.raises(SessionEnded):
            await guest.me()
        await wait_for(lambda: ear.ended, "the end of the guest's stream")
        assert ear.heard[-1] == Goodbye("access_ended")
        await listening
    with pytest.raises(SessionEnded):
        await login(served, PASSWORD, member="guest")
    member = served.house.desk.people.member(MemberKey("guest"))
    assert member is not None
    assert not member.active


async def test_a_guest_for_whom_nothing_was_said_stays_ninety_days_and_an_admin_has_no_end(served: Served) -> None:
    guest = await served.member("Guest", Role.GUEST)
    assert guest.member.ends_at == served.team.clock.now() + timedelta(days=90)
    async with served.admin as admin:
        with pytest.raises(RequestRefused, match="end date"):
            await admin.add_member(AddMemberRequest("Chief", role=Role.ADMIN, ends_at=served.team.clock.now() + timedelta(days=1)))
        with pytest.raises(RequestRefused, match="only admin"):
            await admin.change_member(BOSS, p.MemberChange("Boss", Role.AGENT))


# What is told


async def test_no_password_code_or_token_gets_into_the_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    handler = log_to(served.home)
    try:
        sato, begun, codes = await with_factor(served)
        await wrong_tries(served, 2)
        served.team.clock.move(timedelta(seconds=60))
        code = factor_of(begun, served)
        again = await login(served, PASSWORD, code=code)
        await served.client(again.session).change_password(p.NewPassword("another good password", PASSWORD))
        with pytest.raises(RequestRefused) as bad:
            await served.client(again.session).change_password(p.NewPassword("password1234", "another good password"))
    finally:
        stop_logging(handler)
    audited = await served.house.desk.ask(partial(search, asked=Asked(limit=1000)))
    assert "login_failed" in {entry.what for entry in audited}
    told = " ".join(((served.home / "server.log").read_text(), caplog.text, str(bad.value), *map(str, audited)))
    secrets = [PASSWORD, "another good password", "password1234", begun.secret, *codes.codes, sato.session, again.session, sato.device]
    for secret in secrets:
        assert secret not in told
    assert code not in told.split()

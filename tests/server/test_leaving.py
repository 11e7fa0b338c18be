"""Somebody leaves: cut off at once, what they held is freed, and what was theirs is listed until it has another hand."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from server_process import new_folder

from mailsync.link import people_protocol as p
from mailsync.link.address import Invitation
from mailsync.link.errors import AccessEnded, RequestRefused, SessionEnded
from mailsync.link.protocol import AddMemberRequest, JoinRequest
from mailsync.link.stream_protocol import Goodbye
from store.domain.commands import AssignConversation, SetStatus
from store.domain.ending import Ending
from store.domain.ids import MemberKey
from store.domain.people import Role
from store.settings.settings import parse_settings
from store.team import people_statements
from store.team.belongings import PAGE
from store.team.rows import run
from tests.server.server_house import BOSS, SETTINGS, Ear, Served, reply_to, serving
from tests.team.team_house import SALES, TestClock
from tests.waiting import wait_for

SATO = MemberKey("sato")


async def test_who_leaves_is_cut_off_and_their_work_is_listed(served: Served) -> None:
    sato = await served.member("Sato")
    owned = [await served.team.arrives(f"<{n}@example.org>") for n in range(4)]
    for conversation_id in owned:
        await sato.ask(AssignConversation(conversation_id=conversation_id, owner=SATO))
    await sato.ask(SetStatus(conversation_id=owned[0], status="no_reply", reason="x"))
    unowned = await served.team.arrives("<5@example.org>")
    token = await sato.token(owned[1])
    queued = await served.team.arrives("<6@example.org>")
    answer = await sato.ask(reply_to(queued, await served.team.revision(queued), await sato.token(queued)))
    assert answer.recorded
    async with sato.client.stream(served.house.desk.seq) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        async with served.admin as admin:
            left = await admin.deactivate(SATO)
        await wait_for(lambda: ear.ended, "the end of the stream")
        assert ear.heard[-1] == Goodbye("access_ended")
        await listening
    with pytest.raises(AccessEnded):
        await sato.client.me()
    numbers = {category: [row.number for row in rows] for category, rows in left.conversations.items()}
    assert numbers == {"open": [2, 3, 4], "outbox": [6]}
    assert left.leases == 1
    assert [(row.number, row.state) for row in left.replies] == [(6, "queued")]
    assert (left.member.active, left.passwords) == (False, ("support",))
    state = await served.house.desk.state(owned[1])
    assert state is not None
    assert state.lease is None
    assert token is not None
    assert unowned not in {row.id for rows in left.conversations.values() for row in rows}
    # Said again it changes nothing, and lists the same: it can be read later too.
    async with served.admin as admin:
        again = await admin.deactivate(SATO)
    assert (again.conversations, again.passwords) == (left.conversations, left.passwords)


async def test_their_conversations_are_found_behind_a_whole_page_of_others(served: Served) -> None:
    sato = await served.member("Sato")
    mine = await served.team.arrives("<mine@example.org>")
    await sato.ask(AssignConversation(conversation_id=mine, owner=SATO))
    state = await served.house.desk.state(mine)
    assert state is not None

    def many(connection) -> None:
        from store.team import statements as s
        from store.team.rows import to_json

        for n in range(PAGE + 10):
            other = msgspec.structs.replace(state, id=f"0{n:015}", number=1000 + n, owner=None, subject=f'"owner":"sato" {n}')
            run(connection, s.PUT_STATE, id=other.id, number=other.number, inbox=other.inbox, leased=0, wake_at=None, state=to_json(other))

    await served.house.desk.ledger.write_plain(many)
    async with served.admin as admin:
        left = await admin.deactivate(SATO)
    assert [row.id for rows in left.conversations.values() for row in rows] == [mine]


async def test_a_shared_password_is_named_until_it_was_changed_and_no_longer() -> None:
    home = new_folder("leaving")
    (home / "password").write_text("first password\n")
    text = SETTINGS.replace("echo the-shared-password", f"cat {home / 'password'}")
    async with serving(home, TestClock(), settings=parse_settings(text, home / "settings.toml")) as served:
        for name, role in (("Sato", Role.AGENT), ("Mori", Role.AGENT), ("Guest", Role.GUEST), ("Never Joined", Role.AGENT)):
            async with served.admin as admin:
                added = await admin.add_member(AddMemberRequest(name, role=role))
            if name != "Never Joined":
                await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t"))
        async with served.admin as admin:
            assert await admin.mailbox_passwords() == []
            for key in ("never-joined", "guest", "sato"):
                await admin.deactivate(MemberKey(key))
            assert await admin.mailbox_passwords() == [p.PasswordToChange("support", (SATO,))]
            (home / "password").write_text("second password\n")
            assert await admin.mailbox_passwords() == []
            await admin.deactivate(MemberKey("mori"))
            # Mori was told the first one only; she may have looked again, so the new one counts as known.
            assert await admin.mailbox_passwords() == [p.PasswordToChange("support", (MemberKey("mori"),))]
    kept = b"".join(path.read_bytes() for path in home.glob("team.db*"))
    assert b"first password" not in kept
    assert b"second password" not in kept


async def test_who_left_comes_back_by_an_admins_word_only_and_finds_nothing_open(served: Served) -> None:
    sato = await served.member("Sato")
    async with served.admin as admin:
        await admin.deactivate(SATO)
        for wrong in (p.InviteAgain(), p.InviteAgain(reset=True)):
            with pytest.raises(RequestRefused):
                await admin.invite_again(SATO, wrong)
        added = await admin.invite_again(SATO, p.InviteAgain(back=True))
    with pytest.raises(SessionEnded):
        await sato.client.me()
    back = await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t"))
    assert back.member.active


async def test_only_who_shows_a_session_is_told_that_its_member_is_gone(served: Served) -> None:
    sato = await served.member("Sato")
    ended = await served.member("Mori")
    async with served.admin as admin:
        await admin.end_sessions_of(MemberKey("mori"))
        await admin.deactivate(SATO)
    with pytest.raises(AccessEnded):
        await sato.client.me()
    # A session that was ended, or never was one, removes nobody's mail.
    for session in (ended.session, "guessed", ""):
        with pytest.raises(SessionEnded) as caught:
            await served.client(session).me()
        assert type(caught.value) is SessionEnded


async def test_the_last_admin_stays(served: Served) -> None:
    async with served.admin as admin:
        with pytest.raises(RequestRefused, match="only admin"):
            await admin.deactivate(BOSS)


async def test_a_session_ended_by_another_server_process_ends_here_too(served: Served) -> None:
    sato = await served.member("Sato")
    await sato.client.me()
    async with sato.client.stream(served.house.desk.seq) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        now = served.team.clock.now()

        def elsewhere(connection) -> None:
            from store.team.rows import to_micros

            run(connection, people_statements.END_OTHER_SESSIONS_OF, whose=SATO, but="", now_at=to_micros(now))

        # As the other process does it: in the database, past everything this one has in mind.
        await served.house.desk.ledger.write_plain(elsewhere)
        await wait_for(lambda: ear.ended, "the end of the stream")
        await listening
    with pytest.raises(SessionEnded):
        await sato.client.me()


async def test_a_stream_that_is_never_closed_keeps_a_session_in_use_and_ends_with_it(served: Served) -> None:
    sato = await served.member("Sato")
    async with sato.client.stream(served.house.desk.seq) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        for _day in range(89):
            served.team.clock.move(timedelta(days=1))
            await served.house.gate.go_round()
        (row,) = await served.house.desk.people.sessions.of(SATO)
        assert row.last_used_at == served.team.clock.now()
        assert not ear.ended
        served.team.clock.move(timedelta(days=1))
        await wait_for(lambda: ear.ended, "the end of the session")
        assert ear.heard[-1] == Goodbye("session_ended")
        await listening


class _WrongClock(TestClock):
    """The time of day is set by somebody, and no time passes."""

    def set_by(self, by: timedelta) -> None:
        self._now += by


async def test_a_clock_that_is_wrong_for_a_minute_ends_nobody_for_good() -> None:
    clock = _WrongClock()
    async with serving(new_folder("wrong-clock"), clock) as served:
        async with served.admin as admin:
            added = await admin.add_member(AddMemberRequest("Guest", role=Role.GUEST, ends_at=clock.now() + timedelta(days=3)))
        entered = await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t"))
        guest = served.client(entered.session)
        clock.move(timedelta(hours=1))
        await served.house.gate.go_round()
        clock.set_by(timedelta(days=4))
        await served.house.gate.go_round()
        with pytest.raises(SessionEnded) as caught:
            await guest.me()
        assert type(caught.value) is SessionEnded, "nothing is removed at the other end"
        clock.set_by(timedelta(days=-4))
        assert (await guest.me()).member.active
        clock.move(timedelta(hours=1))
        await served.house.gate.go_round()
        clock.move(timedelta(days=4))
        await served.house.gate.go_round()
        with pytest.raises(AccessEnded) as ended:
            await served.by_socket(entered.session).me()
        assert ended.value.ending == Ending(MemberKey("guest"), served.house.desk.epoch, by_date=True)


async def test_an_ending_is_heard_in_writing_over_a_safe_line_only_and_by_its_own_member(served: Served) -> None:
    sato, mori = await served.member("Sato"), await served.member("Mori")
    async with served.admin as admin:
        await admin.deactivate(SATO)
    with pytest.raises(AccessEnded, match="nothing was removed") as safe:
        await served.by_socket(sato.session).me()
    assert safe.value.ending == Ending(SATO, served.house.desk.epoch, by_date=False)
    # Over http, be it to this machine, whoever took the port could say so.
    with pytest.raises(AccessEnded, match="nothing was removed") as unsafe:
        await sato.client.me()
    assert unsafe.value.ending is None
    assert (await mori.client.me()).member.active
    async with served.admin as admin:
        await admin.invite_again(SATO, p.InviteAgain(back=True))
    with pytest.raises(SessionEnded) as back:
        await served.by_socket(sato.session).me()
    assert type(back.value) is SessionEnded, "who was taken back loses nothing"


async def test_a_member_of_another_name_keeps_their_home(served: Served) -> None:
    sato = await served.member("Sato")
    async with served.admin as admin:
        await admin.change_member(SATO, p.MemberChange(name="Suzuki", role=Role.AGENT))
        with pytest.raises(RequestRefused):
            await admin.deactivate(MemberKey("suzuki"))
    me = await served.by_socket(sato.session).me()
    assert (me.member.key, me.member.name, me.member.active) == (SATO, "Suzuki", True)


async def test_who_loses_an_inbox_is_freed_of_it_and_what_was_theirs_is_listed(served: Served) -> None:
    sato = await served.member("Sato")
    owned = await served.team.arrives("<1@example.org>")
    await sato.ask(AssignConversation(conversation_id=owned, owner=SATO))
    await sato.token(owned)
    queued = await served.team.arrives("<2@example.org>")
    assert (await sato.ask(reply_to(queued, await served.team.revision(queued), await sato.token(queued)))).recorded
    theirs = await served.team.arrives("<3@example.org>", inbox=SALES)
    await sato.ask(AssignConversation(conversation_id=theirs, owner=SATO))
    async with served.admin as admin:
        details = await admin.change_member(SATO, p.MemberChange("Sato", Role.AGENT, (SALES,)))
        again = await admin.change_member(SATO, p.MemberChange("Sato", Role.AGENT, (SALES,)))
    assert details.lost is not None
    numbers = {category: [row.number for row in rows] for category, rows in details.lost.conversations.items()}
    assert (numbers, details.lost.leases) == ({"open": [1], "outbox": [2]}, 1)
    assert [(row.number, row.state) for row in details.lost.replies] == [(2, "queued")]
    states = [await served.house.desk.state(one) for one in (owned, queued, theirs)]
    assert [(state.owner, state.lease) for state in states if state] == [(None, None), (None, None), (SATO, None)]
    # What is held there is listed as long as it is; the rest had its list.
    assert again.lost is not None
    assert (again.lost.conversations, again.lost.leases, len(again.lost.replies)) == ({}, 0, 1)

"""An admin reads the log, proves it, and has a customer erased, from the command line; against a server in this process."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from server_process import new_folder

from mailsync.link.errors import ServerForbids, SessionEnded
from mailsync.link.protocol import LoginRequest
from mailsync.link.trail import EraseRequest, LogRequest, VerifyRequest
from mailsync.server.retention import Retention
from mailsync.server.settings_digests import digests_of
from store.domain.ids import MemberKey
from store.domain.people import Role
from store.settings.secrets import Secret, Secrets
from store.settings.settings import parse_settings
from store.sqlite.connection import connect
from store.team.audit_check import Asked, search
from tests.audit.test_erasure import finished
from tests.cli.home import Home, mado
from tests.server.server_house import SETTINGS, Agent, Served, serving
from tests.team.team_house import TestClock


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


def home_of(served: Served, agent: Agent) -> Home:
    home = Home(served.home / f"home-{agent.member.key}")
    path: Path = home.path / "settings.toml"
    path.write_text(f'[server]\nurl = "{served.url}"\n' + path.read_text())
    Secrets(home.path).put("session", Secret(agent.session))
    return home


async def test_the_log_is_shown_proved_and_its_damage_named_with_exit_code_1(served: Served) -> None:
    admin = home_of(served, await served.member("Kanri", role=Role.ADMIN))
    conversation = await served.team.arrives("<m1@example.org>")
    assert (await mado(admin, "comment", "#1", "見ました")).code == 0
    shown = await mado(admin, "log", "show", "CommentAdded", "kanri")
    assert shown.code == 0, shown.err
    (row,) = shown.rows
    assert (row["what"], row["who"], row["conversation_id"]) == ("CommentAdded", "kanri", conversation)
    assert row["from"].startswith("session ")
    assert row["from"].endswith("127.0.0.1")
    proved = await mado(admin, "log", "verify")
    assert (proved.code, proved.rows[0]["intact"]) == (0, True), proved.err
    head = proved.rows[0]["head"]
    assert (await mado(admin, "log", "verify", "--head", head)).code == 0
    assert (await mado(admin, "log", "verify", "--head", "7")).code == 5
    connection = connect(served.home / "team.db")
    connection.execute("UPDATE audit SET who = 'mori' WHERE n = ?", (row["entry"],))
    connection.close()
    damaged = await mado(admin, "log", "verify")
    assert (damaged.code, damaged.rows[0]["bad"]["entry"], damaged.rows[0]["bad"]["problem"]) == (1, row["entry"], "changed_entry")
    by_file = await mado(admin, "log", "verify", "--file", str(served.home / "team.db"))
    assert (by_file.code, by_file.rows[0]["bad"]) == (1, damaged.rows[0]["bad"])


async def test_a_log_cut_off_behind_the_servers_back_is_found_by_the_head_that_a_terminal_kept(served: Served) -> None:
    admin = home_of(served, await served.member("Kanri", role=Role.ADMIN))
    await served.team.arrives("<m1@example.org>")
    assert (await mado(admin, "member", "list")).code == 0
    connection = connect(served.home / "team.db")
    last = connection.value("SELECT max(n) FROM audit")
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM audit WHERE n <= ?", (last - 2,))[0]
    with connection.transaction():
        connection.execute(f"DELETE FROM audit WHERE n > {last - 2}; DELETE FROM journal WHERE seq > {seq}")
        connection.execute(f"UPDATE counters SET value = {last - 2} WHERE name = 'audit'; UPDATE counters SET value = {seq} WHERE name = 'seq'")
    connection.close()
    found = await mado(admin, "log", "verify")
    assert (found.code, found.rows[0]["bad"]["problem"]) == (1, "cut_off"), found.rows


async def test_a_customer_is_erased_by_an_admin_only_and_first_told_of(served: Served) -> None:
    admin = home_of(served, await served.member("Kanri", role=Role.ADMIN))
    conversation = await served.team.arrives("<m1@example.org>")
    told = await mado(admin, "customer", "erase", "kyaku@example.org", "--dry-run")
    assert (told.code, told.rows[0]["outcome"]) == (0, "would_erase"), told.err
    assert (await mado(admin, "customer", "hold", "#1", "--reason", "訴訟")).code == 0
    kept = await mado(admin, "customer", "erase", "kyaku@example.org")
    assert (kept.code, kept.rows[0]["outcome"]) == (1, "legal_hold")
    assert (await mado(admin, "customer", "hold", "#1", "--reason", "終わり", "--end")).code == 0
    done = await mado(admin, "customer", "erase", "kyaku@example.org")
    assert (done.code, done.rows[0]["outcome"], done.rows[0]["id"]) == (0, "erased", conversation), done.err
    shown = await mado(admin, "list", "status:new")
    assert [row["customer"]["address"] for row in shown.rows] == [""]
    assert (await mado(admin, "customer", "erase", "nobody")).code == 5
    assert (await mado(admin, "log", "verify")).code == 0


async def test_who_is_no_admin_neither_reads_nor_proves_the_log_nor_erases_anybody(served: Served) -> None:
    for role in (Role.LEADER, Role.AGENT, Role.CHECKED, Role.GUEST):
        client = (await served.member(f"M{role}", role=role)).client
        for call in (
            client.log_show(LogRequest()),
            client.log_verify(VerifyRequest()),
            client.erase_customer(EraseRequest("a@b.example", dry_run=False)),
        ):
            with pytest.raises(ServerForbids):
                await call


async def test_log_ins_and_failed_ones_are_noted_with_the_address_they_came_from(served: Served) -> None:
    await served.member("Sato")
    with pytest.raises(SessionEnded):
        await served.client(None).login(LoginRequest(MemberKey("sato"), "wrong-password", "t"))
    found = await served.house.desk.ask(lambda connection: search(connection, Asked(words=("login",))))
    assert [(one.what, one.who, one.where) for one in found] == [
        ("login_failed", "sato", "127.0.0.1"),
        ("login", "sato", "127.0.0.1"),
    ]


async def test_a_changed_setting_is_noted_by_its_name_and_not_its_value(served: Served) -> None:
    desk = served.house.desk
    await desk.note_settings(digests_of(parse_settings(SETTINGS, Path("settings.toml"))))
    await desk.note_settings(digests_of(parse_settings(SETTINGS, Path("settings.toml"))))
    await desk.note_settings(digests_of(parse_settings(SETTINGS.replace("the-shared-password", "another-one"), Path("settings.toml"))))
    found = await desk.ask(lambda connection: search(connection, Asked(words=("settings_changed",))))
    assert len(found) == 2
    assert found[0].facts == {"settings": ["inbox.support.imap.password_command"]}


async def test_retention_runs_by_itself_and_not_at_all_where_everything_is_kept(served: Served) -> None:
    await asyncio.wait_for(Retention(served.house.desk, 0).run(), 30)
    desk, team = served.house.desk, served.team
    conversation = await finished(team)
    team.clock.move(timedelta(days=3000))
    running = asyncio.create_task(Retention(desk, 7, every_seconds=0.01).run())

    async def gone() -> bool:
        state = await desk.state(conversation)
        return state is not None and state.customer_address == ""

    try:
        async with asyncio.timeout(30):
            while not await gone():
                await asyncio.sleep(0)
    finally:
        running.cancel()

"""On the command line: whose replies are checked sends nothing, and a right that is gone is said with where one's own words are."""

from collections.abc import AsyncIterator

import pytest_asyncio
from server_process import new_folder

from mailsync.link import people_protocol as p
from mailsync.link.protocol import Done
from store.domain.commands import AddComment
from store.domain.ids import CommentId
from store.domain.people import Role
from tests.cli.home import mado
from tests.cli.test_outbox_and_members import home_of
from tests.server.server_house import Served, serving
from tests.team.team_house import SALES, TestClock


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


async def test_whose_replies_are_checked_sends_none_whether_the_server_is_there_or_not(served: Served) -> None:
    trainee = await served.member("Trainee", Role.CHECKED)
    home = home_of(served, trainee)
    here = await served.team.arrives("<1@example.org>")
    sent = await mado(home, "reply", here, "--body", "-", "--send", stdin="Hello")
    assert (sent.code, sent.rows[0]["refused"], sent.rows[0]["needs"]) == (1, "NotAllowed", "approval"), sent.err
    assert served.house.desk.leases() == ()
    settings = home.path / "settings.toml"
    settings.write_text(settings.read_text().replace(served.url, "http://127.0.0.1:9"))
    queued = await mado(home, "reply", here, "--body", "-", "--send", stdin="Hello again")
    assert (queued.code, queued.rows[0]["refused"]) == (1, "NotAllowed"), queued.err
    settings.write_text(settings.read_text().replace("http://127.0.0.1:9", served.url))
    assert (await mado(home, "sync", "--once")).code in {0, 3}
    assert await trainee.client.outbox() == []


async def test_who_lost_an_inbox_is_told_and_finds_their_words(served: Served) -> None:
    sato = await served.member("Sato")
    home = home_of(served, sato)
    here, other = await served.team.arrives("<1@example.org>"), await served.team.arrives("<2@example.org>", inbox=SALES)
    answer = await sato.ask(AddComment(conversation_id=here, comment_id=CommentId("c"), text="kuma"))
    assert isinstance(answer, Done)
    assert (await mado(home, "reply", here, "--body", "-", stdin="My own words")).code == 0
    async with served.admin as admin:
        await admin.change_member("sato", p.MemberChange("Sato", Role.AGENT, (SALES,)))
    said = await mado(home, "status", other, "in_progress")
    assert said.code == 0, said.err
    assert "The inbox support is not yours any more" in said.err
    assert "unsent.txt" in said.err
    assert "My own words" in (home.path / "unsent.txt").read_text()
    assert [row["id"] for row in (await mado(home, "list")).rows] == [other]
    assert (await mado(home, "show", here)).code == 1

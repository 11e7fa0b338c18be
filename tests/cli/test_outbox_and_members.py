"""What a person decides about a reply on its way, and who belongs to the team, from the command line; against a server in this process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from server_process import new_folder

from mailsync.link.protocol import Done
from store.domain.commands import RecordOutcome
from store.domain.ids import ConversationId
from store.domain.outbox import OutboxState
from store.domain.people import Role
from store.settings.secrets import Secret, Secrets
from store.team.values import THE_SERVER, Executed
from tests.cli.home import Home, mado
from tests.server.server_house import Agent, Served, reply_to, serving
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


async def queued(served: Served, sato: Agent, name: str) -> ConversationId:
    conversation_id = await served.team.arrives(f"<{name}@example.org>")
    token = await sato.token(conversation_id)
    answer = await sato.ask(reply_to(conversation_id, await served.team.revision(conversation_id), token, name=name))
    assert isinstance(answer, Done), answer
    return conversation_id


async def becomes_unknown(served: Served, conversation_id: ConversationId, name: str) -> None:
    outcome = RecordOutcome(conversation_id=conversation_id, submission_id=name, state=OutboxState.UNKNOWN, why="the line broke")  # type: ignore[arg-type]
    assert isinstance(await served.house.desk.execute(THE_SERVER, None, outcome), Executed)


async def test_a_waiting_reply_is_taken_back_by_its_sender_only(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    await queued(served, sato, "reply-one")
    theirs = await mado(home_of(served, tanaka), "outbox", "cancel", "reply-one")
    assert (theirs.code, theirs.rows[0]["refused"], theirs.rows[0]["needs"]) == (1, "NotAllowed", "leader")
    ours = home_of(served, sato)
    done = await mado(ours, "outbox", "cancel", "reply-o")  # the beginning is enough
    assert (done.code, done.rows[0]["submission_id"], done.rows[0]["state"]) == (0, "reply-one", "cancelled"), done.err
    again = await mado(ours, "outbox", "cancel", "reply-one")
    assert (again.code, again.rows[0]["refused"]) == (1, "TooLate")
    assert [row["state"] for row in (await mado(ours, "outbox")).rows] == ["cancelled"]


async def test_a_leader_may_take_back_anybodys(served: Served) -> None:
    sato, mori = await served.member("Sato"), await served.member("Mori", Role.LEADER)
    await queued(served, sato, "reply-one")
    assert (await mado(home_of(served, mori), "outbox", "cancel", "reply-one")).rows[0]["state"] == "cancelled"


async def test_a_person_settles_what_nobody_knows(served: Served) -> None:
    sato = await served.member("Sato")
    home = home_of(served, sato)
    for name, answer, state in (("one", "sent", "accepted"), ("two", "not-sent", "cancelled")):
        conversation_id = await queued(served, sato, name)
        early = await mado(home, "outbox", "settle", name, answer)
        assert (early.code, early.rows[0]["refused"], early.rows[0]["state"]) == (1, "TooLate", "queued")
        await becomes_unknown(served, conversation_id, name)
        done = await mado(home, "outbox", "settle", name, answer)
        assert (done.code, done.rows[0]["state"]) == (0, state), done
    for wrong, code in ((("settle", "nothing", "sent"), 1), (("settle", "one", "perhaps"), 2), (("cancel",), 2), (("nonsense",), 2)):
        assert (await mado(home, "outbox", *wrong)).code == code
    unclear = await mado(home, "outbox", "settle", "nothing", "sent")
    assert unclear.rows == [{"refused": "UnknownSubmission", "submission_id": "nothing"}]


async def test_members_are_listed_and_one_who_leaves_is_cut_off_at_once(served: Served) -> None:
    sato, mori = await served.member("Sato"), await served.member("Mori", Role.ADMIN)
    home = home_of(served, mori)
    listed = await mado(home, "member", "list")
    assert {row["member"]: (row["role"], row["active"]) for row in listed.rows} == {
        "boss": ("admin", True),
        "sato": ("agent", True),
        "mori": ("admin", True),
    }
    denied = await mado(home_of(served, sato), "member", "deactivate", "mori")
    assert denied.code == 4
    gone = await mado(home, "member", "deactivate", "@sato")
    assert (gone.code, gone.rows[0]["member"], gone.rows[0]["active"]) == (0, "sato", False), gone.err
    assert (await mado(home_of(served, sato), "outbox")).code == 4
    assert {row["member"] for row in (await mado(home, "member", "list")).rows if not row["active"]} == {"sato"}
    nobody = await mado(home, "member", "deactivate", "nobody")
    assert (nobody.code, nobody.rows[0]) == (1, {"refused": "UnknownMember", "member": "nobody"})


async def test_a_waiting_reply_gets_another_time_or_leaves_now(served: Served) -> None:
    sato = await served.member("Sato")
    home = home_of(served, sato)
    await queued(served, sato, "reply-one")
    later = await mado(home, "outbox", "send-at", "reply-one", "明日9時")
    assert (later.code, later.rows[0]["state"]) == (0, "scheduled"), later.err
    opening = await mado(home, "outbox", "send-at", "reply-one", "営業開始")
    assert (opening.code, opening.rows[0]["state"]) == (0, "scheduled"), opening.err
    unread = await mado(home, "outbox", "send-at", "reply-one", "きのう")
    assert unread.code == 5
    assert "きのう" in unread.err
    now = await mado(home, "outbox", "try-now", "reply-one")
    assert (now.code, now.rows[0]["state"]) == (0, "queued"), now.err

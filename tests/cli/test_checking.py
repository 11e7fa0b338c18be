"""Checking replies from the command line: listed, read, approved, sent back; against a server in this process."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from server_process import new_folder

from mailsync.link.protocol import Done
from store.domain.commands import RequestCheck
from store.domain.ids import ConversationId
from store.domain.people import Role
from tests.cli.test_outbox_and_members import home_of, mado
from tests.server.server_house import Agent, Served, reply_to, serving
from tests.team.team_house import TestClock


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


async def asked(served: Served, trainee: Agent, name: str) -> ConversationId:
    here = await served.team.arrives(f"<{name}@example.org>")
    reply = reply_to(here, await served.team.revision(here), await trainee.token(here), name=name)
    answer = await trainee.ask(RequestCheck(conversation_id=here, reply=reply, note="please"))
    assert isinstance(answer, Done), answer
    return here


async def test_a_leader_reads_what_waits_and_says_yes_or_no(served: Served) -> None:
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    one, other = await asked(served, trainee, "reply-one"), await asked(served, trainee, "reply-two")
    home = home_of(served, leader)
    listed = await mado(home, "checks")
    assert {(row["id"], row["by"], row["note"], row["stages"]) for row in listed.rows} == {
        (one, trainee.member.key, "please", 1),
        (other, trainee.member.key, "please", 1),
    }
    shown = await mado(home, "checks", one)
    assert shown.rows[0]["text"].strip() == "Hello"
    wrong = await mado(home, "approve", one, "--hash", "0" * 64)
    assert (wrong.code, wrong.rows[0]["refused"]) == (1, "HashMismatch")
    yes = await mado(home, "approve", one, "--hash", shown.rows[0]["hash"])
    assert (yes.code, yes.rows[0]["state"]) == (0, "approved"), yes.err
    no = await mado(home, "send-back", other, "--remark", "宛名がありません。")
    assert (no.code, no.rows[0]["state"]) == (0, "sent_back"), no.err
    assert (await mado(home, "checks")).rows == []
    again = await mado(home, "approve", one)
    assert (again.code, again.rows[0]["refused"]) == (1, "CheckOver")
    assert [row.by for row in await trainee.client.outbox()] == [trainee.member.key]


async def test_remarks_are_a_list_to_learn_from_for_oneself_and_for_who_leads(served: Served) -> None:
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    other = await served.member("Sato")
    for name, remark, kind in (("reply-one", "宛名がありません。", "honorific"), ("reply-two", "金額を確認してください。", "amount")):
        here = await asked(served, trainee, name)
        served.team.clock.move(timedelta(minutes=1))
        assert (await mado(home_of(served, leader), "send-back", here, "--remark", remark, "--kind", kind)).code == 0
    own = await mado(home_of(served, trainee), "learning")
    assert [(row["remark"], row["kind"], row["by"]) for row in own.rows] == [
        ("金額を確認してください。", "amount", leader.member.key),
        ("宛名がありません。", "honorific", leader.member.key),
    ]
    key = trainee.member.key
    assert [row["kind"] for row in (await mado(home_of(served, leader), "learning", key, "--search", "宛名")).rows] == ["honorific"]
    assert {row["kind"]: row["count"] for row in (await mado(home_of(served, leader), "learning", key, "--count")).rows} == {
        "honorific": 1,
        "amount": 1,
    }
    assert (await mado(home_of(served, other), "learning", key)).rows == []


async def test_a_leader_says_by_a_file_which_replies_are_checked(served: Served) -> None:
    sato, leader = await served.member("Sato"), await served.member("Leader", Role.LEADER)
    home, rules = home_of(served, leader), served.home / "rules.toml"
    rules.write_text('checkers = ["sato"]\n[[rules]]\nkey = "refunds"\nwords = ["返金"]\nstages = 2\nlimit_minutes = 30\n', "utf-8")
    theirs = await mado(home_of(served, sato), "check-rules", str(rules))
    assert (theirs.code, theirs.rows[0]["refused"]) == (1, "NotAllowed")
    assert (await mado(home, "check-rules", str(rules))).code == 0
    (shown,) = (await mado(home, "check-rules")).rows
    assert (shown["checkers"], shown["rules"][0]["key"], shown["rules"][0]["stages"]) == (["sato"], "refunds", 2)
    rules.write_text("[[rules]]\nstages = 'many'\n", "utf-8")
    assert (await mado(home, "check-rules", str(rules))).code == 2


async def test_who_is_no_checker_is_told_so(served: Served) -> None:
    trainee, other = await served.member("Trainee", Role.CHECKED), await served.member("Sato")
    here = await asked(served, trainee, "reply-one")
    said = await mado(home_of(served, other), "approve", here)
    assert (said.code, said.rows[0]["refused"], said.rows[0]["needs"]) == (1, "NotAllowed", "checker")

"""Where every mail must be checked, no verb lets one leave that nobody approved: every module that hands something over is listed, and tried."""

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from server_process import new_folder

import tui
from mailsync.link.protocol import Done
from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import RequestCheck, SaveCheckPolicy
from store.domain.ids import ConversationId
from store.domain.people import Role
from tests.cli.home import Home, mado
from tests.cli.test_outbox_and_members import home_of
from tests.server.server_house import Agent, Served, reply_to, serving
from tests.team.team_house import TestClock

LET_OUT = {
    "SubmitReply",
    "Approve",
    "ReleaseReply",
    "ScheduleReply",
    "SettleReply",
    "StartMailing",
    "ApproveMailing",
    "BeginMailing",
    "ResumeMailing",
}
"""What a mail leaves by, or by which one in the outbox moves."""
THEY_LET_OUT = {
    "actions/checking.py": "the check screen",
    "actions/replying.py": "what lies in the outbox, in the terminal",
    "actions/sorting.py": "an unknown one is settled, in the terminal",
    "actions/timing.py": "another time, in the terminal",
    "cli/checking.py": "mado approve",
    "cli/mailing.py": "mado mailing begin, resume",
    "cli/mailing_approval.py": "mado mailing approve",
    "cli/mailing_start.py": "mado mailing start",
    "cli/outbox.py": "mado outbox",
    "freezing.py": "the composer, and mado reply, new, forward, redirect",
    "screens/mailings.py": "the page of mailings",
}


def test_every_module_that_lets_a_mail_out_is_listed() -> None:
    root = Path(tui.__file__).parent
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if LET_OUT & set(_called(path))}
    assert found == set(THEY_LET_OUT), "list the module, and try its verb below"


def _called(path: Path) -> list[str]:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [each.id for each in calls if isinstance(each, ast.Name)]


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


async def checked_writer(served: Served, role: Role) -> tuple[Agent, Home]:
    """Somebody of whom nothing leaves without a check, and their home."""
    writer, leader = await served.member("Writer", role), await served.member("Leader", Role.LEADER)
    assert isinstance(await leader.ask(SaveCheckPolicy(CheckPolicy((CheckRule("everything"),)))), Done)
    return writer, home_of(served, writer)


async def waiting(served: Served, writer: Agent) -> ConversationId:
    here = await served.team.arrives("<waits@example.org>")
    reply = reply_to(here, await served.team.revision(here), await writer.token(here), name="waits")
    assert isinstance(await writer.ask(RequestCheck(conversation_id=here, reply=reply)), Done)
    return here


@pytest.mark.parametrize("role", [Role.CHECKED, Role.AGENT])
async def test_no_verb_lets_out_what_nobody_approved(served: Served, role: Role) -> None:
    writer, home = await checked_writer(served, role)
    waits = await waiting(served, writer)
    here = await served.team.arrives("<mail-1@example.com>")
    home.receives(subject="質問")
    sending = ("--send", "--yes", "--hold", "0")
    table = served.home / "table.csv"
    table.write_text("メール,氏名\nkyaku@example.org,山田\n", "utf-8")
    tried = [
        ("reply", here, "--body", "-", *sending),
        ("reply", here, "--body", "-", "--at", "tomorrow 9", *sending),
        ("new", "--to", "kyaku@example.org", "--subject", "s", "--body", "-", *sending),
        ("forward", here, "--to", "eve@example.net", "--body", "-", *sending),
        ("redirect", here, "--to", "eve@example.net", *sending),
        ("approve", waits),
        ("outbox", "send", "waits"),
        ("outbox", "settle", "waits", "sent"),
        ("outbox", "settle", "waits", "not-sent"),
        ("mailing", "start", str(table), "--template", "none", "--yes"),
    ]
    for words in tried:
        said = await mado(home, *words, stdin="お世話になります。\n" if "-" in words else None)
        assert said.code != 0, (words, said.out)
        assert "Traceback" not in said.err, (words, said.err)
        assert await writer.client.outbox() == [], words
    state = await served.house.desk.state(waits)
    assert state is not None
    assert state.check is not None
    assert state.check.waits


@pytest.mark.parametrize("role", [Role.CHECKED, Role.AGENT])
async def test_a_script_asks_for_the_check_with_a_note_instead(served: Served, role: Role) -> None:
    writer, home = await checked_writer(served, role)
    here = await served.team.arrives("<mail-1@example.com>")
    home.receives(subject="質問")
    said = await mado(home, "reply", here, "--body", "-", "--check", "--note", "金額をお願いします", "--yes", stdin="お世話になります。\n")
    assert (said.code, said.rows[0]["check"], said.rows[0]["id"]) == (0, "waiting", here), said.err
    state = await served.house.desk.state(here)
    assert state is not None
    assert state.check is not None
    assert (state.check.note, state.check.by, state.check.id) == ("金額をお願いします", writer.member.key, said.rows[0]["submission_id"])
    for wrong in (("--note", "x"), ("--check", "--wait")):
        assert (await mado(home, "reply", here, *wrong)).code == 2
    new = await mado(home, "new", "--to", "kyaku@example.org", "--subject", "お知らせ", "--body", "-", "--check", "--yes", stdin="お知らせです。\n")
    assert (new.code, new.rows[0]["check"]) == (0, "waiting"), new.err
    assert await writer.client.outbox() == []

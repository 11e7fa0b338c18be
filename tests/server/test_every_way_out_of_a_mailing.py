"""Whatever anybody asks for about a mailing, no row of it leaves with fewer people's yes than the rules want, nor on that of who may not check."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from mailsync.link.mailing_protocol import MailingTold, RowsPage
from mailsync.link.people_protocol import MemberChange
from mailsync.link.protocol import Done
from store.domain.approval import Subject, SubjectKind, is_approved, reply_hash
from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import SaveCheckPolicy
from store.domain.ids import InboxKey, MemberKey
from store.domain.mailing import MailingState, submission_id
from store.domain.mailing_commands import (
    ApprovalMissing,
    ApproveMailing,
    BeginMailing,
    HandInMailing,
    MailingCommand,
    ResumeMailing,
    SendBackMailing,
    StartMailing,
)
from store.domain.people import Role
from store.team.mailing_turns import running as mailings_running
from tests.server.samples import sample
from tests.server.server_house import Agent
from tests.server.test_mailing_calls import ID, ROWS, asked, digest, frozen
from tests.server.ways_out import Ways, ways_out
from tests.waiting import wait_for, wait_for_it

YES = ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS))
BEGIN = BeginMailing(mailing_id=ID)
START = StartMailing(mailing_id=ID, inbox=InboxKey("support"), name="news", rows=len(ROWS), per_minute=6000)


def stages(count: int, *checkers: str) -> CheckPolicy:
    return CheckPolicy((CheckRule("everything", stages=count),), tuple(MemberKey(one) for one in checkers))


async def handed_in(writer: Agent, per_minute: int = 6000) -> None:
    """All of it is at the server."""
    await asked(writer, replace(START, per_minute=per_minute))
    await writer.client.add_mailing_rows(ID, RowsPage(0, ROWS))
    told = await asked(writer, HandInMailing(mailing_id=ID, sha256=digest(*ROWS)))
    assert isinstance(told, MailingTold), told


async def tries_everything(ways: Ways, who: Agent, seed: int) -> None:
    """Every command there is about a mailing, about this one as it is, in an order that `seed` draws; but for its end, which ends the trial."""
    kinds = [kind for kind in get_args(MailingCommand) if kind.__name__ != "CancelMailing"]
    assert {StartMailing, SendBackMailing, ResumeMailing} < set(kinds)
    random.Random(seed).shuffle(kinds)
    for kind in kinds:
        given = {"mailing_id": ID, "inbox": InboxKey("support"), "rows": len(ROWS), "per_minute": 6000, "name": "news", "remark": "no"}
        given |= {"template": None, "template_version": 0, "ask_approval": False}
        given["sha256"] = YES.sha256 if kind is ApproveMailing else digest(*ROWS)
        await asked(who, sample(kind, given))
        await stands_still(ways)


async def stands_still(ways: Ways) -> None:
    """As soon as no mailing runs any more: each row had its turn, or the rules have stopped it."""

    async def running() -> bool:
        ways.served.team.clock.move(timedelta(seconds=1))
        return bool(await ways.served.house.desk.ask(mailings_running))

    await wait_for_it(running, lambda runs: not runs, "no mailing to run any more", 60)


async def has_left(ways: Ways, rows: int) -> None:
    """So many are with the mail server, each once."""

    def have_left() -> bool:
        ways.served.team.clock.move(timedelta(seconds=1))
        return len(ways.smtp.script.received) >= rows

    await wait_for(have_left, f"{rows} rows to leave", 60)
    assert sorted(one.rcpt_tos[0] for one in ways.smtp.script.received) == sorted(one.address for one in ROWS[:rows])


async def left_with_the_yes_of(ways: Ways, rows: int, *who: str) -> None:
    """So many rows were handed to the outbox, byte for byte, with exactly their yes to each."""
    given = [(row, await ways.served.house.desk.submission(submission_id(ID, row.n))) for row in ROWS]
    handed_over = [(row, found) for row, found in given if found is not None]
    assert len(handed_over) == rows
    for row, found in handed_over:
        reply = found.item.submission
        subject = Subject(SubjectKind.REPLY, reply.id, reply_hash(reply.envelope.mail_from, reply.envelope.rcpt_to, found.mime))
        assert (found.mime, reply.envelope.rcpt_to) == (row.mime, (row.address,))
        assert {yes.by for yes in reply.approvals} == set(who)
        assert is_approved(subject, reply.by, reply.approvals, reply.stages)


async def nothing_left(ways: Ways) -> None:
    """Neither in the outbox nor at the mail server."""
    await stands_still(ways)
    async with ways.served.admin as admin:
        assert await admin.outbox() == []
    assert ways.smtp.script.received == []


@pytest.mark.parametrize("who", ["newcomer", "agent", "leader"])
async def test_no_command_about_a_mailing_lets_out_what_nobody_approved(who: str) -> None:
    async with ways_out() as ways:
        writer, colleague = ways.people[who], ways.people["agent" if who != "agent" else "newcomer"]
        await handed_in(writer)
        for seed, actor in enumerate((writer, colleague, writer)):
            await tries_everything(ways, actor, seed)
        await nothing_left(ways)


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_a_mailing_leaves_row_by_row_with_the_yes_of_as_many_others_as_the_rules_want(count: int) -> None:
    async with ways_out(stages(count, "agent")) as ways:
        writer = ways.people["newcomer"]
        readers = [ways.people[name] for name in ("checker", "leader", "agent")][:count]
        await handed_in(writer)
        for given, reader in enumerate(readers):
            # So far too few, and the same one's yes again is no other's.
            for actor in (writer, *readers[:given]):
                assert not isinstance(await asked(actor, BEGIN), MailingTold)
                await asked(actor, YES)
            await nothing_left(ways)
            told = await asked(reader, YES)
            assert isinstance(told, MailingTold)
            assert told.check.yes == tuple(one.member.key for one in readers[: given + 1])
        assert isinstance(await asked(writer, BEGIN), MailingTold)
        await has_left(ways, len(ROWS))
        await left_with_the_yes_of(ways, len(ROWS), *(one.member.key for one in readers))


async def test_sent_back_every_yes_is_void_and_whatever_its_maker_tries_nothing_leaves() -> None:
    async with ways_out(stages(2)) as ways:
        writer = ways.people["agent"]
        await handed_in(writer)
        assert isinstance(await asked(ways.people["leader"], YES), MailingTold)
        assert isinstance(await asked(ways.people["checker"], SendBackMailing(mailing_id=ID, remark="no")), MailingTold)
        for seed in range(3):
            await tries_everything(ways, writer, seed)
        assert isinstance(await asked(ways.people["checker"], YES), MailingTold)
        assert await asked(writer, BEGIN) == ApprovalMissing()
        await nothing_left(ways)


async def deactivated(ways: Ways, who: MemberKey) -> None:
    async with ways.served.admin as admin:
        await admin.deactivate(who)


def changed(**facts: object) -> Callable[[Ways, MemberKey], Awaitable[None]]:
    async def change(ways: Ways, who: MemberKey) -> None:
        async with ways.served.admin as admin:
            await admin.change_member(who, MemberChange(**{"name": who, "role": Role.AGENT, **facts}))  # type: ignore[arg-type]

    return change


def ruled(policy: CheckPolicy) -> Callable[[Ways, MemberKey], Awaitable[None]]:
    async def rule(ways: Ways, _who: MemberKey) -> None:
        assert isinstance(await ways.people["checker"].ask(SaveCheckPolicy(policy)), Done)

    return rule


LOSSES = {
    "is deactivated": (deactivated, "checker_left"),
    "is checked": (changed(role=Role.CHECKED), "checker_left"),
    "is a guest": (changed(role=Role.GUEST), "checker_left"),
    "has another inbox": (changed(inboxes=(InboxKey("sales"),)), "checker_left"),
    "is named a checker no more": (ruled(stages(1)), "checker_left"),
    "is one of two who must say yes": (ruled(stages(2, "agent")), "not_approved"),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_mailing_pauses_when_whose_yes_it_had_counts_no_more_and_another_yes_lets_the_rest_leave(loss: str) -> None:
    lose, why = LOSSES[loss]
    async with ways_out(stages(1, "agent")) as ways:
        writer, first = ways.people["newcomer"], ways.people["agent"]
        await handed_in(writer, per_minute=30)
        assert isinstance(await asked(first, YES), MailingTold)
        assert isinstance(await asked(writer, BEGIN), MailingTold)
        # The clock stands still: it is no other row's turn.
        await wait_for(lambda: ways.smtp.script.received, "the first row")
        await lose(ways, first.member.key)
        await stands_still(ways)
        (told,) = await writer.client.mailings()
        assert (told.mailing.state, told.mailing.why, told.check.waits) == (MailingState.PAUSED, why, True)
        assert await asked(writer, ResumeMailing(mailing_id=ID)) == ApprovalMissing()
        for seed in range(2):
            await tries_everything(ways, writer, seed)
        assert len(ways.smtp.script.received) == 1
        await left_with_the_yes_of(ways, 1, first.member.key)
        assert isinstance(await asked(ways.people["checker"], YES), MailingTold)
        assert isinstance(await asked(writer, ResumeMailing(mailing_id=ID)), MailingTold)
        await has_left(ways, len(ROWS))

"""A random sample of sent mail for quality checks, from the command line: the same for the same seed, for leaders, with what was said of each."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from server_process import new_folder

from mailsync.link.protocol import Done
from store.domain.commands import IssueTicket, RecordOutcome
from store.domain.ids import SubmissionId
from store.domain.outbox import OutboxState
from store.domain.people import Role
from store.domain.sampling import drawn, how_many
from store.team.values import THE_SERVER, Executed
from tests.cli.home import mado
from tests.cli.test_outbox_and_members import home_of
from tests.server.server_house import Agent, Served, reply_to, serving
from tests.team.team_house import SALES, TestClock

SINCE = "2026-11-01"


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


async def sent(served: Served, agent: Agent, name: str) -> None:
    """A reply that has left."""
    here = await served.team.arrives(f"<{name}@example.org>")
    answer = await agent.ask(reply_to(here, await served.team.revision(here), await agent.token(here), name=name))
    assert isinstance(answer, Done), answer
    served.team.clock.move(timedelta(seconds=30))
    for command in (
        IssueTicket(conversation_id=here, submission_id=SubmissionId(name), imap_checked=True),
        RecordOutcome(conversation_id=here, submission_id=SubmissionId(name), state=OutboxState.ACCEPTED),
    ):
        assert isinstance(await served.house.desk.execute(THE_SERVER, None, command), Executed)


@pytest.mark.parametrize(
    ("there", "count", "share", "wanted"), [(10, 3, None, 3), (2, 3, None, 2), (10, None, 0.05, 1), (200, None, 0.05, 10), (0, 5, None, 0)]
)
def test_a_share_is_rounded_up_and_never_more_than_there_is(there: int, count: int | None, share: float | None, wanted: int) -> None:
    assert how_many(there, count=count, share=share) == wanted


def test_mail_that_is_sent_later_changes_nothing_in_the_order_of_the_others() -> None:
    before = [SubmissionId(str(n)) for n in range(100)]
    after = drawn("7", [*before, SubmissionId("new")])
    assert [one for one in after if one != "new"] == drawn("7", before)
    assert drawn("8", before) != drawn("7", before)


async def test_a_leader_draws_the_same_sample_again_and_says_what_is_to_be_learnt(served: Served) -> None:
    sato, tanaka, leader = await served.member("Sato"), await served.member("Tanaka"), await served.member("Leader", Role.LEADER)
    for n in range(6):
        await sent(served, sato if n % 2 else tanaka, f"reply-{n}")
    home = home_of(served, leader)
    first = await mado(home, "sample", "--count", "3", "--seed", "42", "--since", SINCE)
    assert (first.code, len(first.rows), {row["of"] for row in first.rows}) == (0, 3, {6}), first.err
    again = await mado(home, "sample", "--share", "50%", "--seed", "42", "--since", SINCE)
    assert again.rows == first.rows
    assert {row["by"] for row in (await mado(home, "sample", "--member", "sato", "--since", SINCE)).rows} == {sato.member.key}
    chosen = first.rows[0]["submission_id"]
    assert (await mado(home, "sample", "--remark", chosen, "結びの挨拶がありません。")).code == 0
    (said,) = [row["remark"] for row in (await mado(home, "sample", "--count", "9", "--since", SINCE)).rows if row["submission_id"] == chosen]
    assert (said["by"], said["text"]) == (leader.member.key, "結びの挨拶がありません。")
    writer = sato if first.rows[0]["by"] == sato.member.key else tanaka
    (learnt,) = (await mado(home_of(served, writer), "learning")).rows
    assert (learnt["remark"], learnt["kind"]) == ("結びの挨拶がありません。", "sample")


async def test_only_who_leads_the_inbox_draws_and_remarks_and_nobody_on_their_own_mail(served: Served) -> None:
    sato, leader = await served.member("Sato"), await served.member("Leader", Role.LEADER)
    elsewhere = await served.member("Away", Role.LEADER, (SALES,))
    await sent(served, sato, "reply-of-sato")
    await sent(served, leader, "reply-of-leader")
    for words in (("--count", "3"), ("--remark", "reply-of-leader", "no")):
        assert (await mado(home_of(served, sato), "sample", *words)).code != 0
    away = home_of(served, elsewhere)
    assert (await mado(away, "sample", "--count", "3", "--since", SINCE)).rows == []
    assert (await mado(away, "sample", "--remark", "reply-of-sato", "no")).code != 0
    home = home_of(served, leader)
    assert (await mado(home, "sample", "--remark", "reply-of-leader", "well done")).code != 0
    assert (await mado(home, "sample", "--remark", "no-such-mail", "no")).code != 0
    for wrong in (("--share", "5%", "--count", "3"), ("--share", "much"), ("--share", "0"), ("--count", "0")):
        assert (await mado(home, "sample", *wrong)).code == 2, wrong
    assert (await mado(home_of(served, sato), "learning")).rows == []

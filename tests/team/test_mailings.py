"""A row's turn is one transaction, on both databases: either all of it happened or nothing; and only whoever does the inbox's work gives it."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from store.domain.ids import MailingId, MemberKey, MessageId
from store.domain.mailing import Fate, Mailing, MailingRow, MailingState, conversation_id, digest_of, submission_id
from store.domain.mailing_commands import ApproveMailing, BeginMailing, HandInMailing, PauseMailing, ResumeMailing, StartMailing
from store.domain.outbox import OutboxState
from store.domain.people import Member, Role
from store.domain.refusals import Malformed
from store.team.backup import back_up
from store.team.desk import TeamDesk
from store.team.duties import Duty
from store.team.erasure import Order as ErasureOrder
from store.team.erasure import erase_one
from store.team.errors import DutyLost
from store.team.mailing_turns import RowRefused, end_row, running, take_turn
from store.team.restoring import restore
from store.team.sent_read import note_read
from tests.team.team_house import SALES, SUPPORT, Team

ID = MailingId("d" * 24)
ADDRESS = "support@example.jp"


def row(n: int, address: str = "") -> MailingRow:
    return MailingRow(n, address or f"kyaku{n}@example.org", f"客{n}", "ご案内", MessageId(f"<row{n}@example.jp>"), b"Subject: x\r\n\r\nHello\r\n")


async def begun(team: Team, *rows: MailingRow, ask_approval: bool = False, approved_by: Member | None = None) -> Member:
    sato: Member = await team.member("Sato")
    start = StartMailing(mailing_id=ID, inbox=SUPPORT, name="news", rows=len(rows), per_minute=60, ask_approval=ask_approval)
    assert isinstance(await team.desk.mailings.move(sato, start), Mailing)
    await team.desk.mailings.add_rows(ID, sato, 0, rows)
    handed_in = await team.desk.mailings.move(sato, HandInMailing(mailing_id=ID, sha256=digest_of(rows)))
    assert isinstance(handed_in, Mailing), handed_in
    if approved_by is not None:
        assert isinstance(await team.desk.mailings.move(approved_by, ApproveMailing(mailing_id=ID, sha256=handed_in.subject.frozen_sha256)), Mailing)
    answer = await team.desk.mailings.move(sato, BeginMailing(mailing_id=ID))
    assert isinstance(answer, Mailing), answer
    return sato


def turn_of(team: Team):
    desk = team.desk
    given = {"mailing_id": ID, "address": ADDRESS, "inboxes": (SUPPORT, SALES)}
    return partial(take_turn, **given, execute=desk.mailings.execute, now=team.clock.now(), epoch=desk.epoch)


async def fates(team: Team) -> dict[int, Fate]:
    return {one.n: one.fate for one in await team.desk.mailings.results(ID, 0)}


async def test_a_turn_opens_a_conversation_and_puts_the_mail_into_the_outbox(team: Team) -> None:
    await begun(team, row(2), row(3))
    assert [kept.mailing.id for kept in await team.desk.ask(running)] == [ID]
    assert await team.desk.ledger.write(turn_of(team)) is True
    state = await team.desk.state(conversation_id(submission_id(ID, 2)))
    assert state is not None
    assert (state.subject, state.customer_address, state.owner) == ("ご案内", "kyaku2@example.org", "sato")
    frozen = await team.desk.submission(submission_id(ID, 2))
    assert frozen is not None
    assert (frozen.mime, frozen.item.submission.state) == (row(2).mime, OutboxState.QUEUED)
    assert await fates(team) == {2: Fate.ON_ITS_WAY, 3: Fate.WAITING}
    assert await team.desk.ledger.write(turn_of(team)) is False
    standing = await team.desk.mailings.standing(ID)
    assert standing is not None
    assert standing.mailing.state is MailingState.FINISHED
    assert await team.desk.ask(running) == ()


async def test_of_a_row_that_the_rules_refuse_nothing_is_left(team: Team) -> None:
    await begun(team, row(2, "no address"), row(3))
    before = team.desk.seq
    with pytest.raises(RowRefused) as caught:
        await team.desk.ledger.write(turn_of(team))
    assert isinstance(caught.value.refusal, Malformed)
    assert team.desk.seq == before
    assert await team.desk.state(conversation_id(submission_id(ID, 2))) is None
    end = partial(end_row, mailing_id=ID, n=2, refusal=caught.value.refusal, now=team.clock.now(), epoch=team.desk.epoch)
    assert await team.desk.ledger.write(end) is True
    await team.desk.ledger.write(turn_of(team))
    assert await fates(team) == {2: Fate.FAILED, 3: Fate.ON_ITS_WAY}


async def test_a_server_that_lost_the_inbox_gives_no_turn(team: Team) -> None:
    await begun(team, row(2))
    named = frozenset({SUPPORT})
    first = await team.desk.take_duty(SUPPORT, named, "first", None)
    assert isinstance(first, Duty)
    await team.desk.give_up_duties((first,))
    assert isinstance(await team.desk.take_duty(SUPPORT, named, "second", None), Duty)
    with pytest.raises(DutyLost):
        await team.desk.on_duty(first).ledger.write(turn_of(team))
    assert await fates(team) == {2: Fate.WAITING}


async def test_when_a_conversation_is_erased_the_row_that_opened_it_is_too(team: Team) -> None:
    sato = await begun(team, row(2))
    await team.desk.ledger.write(turn_of(team))
    order = ErasureOrder(sato.key, "erasure", "order-1", forced=True)
    opened = conversation_id(submission_id(ID, 2))
    await team.desk.ledger.write(partial(erase_one, now=team.clock.now(), conversation_id=opened, order=order))
    (found,) = await team.desk.mailings.results(ID, 0)
    assert found.address == ""


async def test_after_a_restore_no_turn_is_given_before_sent_of_every_inbox_was_read(
    team: Team, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sato = await begun(team, row(2), row(3))
    await team.desk.mailings.move(sato, PauseMailing(mailing_id=ID))
    backup = tmp_path / "backup.db"
    await asyncio.to_thread(back_up, team.place, backup, team.clock.now())
    place = request.getfixturevalue("postgres").new_url() if isinstance(team.place, str) else tmp_path / "restored.db"
    await restore(backup, place, team.clock)
    await team.desk.close()
    team.desk = await asyncio.to_thread(TeamDesk, place, team.clock)
    assert isinstance(await team.desk.mailings.move(sato, ResumeMailing(mailing_id=ID)), Mailing)
    for inbox in (SUPPORT, SALES):
        assert await team.desk.ledger.write(turn_of(team)) is False
        assert await fates(team) == {2: Fate.WAITING, 3: Fate.WAITING}
        # Its conversation was moved before it left: its copy lies in the other inbox's Sent.
        await team.arrives("<row2@example.jp>", inbox=SALES, inbound=False)
        await team.desk.ledger.write_plain(partial(note_read, inbox=inbox))
    assert await team.desk.ledger.write(turn_of(team)) is True
    assert [(one.n, one.reason) for one in await team.desk.mailings.results(ID, 0)] == [(2, "found_in_sent"), (3, "")]
    assert await team.desk.submission(submission_id(ID, 2)) is None


LOSES = {
    "is deactivated": lambda desk, one: desk.people.deactivate(one.key, MemberKey("boss")),
    "is checked": lambda desk, one: desk.people.change(replace(one, role=Role.CHECKED), MemberKey("boss")),
    "loses the inbox": lambda desk, one: desk.people.change(replace(one, inboxes=(SALES,)), MemberKey("boss")),
}


@pytest.mark.parametrize("loss", LOSES)
async def test_who_may_not_check_any_more_has_approved_no_row_that_still_waits(team: Team, loss: str) -> None:
    mori = await team.member("Mori", Role.LEADER)
    await begun(team, row(2), row(3), ask_approval=True, approved_by=mori)
    assert await team.desk.ledger.write(turn_of(team)) is True
    await LOSES[loss](team.desk, mori)
    assert await team.desk.ledger.write(turn_of(team)) is False
    standing = await team.desk.mailings.standing(ID)
    assert standing is not None
    assert (standing.mailing.state, standing.mailing.why) == (MailingState.PAUSED, "checker_left")
    assert await fates(team) == {2: Fate.ON_ITS_WAY, 3: Fate.WAITING}

"""A mailing leaves row by row: at its pace, through the same fence as a reply, and each row once whatever happens to the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace as replace_
from scripted_smtp import ScriptedSMTP

from mailsync.server.mailing import MailingPace, MailingRunner
from mailsync.server.outbox import OutboxRunner
from mailsync.server.watcher import LookAgain
from store.domain.ids import InboxKey
from store.domain.mailing import Fate, MailingState, conversation_id, submission_id
from store.domain.outbox import OutboxState
from store.domain.people import Role
from store.domain.status import DONE
from store.domain.unsubscribing import SUBJECT, token_of
from store.settings.secrets import Secret
from store.team.backup import back_up
from store.team.desk import TeamDesk
from store.team.restoring import restore
from tests.outbox import mailings as m
from tests.outbox.house import SATO, House, deliver, put, running
from tests.waiting import wait_for, wait_for_it

EAGER = MailingPace(look_every_seconds=0.05)


async def reached(_inbox: InboxKey) -> bool:
    """The mailbox was looked at."""
    return True


@asynccontextmanager
async def at_work(house: House, pace: MailingPace = EAGER, read_sent: LookAgain = reached) -> AsyncIterator[None]:
    """An outbox and a runner of mailings; nobody watches the mailbox."""
    runner = OutboxRunner(house.desk, house.settings, house.secrets, house.clock, reached, pace=house.pace)
    async with running(runner.run()), running(MailingRunner(house.desk, house.settings, house.clock, read_sent, pace=pace).run()):
        yield


async def becomes(house: House, state: MailingState, **wanted: int) -> None:
    expected = {Fate(name): count for name, count in wanted.items()}
    await wait_for_it(
        lambda: m.standing(house), lambda found: found.mailing.state is state and found.fates == expected, f"{state} {expected}", seconds=60
    )


async def test_every_row_leaves_once_as_a_conversation_of_its_own(house: House, scripted: ScriptedSMTP) -> None:
    await m.hand_in(house, m.rows(house, 12))
    async with at_work(house):
        await becomes(house, MailingState.FINISHED, sent=12)
    assert m.delivered(scripted.script.received) == {f"<row{n}.mado@example.test>": 1 for n in range(2, 14)}
    assert {tuple(one.rcpt_tos) for one in scripted.script.received} == {(f"customer{n}@customer.test",) for n in range(2, 14)}
    state = await house.state(conversation_id(submission_id(m.ID, 2)))
    assert (state.subject, state.customer_name, state.owner, state.status) == ("ご案内", "お客様2", SATO, DONE)
    (reply,) = state.submissions
    assert (reply.state, reply.by, reply.envelope.rcpt_to) == (OutboxState.ACCEPTED, SATO, ("customer2@customer.test",))


async def test_a_row_that_fails_stops_no_other(house: House, scripted: ScriptedSMTP) -> None:
    scripted.script.rcpt["customer3@customer.test"] = "550 5.1.1 no such user"
    await house.desk.mailings.suppressing.add(["Customer4@customer.test"], SATO, "電話で申し出")
    await m.hand_in(house, m.rows(house, 5))
    async with at_work(house):
        await becomes(house, MailingState.FINISHED, sent=3, refused=1, skipped=1)
    assert {one.n: (one.fate, one.reason) for one in await house.desk.mailings.results(m.ID, 0)} == {
        2: (Fate.SENT, ""),
        3: (Fate.REFUSED, ""),
        4: (Fate.SKIPPED, "suppressed"),
        5: (Fate.SENT, ""),
        6: (Fate.SENT, ""),
    }


async def test_a_paused_mailing_stays_so_over_a_restart_and_goes_on_where_it_was(house: House, scripted: ScriptedSMTP) -> None:
    await m.hand_in(house, m.rows(house, 30), per_minute=1200)
    async with at_work(house):
        await wait_for(lambda: len(scripted.script.received) >= 5, "the first rows")
        await m.pause(house)
        had_turn = 30 - (await m.fates(house))[Fate.WAITING]
        await becomes(house, MailingState.PAUSED, sent=had_turn, waiting=30 - had_turn)
    async with at_work(house):
        # Longer than twenty rows would take.
        await asyncio.sleep(0.3)
        assert (await m.fates(house))[Fate.SENT] == had_turn
        await m.resume(house)
        await becomes(house, MailingState.FINISHED, sent=30)
    assert set(m.delivered(scripted.script.received).values()) == {1}


async def test_a_cancelled_mailing_sends_no_further_row(house: House, scripted: ScriptedSMTP) -> None:
    await m.hand_in(house, m.rows(house, 20), per_minute=600)
    async with at_work(house):
        await wait_for(lambda: len(scripted.script.received) >= 3, "the first rows")
        await m.cancel(house)
        had_turn = 20 - (await m.fates(house))[Fate.CANCELLED]
        await becomes(house, MailingState.CANCELLED, sent=had_turn, cancelled=20 - had_turn)


async def test_a_mailing_keeps_its_pace_and_a_late_start_does_not_hurry_it(house: House, scripted: ScriptedSMTP) -> None:
    await m.hand_in(house, m.rows(house, 3), per_minute=2)
    async with at_work(house):
        await becomes(house, MailingState.RUNNING, sent=1, waiting=2)
        house.clock.skip(timedelta(seconds=31))
        await becomes(house, MailingState.RUNNING, sent=2, waiting=1)
        house.clock.skip(timedelta(minutes=10))
        await becomes(house, MailingState.FINISHED, sent=3)
    assert len(scripted.script.received) == 3


async def test_no_more_rows_pile_up_than_leave_room_for_a_reply(house: House, scripted: ScriptedSMTP) -> None:
    scripted.script.mail = "451 4.3.0 later"
    await m.hand_in(house, m.rows(house, 30))
    async with at_work(house, MailingPace(leaving_at_most=4, waiting_at_most=6, look_every_seconds=0.05)):
        await wait_for_it(lambda: m.fates(house), lambda found: found.get(Fate.ON_ITS_WAY, 0) >= 6, "six rows on their way")
        assert (await m.fates(house))[Fate.WAITING] >= 30 - 10
        scripted.script.mail = "250 2.1.0 OK"
        await becomes(house, MailingState.FINISHED, sent=30)


@pytest.mark.parametrize(("how", "why"), [("gone", "sender_left"), ("guest", "sender_left"), ("checked", "not_approved")])
async def test_when_its_sender_may_send_no_more_it_pauses_and_says_why(house: House, how: str, why: str) -> None:
    await m.hand_in(house, m.rows(house, 4), begin=False)
    await m.give(house, m.BeginMailing(mailing_id=m.ID))
    if how == "gone":
        await house.desk.people.deactivate(SATO, SATO)
    else:
        await house.desk.people.change(msgspec.structs.replace(house.sato, role=Role(how)), SATO)
    async with at_work(house):
        await becomes(house, MailingState.PAUSED, waiting=4)
    assert (await m.standing(house)).mailing.why == why


async def test_a_customer_who_asks_by_mail_is_off_the_list_before_their_turn(house: House, dovecot, account) -> None:
    await m.hand_in(house, m.rows(house, 3), begin=False)
    token = token_of(await house.desk.mailings.key_of(m.ID), m.ID, 3)
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    async with house.watching():
        for name, text in (("forged", forged), ("true", token)):
            raw = f"From: x@elsewhere.test\r\nTo: {house.address}\r\nSubject: {SUBJECT} {text}\r\nMessage-ID: <{name}@elsewhere.test>\r\n\r\nbye\r\n"
            deliver(dovecot, account, raw.encode())
        await wait_for_it(lambda: house.desk.mailings.suppressing.page(""), bool, "the watcher")
    assert [(one.address, one.how) for one in await house.desk.mailings.suppressing.page("")] == [("customer3@customer.test", "mail")]
    async with at_work(house):
        await m.give(house, m.BeginMailing(mailing_id=m.ID))
        await becomes(house, MailingState.FINISHED, sent=2, skipped=1)


@asynccontextmanager
async def brought_back(house: House, folder: Path) -> AsyncIterator[House]:
    """The house with its database from a backup made now."""
    backup, place = folder / "backup.db", folder / "restored.db"
    await asyncio.to_thread(back_up, folder / "team.db", backup, house.clock.now())
    await restore(backup, place, house.clock)
    desk = await asyncio.to_thread(TeamDesk, place, house.clock)
    try:
        yield replace(house, desk=desk)
    finally:
        await desk.close()


async def test_after_a_restore_a_mailing_waits_until_somebody_says_go_on(house: House, scripted: ScriptedSMTP, tmp_path) -> None:
    await m.hand_in(house, m.rows(house, 3))
    async with brought_back(house, tmp_path) as restored, at_work(restored):
        await becomes(restored, MailingState.PAUSED, waiting=3)
        assert (await m.standing(restored)).mailing.why == "restored"
        assert scripted.script.received == []
        await m.resume(restored)
        await becomes(restored, MailingState.FINISHED, sent=3)


@pytest.mark.parametrize("stood", ["waiting", "paused"])
async def test_after_a_restore_no_row_leaves_before_sent_was_read(
    house: House, scripted: ScriptedSMTP, tmp_path, dovecot, account, stood: str
) -> None:
    given = m.rows(house, 3)
    await m.hand_in(house, given, begin=stood == "paused")
    if stood == "paused":
        await m.pause(house)
    async with brought_back(house, tmp_path) as restored:
        # It left after the backup was made.
        put(dovecot, account, "Sent", given[0].mime)
        await (m.resume if stood == "paused" else begin)(restored)
        asked, can_be_read = [], asyncio.Event()
        async with restored.watching() as watcher:

            async def read_sent(inbox: InboxKey) -> bool:
                asked.append(inbox)
                return can_be_read.is_set() and await watcher.read_sent(inbox)

            async with at_work(restored, read_sent=read_sent):
                await wait_for(lambda: len(asked) >= 3, "several looks in vain")
                assert await m.fates(restored) == {Fate.WAITING: 3}
                can_be_read.set()
                await becomes(restored, MailingState.FINISHED, sent=3)
    assert m.delivered(scripted.script.received) == {one.message_id: 1 for one in given[1:]}
    assert set(asked[3:]) <= {m.SUPPORT}


async def begin(house: House) -> None:
    await m.give(house, m.BeginMailing(mailing_id=m.ID))


async def test_a_row_whose_conversation_was_moved_before_a_restore_is_found_in_the_other_inboxs_sent(
    house: House, scripted: ScriptedSMTP, tmp_path, dovecot
) -> None:
    (support,) = house.settings.inboxes
    others = dovecot.add_user()
    sales = replace_(support, key=InboxKey("sales"), address=others.name, imap=replace_(support.imap, user=others.name))
    house.settings = replace_(house.settings, inboxes=(support, sales))
    house.secrets.put("imap:sales", Secret(others.password))
    given = m.rows(house, 3)
    await m.hand_in(house, given, begin=False)
    async with brought_back(house, tmp_path) as restored:
        put(dovecot, others, "Sent", given[0].mime)
        await begin(restored)
        async with restored.watching() as watcher, at_work(restored, read_sent=watcher.read_sent):
            await becomes(restored, MailingState.FINISHED, sent=3)
    assert m.delivered(scripted.script.received) == {one.message_id: 1 for one in given[1:]}


async def test_after_a_restore_a_sent_mailbox_that_cannot_be_opened_holds_every_mailing(house: House, account, tmp_path, dovecot) -> None:
    await m.hand_in(house, m.rows(house, 1), begin=False)
    house.with_inbox(sent="No such mailbox")
    async with brought_back(house, tmp_path) as restored, restored.watching() as watcher:
        assert await watcher.look_again(m.SUPPORT)
        assert not await watcher.read_sent(m.SUPPORT)


async def test_an_erased_customer_is_in_no_row_any_more_and_stays_off_the_list(house: House) -> None:
    await house.desk.mailings.suppressing.add(["customer2@customer.test"], SATO, "電話で申し出")
    await m.hand_in(house, m.rows(house, 4), begin=False)
    for n in (2, 3):
        await house.desk.erasing.erase_customer(f"customer{n}@customer.test", SATO)
    async with at_work(house):
        await m.give(house, m.BeginMailing(mailing_id=m.ID))
        await becomes(house, MailingState.FINISHED, sent=2, skipped=2)
    await house.desk.erasing.erase_customer("customer4@customer.test", SATO)
    assert [(one.n, one.address) for one in await house.desk.mailings.results(m.ID, 0)] == [
        (2, ""), (3, ""), (4, ""), (5, "customer5@customer.test"),
    ]  # fmt: skip
    assert [one.address for one in await house.desk.mailings.suppressing.page("")] == [""]
    assert await house.desk.mailings.suppressing.among(["Customer2@customer.test"]) == ("Customer2@customer.test",)


async def test_a_row_whose_copy_lies_in_sent_already_is_not_sent_again(house: House, scripted: ScriptedSMTP, dovecot, account) -> None:
    """As after a restore: the backup does not know that it had left."""
    given = m.rows(house, 2)
    await m.hand_in(house, given, begin=False)
    put(dovecot, account, "Sent", given[0].mime)
    async with house.watching() as watcher:
        assert await watcher.look_again(m.SUPPORT)
    async with at_work(house):
        await m.give(house, m.BeginMailing(mailing_id=m.ID))
        await becomes(house, MailingState.FINISHED, sent=2)
    assert m.delivered(scripted.script.received) == {given[1].message_id: 1}

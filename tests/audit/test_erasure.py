"""A customer who is to be forgotten is forgotten: at the server, in every mirror, in a backup that is put back; and the log still holds."""

import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from store.domain.commands import ChangeTags, IssueTicket, MergeConversations, RecordOutcome, SetLegalHold, SetStatus
from store.domain.draft import Draft
from store.domain.erasure import OUR_WORDS, erased_recorded, erased_state
from store.domain.evolve import fold
from store.domain.ids import ConversationId, MailingId, MemberKey, MessageId
from store.domain.mailing import Mailing, MailingRow, MailingState, digest_of
from store.domain.mailing_commands import HandInMailing, SendBackMailing, StartMailing
from store.domain.outbox import OutboxState
from store.domain.people import Member, Role
from store.domain.status import NO_REPLY
from store.local.store import LocalStore
from store.sqlite.connection import connect
from store.team.audit_check import Asked, search, verify
from store.team.desk import TeamDesk
from store.team.erasing import NoAddress, OwnAddress, list_beside
from store.team.erasure_list import Listed, list_erasures
from store.team.frozen_checks import remarks_of
from store.team.values import THE_SERVER, Executed, SavedDraft
from tests.team.team_house import SUPPORT, Team, TestClock

WORDS = ("客", "kyaku@example.org", "注文について", "クリーニング", "Hello")
"""Name, address, subject, comment, and the reply's text."""
OTHER = "hoka@example.org"


async def a_day(desk: TeamDesk, clock: TestClock) -> tuple[Team, ConversationId, ConversationId]:
    """A customer with a comment, a sent reply and a draft; and another customer of whom nothing may go."""
    team = Team(desk, clock)
    sato = await team.member("Sato")
    theirs = await team.arrives("<m1@example.org>")
    await team.comment(sato, theirs, "クリーニングの件")
    token = await team.take(sato, theirs)
    reply = await team.submit(sato, theirs, token)
    clock.move(timedelta(seconds=30))
    await desk.execute(THE_SERVER, None, IssueTicket(conversation_id=theirs, submission_id=reply.submission_id, imap_checked=True))
    outcome = RecordOutcome(conversation_id=theirs, submission_id=reply.submission_id, state=OutboxState.ACCEPTED)
    await desk.execute(THE_SERVER, None, outcome)
    await desk.save_draft(sato.key, SavedDraft(theirs, clock.now(), '{"body":"クリーニング"}'.encode()))
    mail = msgspec.structs.replace(team.mail("<m2@example.org>"), from_address=OTHER, from_name="別", subject="別件")
    other = await desk.execute(THE_SERVER, None, mail)
    assert isinstance(other, Executed)
    assert other.conversation_id is not None
    return team, theirs, other.conversation_id


async def finished(team: Team) -> ConversationId:
    """A conversation that needed no answer."""
    conversation = await team.arrives("<finished@example.org>")
    sato = await team.member("Yasui")
    await team.desk.execute(sato, team.key(), SetStatus(conversation_id=conversation, status=NO_REPLY, reason="広告"))
    return conversation


def found_in(folder: Path, words: tuple[str, ...] = WORDS) -> list[tuple[str, str]]:
    """Which words stand in which files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, word) for path in files for word in words if word.encode() in path.read_bytes()]


@pytest.fixture
def server(tmp_path: Path) -> Path:
    (tmp_path / "server").mkdir()
    return tmp_path / "server" / "team.db"


async def test_no_word_of_an_erased_customer_is_left_in_the_servers_files_and_the_log_holds(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    _, theirs, other = await a_day(desk, clock)
    assert {word for _, word in found_in(server.parent)} == set(WORDS)
    report = await desk.erasing.erase_customer("Kyaku@example.org", MemberKey("sato"), where="unix")
    assert report.swept
    assert [(told.conversation_id, told.outcome) for told in report.conversations] == [(theirs, "erased")]
    assert found_in(server.parent) == []
    state, others = await desk.state(theirs), await desk.state(other)
    assert state is not None
    assert (state.customer_address, state.comments, state.number) == ("", (), 1)
    assert others is not None
    assert (others.customer_name, others.customer_address) == ("別", OTHER)
    assert fold(theirs, await desk.timeline(theirs)) == state
    await desk.close()
    assert found_in(server.parent) == []
    connection = connect(server)
    walked = verify(connection)
    assert (walked.bad, walked.erased > 4) == (None, True)
    (entry,) = search(connection, Asked(words=("payload_erased",)))
    assert (entry.who, entry.where, entry.conversation_id) == ("sato", "unix", theirs)
    connection.execute("UPDATE journal SET body = CAST(replace(body, 'at', 'AT') AS BLOB) WHERE seq = 3")
    assert (bad := verify(connection).bad) is not None
    assert bad.problem == "changed_payload"
    connection.close()


async def sent_back(team: Team, by: tuple[Member, Member], id_: str, address: str, *remarks: str) -> MailingId:
    """A mailing to one address, of which a checker said something each time its maker handed it in."""
    maker, checker = by
    mailing, row = MailingId(id_), MailingRow(2, address, "客", "ご案内", MessageId(f"<{id_}@example.jp>"), b"Subject: x\r\n\r\nHello\r\n")
    start = StartMailing(mailing_id=mailing, inbox=SUPPORT, name="news", rows=1, per_minute=60, ask_approval=True)
    assert isinstance(await team.desk.mailings.move(maker, start), Mailing)
    await team.desk.mailings.add_rows(mailing, maker, 0, (row,))
    for remark in remarks:
        assert isinstance(await team.desk.mailings.move(maker, HandInMailing(mailing_id=mailing, sha256=digest_of((row,)))), Mailing)
        assert isinstance(await team.desk.mailings.move(checker, SendBackMailing(mailing_id=mailing, remark=remark)), Mailing)
        team.clock.move(timedelta(seconds=1))
    return mailing


async def test_what_a_checker_said_of_a_mailing_goes_with_the_customer_it_went_to_and_no_other_remark_does(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team = Team(desk, clock)
    by = await team.member("Maker"), await team.member("Leader", Role.LEADER)
    theirs = await sent_back(team, by, "d" * 24, "kyaku@example.org", "木下様の敬称", "木下様の宛名")
    named = await sent_back(team, by, "e" * 24, OTHER, "Kyaku@example.org の人にも")
    other = await sent_back(team, by, "f" * 24, OTHER, "挨拶が古い")
    erased = ("木下様", "Kyaku@example.org")
    assert {word for _, word in found_in(server.parent, erased)} == set(erased)
    report = await desk.erasing.erase_customer("kyaku@example.org", MemberKey("sato"))
    assert report.swept
    kept = [await desk.mailings.standing(one) for one in (theirs, named, other)]
    assert [one and (one.mailing.state, one.mailing.remark) for one in kept] == [
        (MailingState.SENT_BACK, ""),
        (MailingState.SENT_BACK, ""),
        (MailingState.SENT_BACK, "挨拶が古い"),
    ]
    learning = await desk.ask(partial(remarks_of, member=MemberKey("maker"), most=9))
    assert [one.remark for one in learning] == ["挨拶が古い"]
    await desk.close()
    assert found_in(server.parent, erased) == []
    connection = connect(server)
    assert (verify(connection).bad, verify(connection).erased) == (None, 3)
    connection.close()


async def test_a_dry_run_tells_all_and_changes_nothing(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    _, theirs, _ = await a_day(desk, clock)
    before = desk.seq
    report = await desk.erasing.erase_customer("kyaku@example.org", MemberKey("sato"), dry_run=True)
    assert [(told.conversation_id, told.outcome) for told in report.conversations] == [(theirs, "would_erase")]
    assert report.conversations[0].events > 4
    assert (desk.seq, set(WORDS) <= {word for _, word in found_in(server.parent)}) == (before, True)
    await desk.close()


async def test_a_backup_from_before_brings_nothing_back(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    _, theirs, _ = await a_day(desk, clock)
    await desk.close()
    backup = server.parent.parent / "backup"
    shutil.copytree(server.parent, backup)
    desk = TeamDesk(server, clock)
    await desk.erasing.erase_customer("kyaku@example.org", MemberKey("sato"))
    await desk.close()
    for file in server.parent.glob("team.db*"):
        file.unlink()
    shutil.copytree(backup, server.parent, dirs_exist_ok=True)
    desk = TeamDesk(server, clock)
    state = await desk.state(theirs)
    assert state is not None
    assert (state.customer_address, state.subject) == ("", "")
    await desk.close()
    assert found_in(server.parent) == []
    connection = connect(server)
    assert verify(connection).bad is None
    connection.close()


async def test_a_mirror_drops_mail_words_events_and_draft_of_an_erased_customer(server: Path, clock: TestClock, tmp_path: Path) -> None:
    desk = TeamDesk(server, clock)
    _, theirs, other = await a_day(desk, clock)
    home = tmp_path / "home"
    store = LocalStore.open(home)
    recorded, _ = await desk.events_since(0, 1000)
    store.apply_events(recorded, epoch=desk.epoch)
    store.save_draft(Draft(conversation_id=theirs, body="クリーニングします"))
    assert {word for _, word in found_in(home)} >= {"客", "kyaku@example.org", "注文について", "クリーニング"}
    await desk.erasing.erase_customer("kyaku@example.org", MemberKey("sato"))
    recorded, _ = await desk.events_since(store.mirror_seq(), 1000)
    store.apply_events(recorded, epoch=desk.epoch)
    store.traces.sweep()
    assert found_in(home) == []
    assert store.draft(theirs) is None
    assert store.conversation(theirs) == await desk.state(theirs)
    assert store.conversation(other) == await desk.state(other)
    row = store.row(other)
    assert row is not None
    assert row.customer_address == OTHER
    store.close()
    await desk.close()


async def test_legal_hold_stops_erasing_until_a_leader_ends_it(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team, theirs, _ = await a_day(desk, clock)
    mori = await team.member("Mori", role=Role.LEADER)
    sato = desk.people.member(MemberKey("sato"))
    assert sato is not None

    async def hold(by: Member, *, on: bool, reason: str = "訴訟") -> str:
        outcome = await desk.execute(by, team.key(), SetLegalHold(conversation_id=theirs, on=on, reason=reason))
        return "done" if isinstance(outcome, Executed) else type(outcome.refusal).__name__

    assert await hold(sato, on=True) == "NotAllowed"
    assert await hold(mori, on=True, reason=" ") == "ReasonRequired"
    assert await hold(mori, on=True) == "done"
    report = await desk.erasing.erase_customer("kyaku@example.org", MemberKey("sato"))
    assert [told.outcome for told in report.conversations] == ["legal_hold"]
    clock.move(timedelta(days=3000))
    assert await desk.erasing.apply_retention(timedelta(days=2557)) == 0
    assert await hold(mori, on=False) == "done"
    report = await desk.erasing.erase_customer("kyaku@example.org", MemberKey("sato"))
    assert [told.outcome for told in report.conversations] == ["erased"]
    await desk.close()


async def test_what_is_merged_away_is_held_with_what_it_became_part_of(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team = Team(desk, clock)
    sato, mori = await team.member("Sato"), await team.member("Mori", role=Role.LEADER)
    stays, goes = await team.arrives("<m1@example.org>"), await team.arrives("<m2@example.org>")
    await desk.execute(mori, team.key(), SetLegalHold(conversation_id=goes, on=True, reason="訴訟"))
    await desk.execute(sato, team.key(), MergeConversations(conversation_id=stays, other=goes))
    report = await desk.erasing.erase_customer("kyaku@example.org", sato.key)
    assert [told.outcome for told in report.conversations] == ["legal_hold", "legal_hold"]
    await desk.execute(mori, team.key(), SetLegalHold(conversation_id=stays, on=False, reason="終了"))
    report = await desk.erasing.erase_customer("kyaku@example.org", sato.key)
    assert [told.outcome for told in report.conversations] == ["erased", "erased"]
    await desk.close()


async def test_somebody_writing_or_a_reply_on_its_way_is_waited_for(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team = Team(desk, clock)
    sato = await team.member("Sato")
    theirs = await team.arrives("<m1@example.org>")
    token = await team.take(sato, theirs)
    report = await desk.erasing.erase_customer("kyaku@example.org", sato.key)
    assert [told.outcome for told in report.conversations] == ["lease"]
    await team.submit(sato, theirs, token)
    report = await desk.erasing.erase_customer("kyaku@example.org", sato.key)
    assert [told.outcome for told in report.conversations] == ["outbox"]
    await desk.close()


async def test_after_seven_years_a_finished_conversation_and_the_logs_details_lose_their_words(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team, theirs, other = await a_day(desk, clock)
    await desk.note("tanaka", "login_failed", where="192.0.2.7")
    keep = timedelta(days=2557)
    assert await desk.erasing.apply_retention(keep) == 0
    clock.move(keep + timedelta(days=1))
    fresh = await team.arrives("<m9@example.org>")
    assert await desk.erasing.apply_retention(keep) == 1
    state, others, newer = await desk.state(theirs), await desk.state(other), await desk.state(fresh)
    assert state is not None
    assert state.customer_address == ""
    assert others is not None
    assert others.customer_address == OTHER, "nobody has finished it"
    assert newer is not None
    assert newer.customer_address == "kyaku@example.org"
    assert await desk.erasing.apply_retention(keep) == 0
    await desk.close()
    assert found_in(server.parent, ("192.0.2.7",)) == []
    connection = connect(server)
    assert verify(connection).bad is None
    connection.close()


async def test_an_erasure_that_was_cut_off_waits_for_who_began_to_answer_since_and_for_a_legal_hold(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team = Team(desk, clock)
    sato, mori = await team.member("Sato"), await team.member("Mori", Role.LEADER)
    answered, held = await team.arrives("<m1@example.org>"), await team.arrives("<m2@example.org>")
    # The server died between the two steps of erasing.
    list_erasures(list_beside(server, None), [Listed("x", one, clock.now().isoformat()) for one in (answered, held)])
    clock.move(timedelta(seconds=1))
    reply = await team.submit(sato, answered, await team.take(sato, answered))
    await desk.execute(mori, team.key(), SetLegalHold(conversation_id=held, on=True, reason="訴訟"))
    for outcome in (None, OutboxState.ACCEPTED):
        await desk.close()
        desk = TeamDesk(server, clock)
        frozen = await desk.submission(reply.submission_id)
        assert frozen is not None
        assert frozen.mime == (reply.mime if outcome is None else b"")
        clock.move(timedelta(seconds=30))
        if outcome is None:
            await desk.execute(THE_SERVER, None, IssueTicket(conversation_id=answered, submission_id=reply.submission_id, imap_checked=True))
            done = RecordOutcome(conversation_id=answered, submission_id=reply.submission_id, state=OutboxState.ACCEPTED)
            await desk.execute(THE_SERVER, None, done)
    states = [await desk.state(one) for one in (answered, held)]
    assert [one.erasure for one in states if one is not None] == ["x", ""]
    await desk.close()


@pytest.mark.parametrize("address", ["", "kyaku", "@", "a b@c"])
async def test_what_is_no_address_erases_nothing(server: Path, clock: TestClock, address: str) -> None:
    desk = TeamDesk(server, clock)
    with pytest.raises(NoAddress):
        await desk.erasing.erase_customer(address, MemberKey("sato"))
    await desk.close()


async def test_an_inbox_of_ours_is_no_customer(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock, own_addresses=frozenset({"support@example.jp"}))
    with pytest.raises(OwnAddress):
        await desk.erasing.erase_customer("Support@example.jp", MemberKey("sato"))
    await desk.close()


async def test_an_event_erased_and_folded_is_the_conversation_erased(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team, theirs, _ = await a_day(desk, clock)
    mori = await team.member("Mori", Role.LEADER)
    await desk.execute(mori, team.key(), ChangeTags(conversation_id=theirs, add=("苦情", "返品")))
    await desk.execute(mori, team.key(), ChangeTags(conversation_id=theirs, remove=("返品",)))
    events = await desk.timeline(theirs)
    left = fold(theirs, [erased_recorded(one) for one in events])
    assert erased_state(left, "x") == erased_state(fold(theirs, events), "x")
    assert [erased_recorded(erased_recorded(one)) for one in events] == [erased_recorded(one) for one in events]
    await desk.close()
    assert "客" not in OUR_WORDS


async def test_the_teams_tags_stay_alike_wherever_the_journal_is_folded(server: Path, clock: TestClock) -> None:
    desk = TeamDesk(server, clock)
    team = Team(desk, clock, server)
    sato, theirs = await team.member("Sato"), await team.arrives("<a@x>")
    await desk.execute(sato, team.key(), ChangeTags(conversation_id=theirs, add=("vip",)))
    await desk.erasing.erase_customer("kyaku@example.org", sato.key, where="unix")
    state = await desk.state(theirs)
    assert state is not None
    assert (state.tags, fold(theirs, await desk.timeline(theirs))) == (("vip",), state)
    await desk.close()

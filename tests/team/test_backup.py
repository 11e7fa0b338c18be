"""A backup made while the team works, brought back into a new place: nothing of the old epoch wins, and no reply leaves twice."""

import asyncio
import itertools
import os
import stat
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from start_postgres import Postgres

from mailsync.server.gatekeeper import Gatekeeper
from mailsync.server.presence import Presence
from mailsync.server.stream import Hub
from store.domain.commands import IssueTicket, RecordOutcome, ReleaseLease, SetStatus, SubmitReply
from store.domain.decide_outbox import RESTORED
from store.domain.ending import Ending
from store.domain.events import ReplySending
from store.domain.ids import MemberKey
from store.domain.outbox import OutboxState
from store.domain.people import Role
from store.domain.refusals import LeaseLost
from store.domain.status import DONE
from store.sqlite.connection import connect
from store.team.audit_check import Asked, search
from store.team.backup import back_up
from store.team.checking import check
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.errors import InvitationSpent, NoBackup, PlaceTaken
from store.team.restoring import next_epoch, restore
from store.team.values import THE_SERVER, Executed, Rejected
from tests.team.team_house import Team, TestClock


async def busy(team: Team) -> dict[str, str]:
    """A team with something of everything; the replies by the state they are in."""
    sato = await team.member("Sato")
    await team.desk.people.join((await team.desk.people.add("Tanaka", by=sato.key)).secret, "t", "$argon2id$hash")
    replies = {}
    for n, state in enumerate((OutboxState.SCHEDULED, OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DEFERRED, OutboxState.ACCEPTED)):
        conversation_id = await team.arrives(f"<{n}@example.org>")
        token = await team.take(sato, conversation_id)
        reply = await team.submit(sato, conversation_id, token, hold_seconds=3600.0 if state is OutboxState.SCHEDULED else 0.0)
        replies[state] = reply.submission_id
        if state in {OutboxState.SENDING, OutboxState.DEFERRED, OutboxState.ACCEPTED}:
            ticket = IssueTicket(conversation_id=conversation_id, submission_id=reply.submission_id, imap_checked=True)
            await team.desk.execute(THE_SERVER, None, ticket)
        if state in {OutboxState.DEFERRED, OutboxState.ACCEPTED}:
            retry_at = team.clock.now() + timedelta(minutes=1) if state is OutboxState.DEFERRED else None
            outcome = RecordOutcome(
                conversation_id=conversation_id, submission_id=reply.submission_id, state=state, results=(), why="451", retry_at=retry_at
            )
            await team.desk.execute(THE_SERVER, None, outcome)
    for n in range(30):
        await team.comment(sato, await team.arrives(f"<more{n}@example.org>", references=(f"<more{n - n % 3}@example.org>",)))
    writing = await team.arrives("<writing@example.org>")
    await team.take(sato, writing)
    return {str(state): submission for state, submission in replies.items()}


@pytest.fixture(params=["into a file", "into PostgreSQL"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    (tmp_path / "new").mkdir()
    return tmp_path / "new" / "team.db" if request.param == "into a file" else request.getfixturevalue("postgres").new_url()


async def test_a_backup_made_while_the_team_works_comes_back_whole_in_either_database(team: Team, tmp_path: Path, new_place: Place) -> None:
    replies = await busy(team)
    sato = team.desk.people.members()[0]
    before = team.desk.seq
    working = [asyncio.create_task(team.comment(sato, await team.arrives("<0@example.org>"), f"{n}")) for n in range(40)]
    made = await asyncio.to_thread(back_up, team.place, tmp_path / "backup.db", team.clock.now())
    await asyncio.gather(*working)
    assert before <= made.seq <= team.desk.seq
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    team.clock.move(timedelta(hours=5))
    back = await restore(tmp_path / "backup.db", new_place, team.clock)
    # Everything up to the backup is there, in its order; behind it stands only that the outbox is in doubt.
    desk = await asyncio.to_thread(TeamDesk, new_place, team.clock)
    theirs, _ = await team.desk.events_since(0, 10_000)
    ours, _ = await desk.events_since(0, 10_000)
    assert ours[: made.seq] == theirs[: made.seq]
    assert len(ours) == made.seq + 4 == back.seq
    assert desk.people.members() == team.desk.people.members()
    assert (await desk.people.password_hash("tanaka")) == "$argon2id$hash"
    states = {item.submission.id: item.submission for item in await desk.outbox()}
    for state, submission in replies.items():
        if state == OutboxState.ACCEPTED:
            assert states[submission].state is OutboxState.ACCEPTED
        else:
            assert (states[submission].state, states[submission].why) == (OutboxState.UNKNOWN, RESTORED)
    assert (back.unknown, back.epoch) == (4, desk.epoch)
    assert desk.epoch > team.desk.epoch
    await desk.close()
    assert (await asyncio.to_thread(check, new_place)).findings == ()


async def test_nothing_from_before_the_restore_wins_after_it(team: Team, tmp_path: Path, new_place: Place) -> None:
    replies = await busy(team)
    sato = team.desk.people.members()[0]
    await asyncio.to_thread(back_up, team.place, tmp_path / "backup.db", team.clock.now())
    await restore(tmp_path / "backup.db", new_place, team.clock)
    desk = await asyncio.to_thread(TeamDesk, new_place, team.clock)
    again = Team(desk, team.clock)
    # Keys that this team has used are answered with what they were answered then.
    again._count = itertools.count(1000)
    for item in await desk.outbox():
        ticket = IssueTicket(conversation_id=item.conversation_id, submission_id=item.submission.id, imap_checked=True)
        outcome = await desk.execute(THE_SERVER, None, ticket)
        assert not (isinstance(outcome, Executed) and any(isinstance(part.event, ReplySending) for part in outcome.recorded))
    assert len(replies) == 5
    held = next(held for held in desk.leases() if held.lease.by == sato.key)
    state = await desk.state(held.conversation_id)
    assert state is not None
    old = SubmitReply(
        conversation_id=held.conversation_id,
        submission_id="late",
        message_id="<late@example.jp>",
        envelope=(await desk.outbox())[0].submission.envelope,
        mime=b"Message-ID: <late@example.jp>\r\n\r\n",
        seen_revision=state.revision,
        token=held.lease.token,
        terminal="t",
    )
    refused = await desk.execute(sato, again.key(), old)
    assert isinstance(refused, Rejected)
    assert isinstance(refused.refusal, LeaseLost)
    tanaka = next(member for member in desk.people.members() if member.name == "Tanaka")
    token = await again.take(tanaka, held.conversation_id)
    assert token > held.lease.token
    await desk.close()


async def test_who_was_shown_out_after_the_backup_does_not_come_back_in_with_it(team: Team, tmp_path: Path, new_place: Place) -> None:
    people, boss = team.desk.people, (await team.member("Boss", Role.ADMIN)).key
    session = (await people.join((await people.add("Sato", by=boss)).secret, "t", "$argon2id$hash")).session
    open_invitation = (await people.add("Mori", by=boss)).secret
    await asyncio.to_thread(back_up, team.place, tmp_path / "backup.db", team.clock.now())
    assert await people.session(session) is not None
    await people.sessions.end_all(MemberKey("sato"), boss)
    await people.uninvite(MemberKey("mori"), boss)
    back = await restore(tmp_path / "backup.db", new_place, team.clock)
    desk = await asyncio.to_thread(TeamDesk, new_place, team.clock)
    assert (back.sessions, back.invitations) == (1, 2)
    assert await desk.people.session(session) is None
    with pytest.raises(InvitationSpent):
        await desk.people.join(open_invitation, "t")
    # A member who belongs here comes in anew.
    again = await desk.people.open_session(MemberKey("sato"), "t")
    assert await desk.people.session(again.session) is not None
    (noted,) = await desk.ask(partial(search, asked=Asked(("restored",), None, 10)))
    assert noted.facts == {"sessions_ended": 1, "invitations_ended": 2}
    await desk.close()


def test_a_second_restore_of_the_same_backup_is_another_epoch() -> None:
    clock = TestClock()
    first = next_epoch(1, clock.now())
    clock.move(timedelta(seconds=1))
    assert next_epoch(1, clock.now()) > first
    clock.move(timedelta(microseconds=1))
    behind = next_epoch(first + 10**15, clock.now())
    assert behind > first + 10**15, "the backup was made while the clock was ahead"
    clock.move(timedelta(microseconds=1))
    assert next_epoch(first + 10**15, clock.now()) != behind, "restored once more, the clock being behind still"


async def test_nothing_is_written_over(team: Team, tmp_path: Path, new_place: Place) -> None:
    await team.arrives("<1@example.org>")
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(PlaceTaken):
        await asyncio.to_thread(back_up, team.place, tmp_path / "taken", team.clock.now())
    assert (tmp_path / "taken").read_text() == "mine"
    await asyncio.to_thread(back_up, team.place, tmp_path / "backup.db", team.clock.now())
    with pytest.raises(PlaceTaken):
        await restore(tmp_path / "backup.db", team.place, team.clock)
    await restore(tmp_path / "backup.db", new_place, team.clock)
    with pytest.raises(PlaceTaken):
        await restore(tmp_path / "backup.db", new_place, team.clock)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + os.urandom(4096)])
async def test_what_is_no_backup_is_said_and_leaves_nothing(tmp_path: Path, content: bytes, clock: TestClock) -> None:
    (tmp_path / "backup.db").write_bytes(content)
    with pytest.raises(Exception, match=r"backup\.db") as caught:
        await restore(tmp_path / "backup.db", tmp_path / "team.db", clock)
    assert getattr(caught.value, "exit_code", None) in {1, 5}
    with pytest.raises(NoBackup):
        await restore(tmp_path / "missing.db", tmp_path / "team.db", clock)
    assert {path.name for path in tmp_path.iterdir()} == {"backup.db"}


DAMAGES = {
    "DELETE FROM journal WHERE seq = 3": "the journal",
    "UPDATE counters SET value = value + 1 WHERE name = 'seq'": "the journal",
    "UPDATE conversations SET number = 777 WHERE number = 1": "conversation",
    "UPDATE conversations SET state = (SELECT state FROM conversations WHERE number = 2) WHERE number = 1": "conversation",
    "DELETE FROM conversations WHERE number = 2": "conversation",
    "DELETE FROM known_messages WHERE message_id = '<1@example.org>'": "conversation",
    "UPDATE threads SET conversation_id = 'nowhere' WHERE conversation_id IN (SELECT id FROM conversations WHERE number = 1)": "the registry",
    "DELETE FROM submissions WHERE state = 'accepted'": "reply",
    "UPDATE submissions SET state = 'accepted' WHERE state = 'sending'": "reply",
    "UPDATE members SET body = CAST(REPLACE(CAST(body AS TEXT), 'agent', 'admin') AS BLOB) WHERE key = 'sato'": "the members",
}


async def test_the_check_finds_every_damage_that_nobody_sees(clock: TestClock, tmp_path: Path) -> None:
    team = Team(TeamDesk(tmp_path / "team.db", clock), clock)
    await busy(team)
    (finished, *_) = [held.conversation_id for held in team.desk.leases()]
    sato = team.desk.people.members()[0]
    await team.desk.execute(sato, team.key(), ReleaseLease(conversation_id=finished, token=team.desk.lease_of(finished).lease.token, has_text=False))
    await team.desk.execute(sato, team.key(), SetStatus(conversation_id=finished, status=DONE, reason="電話で済み"))
    await team.desk.close()
    assert check(tmp_path / "team.db").findings == ()
    for damage, where in DAMAGES.items():
        back_up(tmp_path / "team.db", tmp_path / "damaged.db", clock.now())
        connection = connect(tmp_path / "damaged.db")
        connection.execute(damage)
        connection.close()
        found = check(tmp_path / "damaged.db").findings
        assert found, damage
        assert any(finding.where.startswith(where) for finding in found), (damage, found)
        (tmp_path / "damaged.db").unlink()


def test_a_team_that_is_away_is_said_as_that(postgres: Postgres, tmp_path: Path, clock: TestClock) -> None:
    with pytest.raises(Exception, match=r"team\.db") as caught:
        back_up(tmp_path / "team.db", tmp_path / "backup.db", clock.now())
    assert getattr(caught.value, "exit_code", None) == 1
    with pytest.raises(NoBackup):
        check(postgres.new_url())


async def test_a_restored_backup_empties_no_home_of_a_member_whose_time_was_extended_after_it(team: Team, tmp_path: Path, new_place: Place) -> None:
    people = team.desk.people
    boss = (await team.member("Boss", Role.ADMIN)).key
    added = await people.add("Sato", ends_at=team.clock.now() + timedelta(days=5), by=boss)
    session = (await people.join(added.secret, "t")).session
    gone = (await people.join((await people.add("Mori", by=boss)).secret, "t")).session
    await people.deactivate(MemberKey("mori"), boss)
    assert await people.sessions.ending_of(gone) == Ending(MemberKey("mori"), team.desk.epoch, by_date=False)
    await asyncio.to_thread(back_up, team.place, tmp_path / "backup.db", team.clock.now())
    # Afterwards Mori was taken back, Sato's time extended, and Kondo joined: the backup does not know of it.
    await restore(tmp_path / "backup.db", new_place, team.clock)
    team.clock.move(timedelta(hours=1))
    desk = await asyncio.to_thread(TeamDesk, new_place, team.clock)
    gate = Gatekeeper(desk, Hub(desk, team.clock, Presence(desk, team.clock)), team.clock)
    for _day in range(10):
        team.clock.move(timedelta(days=1))
        await gate.go_round()
    sato = desk.people.member(MemberKey("sato"))
    assert sato is not None
    assert desk.people.over(team.clock.now()) == (sato,), "refused, and not ended"
    for secret in (session, gone, "kondo's"):
        assert await desk.people.sessions.ending_of(secret) is None
    # A date that was set after the restore counts as ever, and so does a person's word.
    await desk.people.change(msgspec.structs.replace(sato, ends_at=team.clock.now() + timedelta(days=1)), boss)
    team.clock.move(timedelta(days=2))
    await gate.go_round()
    assert await desk.people.sessions.ending_of(session) == Ending(sato.key, desk.epoch, by_date=True)
    assert desk.epoch != team.desk.epoch, "a home that has not joined anew does not believe it"
    await desk.close()

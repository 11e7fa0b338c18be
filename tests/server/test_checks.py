"""A reply that is checked first, at the real server: who may read it, that its bytes are the ones approved, and every way around."""

from datetime import timedelta

import msgspec
import pytest

from mailsync.link.errors import RequestRefused, ServerForbids
from mailsync.link.protocol import Done, Refused
from mailsync.server.timers import Timers
from store.domain.approval import reply_hash
from store.domain.check import OVERDUE
from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import Approve, CancelReply, IssueTicket, RequestCheck, SaveCheckPolicy, SendBack, SubmitReply, WithdrawCheck
from store.domain.events import CheckOverdue
from store.domain.ids import ConversationId, Revision, SubmissionId
from store.domain.people import Role
from store.domain.refusals import ApprovalRequired, HashMismatch, Malformed, NotAllowed, ReplyPending
from store.team import check_statements as c
from store.team import statements as s
from store.team.rows import run
from store.team.values import THE_SERVER, Executed
from tests.outbox.house import running
from tests.server.server_house import Agent, Served, reply_to
from tests.team.team_house import SALES
from tests.waiting import wait_for_it


async def ticket(served: Served, here: ConversationId, submission_id: SubmissionId) -> list[str]:
    served.team.clock.move(timedelta(seconds=30))
    issue = IssueTicket(conversation_id=here, submission_id=submission_id, imap_checked=True)
    outcome = await served.house.desk.execute(THE_SERVER, None, issue)
    assert isinstance(outcome, Executed), outcome
    return [type(one.event).__name__ for one in outcome.recorded]


async def asked(served: Served, trainee: Agent, here: ConversationId, *, name: str = "reply", text: bytes = b"Hello") -> SubmitReply:
    """The trainee hands a reply to a checker."""
    reply = reply_to(here, await served.team.revision(here), await trainee.token(here), name=name, text=text)
    answer = await trainee.ask(RequestCheck(conversation_id=here, reply=reply, note="please"))
    assert isinstance(answer, Done), answer
    return reply


async def yes_of(served: Served, checker: Agent, here: ConversationId, reply: SubmitReply):
    frozen = reply_hash(reply.envelope.mail_from, reply.envelope.rcpt_to, reply.mime)
    seen = await served.team.revision(here)
    return await checker.ask(Approve(conversation_id=here, submission_id=reply.submission_id, frozen_sha256=frozen, seen_revision=seen))


async def test_what_a_leader_reads_and_approves_is_what_leaves(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    reply = await asked(served, trainee, here)
    for reader in (leader, trainee):
        body = await reader.client.check_text(here)
        assert (body.mime, body.check.note, body.before) == (reply.mime, "please", None)
    assert isinstance(await yes_of(served, leader, here, reply), Done)
    assert await ticket(served, here, reply.submission_id) == ["ReplySending"]
    frozen = await served.house.desk.submission(reply.submission_id)
    assert frozen is not None
    assert frozen.mime == reply.mime
    # The same request again, its answer having been lost, is the same request.
    assert [row.by for row in await trainee.client.outbox()] == [trainee.member.key]


async def test_only_its_drafter_and_checkers_read_it(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee, other = await served.member("Trainee", Role.CHECKED), await served.member("Sato")
    await asked(served, trainee, here)
    with pytest.raises(ServerForbids):
        await other.client.check_text(here)
    async with served.admin as admin:
        leader = await served.member("Leader", Role.LEADER)
        assert isinstance(await leader.ask(SaveCheckPolicy(CheckPolicy((), (other.member.key,)))), Done)
        assert (await admin.check_text(here)).check.by == trainee.member.key
    assert (await other.client.check_text(here)).check.by == trainee.member.key
    elsewhere = await served.member("Away", Role.LEADER, (SALES,))
    with pytest.raises(ServerForbids):
        await elsewhere.client.check_text(here)


async def test_what_was_sent_back_lies_beside_the_next_one_until_that_is_approved(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    first = await asked(served, trainee, here, name="first")
    back = await leader.ask(SendBack(conversation_id=here, submission_id=first.submission_id, remark="no name"))
    assert isinstance(back, Done)
    second = await asked(served, trainee, here, name="second", text=b"Dear Hana, hello")
    body = await leader.client.check_text(here)
    assert (body.mime, body.before) == (second.mime, first.mime)
    assert isinstance(await yes_of(served, leader, here, second), Done)
    assert await served.house.desk.ask(lambda connection: run(connection, c.GET_CHECK, id=first.submission_id)) == []


async def test_every_way_around_the_check_is_closed(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    there = await served.team.arrives("<2@example.org>")
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    reply = await asked(served, trainee, here)

    async def refused(who: Agent, command) -> object:
        answer = await who.ask(command)
        assert isinstance(answer, Refused), (command, answer)
        return answer.refusal

    # A second terminal, another text, no lease, a colleague: the claim stands.
    again = reply_to(here, await served.team.revision(here), None, name="again")
    assert await refused(trainee, again) == NotAllowed("approval")
    assert isinstance(await refused(leader, again), ReplyPending)
    assert isinstance(await refused(trainee, RequestCheck(conversation_id=here, reply=again)), ReplyPending)
    # Its own yes, by whatever role is claimed in the bytes.
    own = Approve(conversation_id=here, submission_id=reply.submission_id, frozen_sha256="", seen_revision=Revision(1))
    assert await refused(trainee, own) == NotAllowed("approval")
    # A yes to another text, to a changed recipient, or to nothing.
    changed = msgspec.structs.replace(reply, envelope=msgspec.structs.replace(reply.envelope, rcpt_to=("eve@example.net",)))
    assert isinstance((await yes_of(served, leader, here, changed)).refusal, HashMismatch)
    assert isinstance((await yes_of(served, leader, here, msgspec.structs.replace(reply, mime=reply.mime + b"!"))).refusal, HashMismatch)
    # The same names again elsewhere.
    stolen = reply_to(there, await served.team.revision(there), None)
    assert isinstance(await refused(leader, stolen), Malformed)
    # A reply of another conversation inside the request: what counts is the conversation it is asked for.
    sales = await served.team.arrives("<3@example.org>", inbox=SALES)
    inside = reply_to(sales, await served.team.revision(there), None, name="inside")
    sneaked = msgspec.structs.replace(inside, mime=inside.mime.replace(b"support@", b"sales@"))
    assert isinstance(await refused(trainee, RequestCheck(conversation_id=there, reply=sneaked)), Malformed)
    # A ticket before the yes.
    issue = IssueTicket(conversation_id=here, submission_id=reply.submission_id, imap_checked=True)
    assert not isinstance(await served.house.desk.execute(THE_SERVER, None, issue), Executed)
    assert isinstance(await yes_of(served, leader, here, reply), Done)
    # Taken back and handed over anew, it needs a new yes.
    assert isinstance(await trainee.ask(CancelReply(conversation_id=here, submission_id=reply.submission_id)), Done)
    anew = reply_to(here, await served.team.revision(here), await trainee.token(here), name="anew")
    assert await refused(trainee, anew) == NotAllowed("approval")
    assert await refused(trainee, RequestCheck(conversation_id=here, reply=msgspec.structs.replace(reply, token=None))) == Malformed(
        "this submission id is taken"
    )


async def test_bytes_that_were_changed_at_the_server_never_leave(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    reply = await asked(served, trainee, here)
    await yes_of(served, leader, here, reply)
    await served.house.desk.ledger.write_plain(lambda connection: run(connection, s.DROP_MIME, which=reply.submission_id))
    assert await ticket(served, here, reply.submission_id) == ["ReplyHeld"]
    state = await served.house.desk.state(here)
    assert state is not None
    assert state.submissions[-1].why == "not_approved"


async def test_the_server_itself_reads_the_mail_that_a_rule_speaks_of(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    sato, leader = await served.member("Sato"), await served.member("Leader", Role.LEADER)
    policy = CheckPolicy((CheckRule("refunds", words=("返金",), stages=2),))
    assert (await sato.ask(SaveCheckPolicy(policy))).refusal == NotAllowed("leader")
    assert isinstance(await leader.ask(SaveCheckPolicy(policy)), Done)
    seen, token = await served.team.revision(here), await sato.token(here)
    quoted = "ご返金いたします".encode("iso-2022-jp")
    reply = reply_to(here, seen, token, text=quoted)
    mime = reply.mime.replace(b"To: kyaku", b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-2022-jp\r\nTo: kyaku")
    answer = await sato.ask(msgspec.structs.replace(reply, mime=mime))
    assert isinstance(answer, Refused)
    assert answer.refusal == ApprovalRequired(2, ("refunds",))
    assert isinstance(await sato.ask(reply_to(here, seen, token, text=b"Thank you")), Done)


async def test_a_check_is_taken_back_and_nothing_of_it_is_kept(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee = await served.member("Trainee", Role.CHECKED)
    reply = await asked(served, trainee, here)
    assert isinstance(await trainee.ask(WithdrawCheck(conversation_id=here, submission_id=reply.submission_id, terminal="t")), Done)
    with pytest.raises(RequestRefused):
        await trainee.client.check_text(here)


async def test_a_check_that_nobody_decides_in_its_time_is_marked_once_until_somebody_does(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee, leader = await served.member("Trainee", Role.CHECKED), await served.member("Leader", Role.LEADER)
    assert isinstance(await leader.ask(SaveCheckPolicy(CheckPolicy((), limit_minutes=30))), Done)
    desk, clock = served.house.desk, served.team.clock

    async def flags() -> tuple[str, ...]:
        state = await desk.state(here)
        assert state is not None
        return state.flags

    async with running(Timers(desk, clock, look_every_seconds=0.02).run()):
        reply = await asked(served, trainee, here)
        clock.move(timedelta(minutes=29))
        assert await desk.waking(clock.now()) == ()
        assert OVERDUE not in await flags()
        clock.move(timedelta(minutes=2))
        await wait_for_it(flags, lambda found: OVERDUE in found, "the mark")
        # Told once: no timer comes back for it.
        assert await desk.next_wake_at() is None
    late = [one for one in await desk.timeline(here) if isinstance(one.event, CheckOverdue)]
    assert [one.by for one in late] == [THE_SERVER.key]
    assert isinstance(await yes_of(served, leader, here, reply), Done)
    assert OVERDUE not in await flags()

"""Members whose replies are checked: until there are approvals nothing of theirs leaves, by whichever door it comes."""

from datetime import timedelta

import msgspec
from server_process import new_folder

from mailsync.link import people_protocol as p
from mailsync.link.mirror import Mirror
from mailsync.link.protocol import Done, Refused
from mailsync.link.queue import drain
from store.domain.commands import CancelReply, IssueTicket, RecordOutcome, ReleaseReply
from store.domain.draft import Draft
from store.domain.ids import CommandKey, Revision
from store.domain.outbox import OutboxState
from store.domain.people import InboxRole, Role
from store.domain.refusals import NotAllowed
from store.local.store import LocalStore
from store.team.values import THE_SERVER, Executed
from tests.server.server_house import Agent, Served, reply_to
from tests.team.team_house import SUPPORT

APPROVAL = NotAllowed("approval")


async def becomes(served: Served, who: Agent, role: Role, *roles: InboxRole) -> None:
    async with served.admin as admin:
        await admin.change_member(who.member.key, p.MemberChange(who.member.name, role, roles=roles))


async def ticket(served: Served, conversation_id, submission_id) -> list[str]:
    outcome = await served.house.desk.execute(
        THE_SERVER, None, IssueTicket(conversation_id=conversation_id, submission_id=submission_id, imap_checked=True)
    )
    assert isinstance(outcome, Executed), outcome
    return [type(one.event).__name__ for one in outcome.recorded]


async def test_the_api_refuses_to_take_and_to_release_and_the_same_key_again(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee = await served.member("Trainee", Role.CHECKED)
    reply = reply_to(here, await served.team.revision(here), await trainee.token(here))
    for _ in range(2):
        answer = await trainee.ask(reply, CommandKey("one-key"))
        assert isinstance(answer, Refused)
        assert answer.refusal == APPROVAL
    offline = await trainee.ask(msgspec.structs.replace(reply, token=None))
    assert isinstance(offline, Refused)
    assert offline.refusal == APPROVAL
    release = await trainee.ask(ReleaseReply(conversation_id=here, submission_id=reply.submission_id, seen_revision=Revision(1)))
    assert isinstance(release, Refused)
    assert release.refusal == APPROVAL
    assert await trainee.client.outbox() == []


async def test_one_inbox_may_be_checked_alone(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee = await served.member("Trainee")
    await becomes(served, trainee, Role.AGENT, InboxRole(SUPPORT, Role.CHECKED))
    answer = await trainee.ask(reply_to(here, await served.team.revision(here), await trainee.token(here)))
    assert isinstance(answer, Refused)
    assert answer.refusal == APPROVAL


async def test_what_waits_in_the_offline_queue_is_refused_and_its_text_a_draft_again(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee = await served.member("Trainee", Role.CHECKED)
    store = LocalStore.open(new_folder("home"))
    mirror = Mirror(trainee.client, store)
    await mirror.catch_up()
    reply = reply_to(here, await served.team.revision(here), None)
    store.save_draft(Draft(conversation_id=here, body="Hello", submission_id=reply.submission_id))
    store.add_pending(CommandKey("queued"), reply, served.team.clock.now())
    # Shown as what it will come to: not as queued.
    row = store.row(here)
    assert row is not None
    assert row.status == "new"
    said = []
    await drain(trainee.client, mirror, store, lambda _key, _command, answer: said.append(answer))
    assert [answer.refusal for answer in said] == [APPROVAL]
    draft = store.draft(here)
    assert draft is not None
    assert (draft.body, draft.submission_id, store.pending()) == ("Hello", None, ())
    store.close()


async def test_a_reply_that_waits_or_is_tried_again_stops_when_its_writer_is_checked_from_now_on(served: Served) -> None:
    here = await served.team.arrives("<1@example.org>")
    trainee = await served.member("Trainee")
    reply = reply_to(here, await served.team.revision(here), await trainee.token(here))
    assert isinstance(await trainee.ask(msgspec.structs.replace(reply, hold_seconds=0.0), CommandKey("as-agent")), Done)
    assert await ticket(served, here, reply.submission_id) == ["ReplySending"]
    again = served.team.clock.now() + timedelta(minutes=5)
    deferred = RecordOutcome(conversation_id=here, submission_id=reply.submission_id, state=OutboxState.DEFERRED, retry_at=again)
    await served.house.desk.execute(THE_SERVER, None, deferred)
    await becomes(served, trainee, Role.CHECKED)
    served.team.clock.move(timedelta(minutes=6))
    assert await ticket(served, here, reply.submission_id) == ["ReplyHeld"]
    # The answer to what was taken then is the same, if it is asked for again.
    assert isinstance(await trainee.ask(msgspec.structs.replace(reply, hold_seconds=0.0), CommandKey("as-agent")), Done)
    # Its writer gets the text back, and no more.
    assert isinstance(await trainee.ask(CancelReply(conversation_id=here, submission_id=reply.submission_id)), Done)

"""The contract of every call, by the client that everybody uses; and what is answered to what cannot be read."""

import asyncio
import warnings
from datetime import timedelta

import msgspec
import pytest

from mailsync.link.address import Invitation
from mailsync.link.errors import EpochChanged, InvitationRefused, RequestRefused, ServerBusy, SessionEnded
from mailsync.link.many_protocol import Given, ManyRequest
from mailsync.link.protocol import AddMemberRequest, CommandRequest, Done, DraftBody, JoinRequest, LoginRequest, PulseRequest, Refused
from mailsync.server.calls import LARGE_BODY_BYTES, SMALL_BODY_BYTES
from store.domain.commands import AddComment, AssignConversation, MoveToInbox, SaveTemplate, SetUrgency, TakeLease
from store.domain.ids import CommandKey, CommentId, ConversationId, InboxKey, SubmissionId, TemplateKey
from store.domain.outbox import OutboxState
from store.domain.people import Role
from store.domain.refusals import LeaseHeld, UnknownConversation, UnknownInbox
from store.domain.sorting import MOST_AT_ONCE
from store.domain.status import Urgency
from store.domain.template import Template
from tests.server.server_house import Served, problem, reply_to
from tests.team.team_house import SALES, SUPPORT


async def invited(served: Served, name: str) -> str:
    async with served.admin as admin:
        return Invitation.decode((await admin.add_member(AddMemberRequest(name))).invitation).secret


async def test_joining_gives_a_session_the_inboxes_and_a_way_back_in(served: Served) -> None:
    secret = await invited(served, "Sato")
    nobody = served.client(None)
    joined = await nobody.join(JoinRequest(secret, "t1", "correct horse"))
    assert joined.member.key == "sato"
    by_key = {offer.key: offer for offer in joined.inboxes}
    assert by_key["support"].password == "the-shared-password"
    assert (by_key["sales"].user, by_key["sales"].password) == ("sato", None)
    again = await nobody.login(LoginRequest(joined.member.key, "correct horse", "t2"))
    assert again.session != joined.session
    for session in (joined.session, again.session):
        me = await served.client(session).me()
        assert (me.member, me.epoch, me.now) == (joined.member, 1, served.team.clock.now())
    with pytest.raises(InvitationRefused):
        await nobody.join(JoinRequest(secret, "t3"))


async def test_a_guest_is_never_handed_the_shared_password(served: Served) -> None:
    async with served.admin as admin:
        added = await admin.add_member(AddMemberRequest("Guest", role=Role.GUEST))
    joined = await served.client(None).join(JoinRequest(Invitation.decode(added.invitation).secret, "t"))
    assert [offer.password for offer in joined.inboxes] == [None, None]


async def test_a_wrong_password_and_a_wrong_name_sound_the_same_and_are_slowed_down(served: Served) -> None:
    secret = await invited(served, "Sato")
    nobody = served.client(None)
    joined = await nobody.join(JoinRequest(secret, "t1", "correct horse"))
    said = set()
    for member in (joined.member.key, "nobody"):
        with pytest.raises(SessionEnded) as caught:
            await nobody.login(LoginRequest(member, "wrong", "t"))
        said.add(str(caught.value))
    assert len(said) == 1
    for _ in range(4):
        with pytest.raises(SessionEnded):
            await nobody.login(LoginRequest(joined.member.key, "wrong", "t"))
    with pytest.raises(ServerBusy, match="wait 1 s"):
        await nobody.login(LoginRequest(joined.member.key, "correct horse", "t"))
    served.team.clock.move(timedelta(seconds=2))
    with pytest.raises(SessionEnded):
        await nobody.login(LoginRequest(joined.member.key, "wrong", "t"))
    with pytest.raises(ServerBusy, match="wait 2 s"):
        await nobody.login(LoginRequest(joined.member.key, "correct horse", "t"))
    served.team.clock.move(timedelta(seconds=3))
    await nobody.login(LoginRequest(joined.member.key, "correct horse", "t"))


async def test_a_short_password_is_refused_and_the_invitation_stays_good(served: Served) -> None:
    secret = await invited(served, "Sato")
    with pytest.raises(RequestRefused):
        await served.client(None).join(JoinRequest(secret, "t1", "short"))
    await served.client(None).join(JoinRequest(secret, "t1"))


async def test_a_command_is_answered_with_its_events_and_once(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    command = AddComment(conversation_id=conversation_id, comment_id=CommentId("c1"), text="@boss 見てください")
    request = CommandRequest(CommandKey("k"), command, epoch=1)
    answers = await asyncio.gather(*(sato.client.command(request) for _ in range(5)))
    assert len(set(map(repr, answers))) == 1
    (answer,) = {repr(one): one for one in answers}.values()
    assert isinstance(answer, Done)
    assert [part.by for part in answer.recorded] == ["sato"]
    assert (await sato.client.events(answer.as_of - 1)).recorded == answer.recorded


async def test_a_refusal_is_an_answer_with_the_facts(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    await sato.token(conversation_id)
    take = TakeLease(conversation_id=conversation_id, seen_revision=await served.team.revision(conversation_id), terminal="t")
    answer = await tanaka.ask(take)
    assert isinstance(answer, Refused)
    assert answer.refusal == LeaseHeld(sato.member.key, served.team.clock.now(), idle=False, may_take_over=False)


async def test_a_mirror_of_another_epoch_is_told_so(served: Served) -> None:
    sato = await served.member("Sato")
    command = AddComment(conversation_id=ConversationId("c"), comment_id=CommentId("c1"), text="x")
    with pytest.raises(EpochChanged):
        await sato.client.command(CommandRequest(CommandKey("k"), command, epoch=2))
    with pytest.raises(EpochChanged):
        await sato.client.events(10_000)


async def test_snapshot_and_events_together_are_the_whole_team(served: Served) -> None:
    sato = await served.member("Sato")
    ids = {await served.team.arrives(f"<{n}@example.org>") for n in range(7)}
    first = await sato.client.snapshot(limit=3)
    assert {member.key for member in first.members} == {"boss", "sato"}
    seen, page = set(), first
    while True:
        seen |= {state.id for state in page.conversations}
        if page.next is None:
            break
        page = await sato.client.snapshot(page.next, limit=3)
    assert seen == ids
    assert (await sato.client.events(first.seq)).recorded == ()


async def test_templates_are_kept_and_told(served: Served) -> None:
    sato = await served.member("Sato", Role.LEADER)
    template = Template(TemplateKey("greeting/hello"), "Hello", "{{customer}}様")
    answer = await served.client(sato.session).command(CommandRequest(CommandKey("k"), SaveTemplate(template)))
    assert isinstance(answer, Done), answer
    assert [kept.key for kept in (await sato.client.snapshot()).templates] == ["greeting/hello"]


async def test_pulses_keep_a_lease_and_say_when_it_is_gone(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    token = await sato.token(conversation_id)
    assert (await sato.client.pulse(PulseRequest(conversation_id, token, typed=True))).held
    assert not (await tanaka.client.pulse(PulseRequest(conversation_id, token, typed=True))).held
    served.team.clock.move(timedelta(minutes=3))
    assert not (await sato.client.pulse(PulseRequest(conversation_id, token, typed=True))).held


async def test_drafts_are_kept_for_their_writer_only(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    body = DraftBody(conversation_id, served.team.clock.now(), msgspec.Raw(b'{"body":"\\u4e0b\\u66f8\\u304d"}'))
    await sato.client.save_draft(body.conversation_id, body)
    (kept,) = await sato.client.drafts()
    assert (kept.conversation_id, kept.saved_at, bytes(kept.draft)) == (body.conversation_id, body.saved_at, bytes(body.draft))
    assert await tanaka.client.drafts() == []
    await sato.client.drop_draft(conversation_id)
    assert await sato.client.drafts() == []
    status, _raw = await served.raw("PUT", "/v1/drafts/other", session=sato.session, body=msgspec.json.encode(body))
    assert status == 400


async def test_the_outbox_lists_what_waits(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    command = await served.team.submit(sato.member, conversation_id, await sato.token(conversation_id))
    (row,) = await sato.client.outbox()
    assert (row.submission_id, row.message_id, row.by, row.number) == (command.submission_id, command.message_id, "sato", 1)
    assert row.state in {OutboxState.QUEUED, OutboxState.SCHEDULED}
    assert row.to == ("kyaku@example.org",)


async def test_members_are_invited_with_what_is_there_only(served: Served) -> None:
    admin = served.admin
    for wrong in (AddMemberRequest("X", inboxes=(InboxKey("nowhere"),)), AddMemberRequest("X", unix_user="no-such-account"), AddMemberRequest("  ")):
        with pytest.raises(RequestRefused):
            await admin.add_member(wrong)
    added = await admin.add_member(AddMemberRequest("佐藤", key="sato", unix_user="daemon"))
    assert (added.member.name, added.expires_at) == ("佐藤", served.team.clock.now() + timedelta(days=7))
    with pytest.raises(RequestRefused):
        await admin.add_member(AddMemberRequest("Sato"))


async def test_a_hint_reaches_the_watcher(served: Served) -> None:
    sato = await served.member("Sato")
    await sato.client.hint(SUPPORT)
    assert served.hints == [SUPPORT]


async def test_what_cannot_be_read_is_named_without_a_trace(served: Served) -> None:
    sato = await served.member("Sato")
    wrong = (b"", b"{", b"[]", b'{"key":1}', b"\xff\xfe", b'{"key":"k","command":{"type":"Nonsense"}}', b"9" * 5000, b'{"key":"","command":{}}')
    for body in wrong:
        status, raw = await served.raw("POST", "/v1/commands", session=sato.session, body=body)
        assert (status, problem(raw)) == (400, "malformed")
        assert b"Traceback" not in raw
    for path in ("/v1/events?since=-1", "/v1/events?since=x", "/v1/snapshot?limit=1.5", "/v1/snapshot?limits=5", "/v1/events?since=" + "9" * 40):
        status, raw = await served.raw("GET", path, session=sato.session)
        assert (status, problem(raw)) == (400, "malformed")
    status, raw = await served.raw("GET", "/v1/nowhere", session=sato.session)
    assert (status, problem(raw)) == (404, "not_there")
    status, raw = await served.raw("DELETE", "/v1/commands", session=sato.session)
    assert (status, problem(raw)) == (405, "malformed")


async def test_only_a_reply_may_be_large(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    large = "x" * SMALL_BODY_BYTES
    comment = CommandRequest(CommandKey("k"), AddComment(conversation_id=conversation_id, comment_id=CommentId("c"), text=large))
    status, raw = await served.raw("POST", "/v1/commands", session=sato.session, body=msgspec.json.encode(comment))
    assert (status, problem(raw)) == (413, "too_large")
    status, raw = await served.raw("POST", "/v1/commands", session=sato.session, body=b" " * (LARGE_BODY_BYTES + 1))
    assert (status, problem(raw)) == (413, "too_large")
    token = await sato.token(conversation_id)
    seen = await served.team.revision(conversation_id)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        answer = await sato.ask(reply_to(conversation_id, seen, token, text=b"x" * 5_000_000))
    assert isinstance(answer, Done), answer
    frozen = await served.house.desk.submission(SubmissionId("reply"))
    assert frozen is not None
    assert frozen.mime.endswith(b"x\r\n")
    assert len(frozen.mime) > 5_000_000


async def test_nothing_moves_to_an_inbox_that_the_house_has_not(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<a@x>")
    refused = await sato.ask(MoveToInbox(conversation_id=conversation_id, inbox=InboxKey("nowhere")))
    assert isinstance(refused, Refused)
    assert refused.refusal == UnknownInbox(InboxKey("nowhere"))
    assert isinstance(await sato.ask(MoveToInbox(conversation_id=conversation_id, inbox=SALES)), Done)


async def test_of_many_commands_each_is_decided_by_itself_and_the_same_keys_again_are_the_same_answers(served: Served) -> None:
    async with served.admin as admin:
        member = (await admin.me()).member.key
        ids = [await served.team.arrives(f"<{n}@example.org>") for n in range(3)]
        urgent = [Given(CommandKey(f"k{n}"), SetUrgency(conversation_id=id_, urgency=Urgency.URGENT)) for n, id_ in enumerate(ids)]
        lost = Given(CommandKey("lost"), AssignConversation(conversation_id=ConversationId("nobody-knows-it"), owner=member))
        asked = ManyRequest((urgent[0], lost, urgent[1], urgent[2]))
        told = await admin.commands(asked)
        assert [type(answer) for answer in told.answers] == [Done, Refused, Done, Done]
        assert isinstance(told.answers[1], Refused)
        assert isinstance(told.answers[1].refusal, UnknownConversation)
        seqs = [part.seq for answer in told.answers if isinstance(answer, Done) for part in answer.recorded]
        assert seqs == list(range(seqs[0], seqs[0] + 3))
        again = await admin.commands(asked)
        assert [getattr(one, "recorded", None) for one in again.answers] == [getattr(one, "recorded", None) for one in told.answers]
        assert served.house.desk.seq == seqs[-1]
        with pytest.raises(RequestRefused):
            await admin.commands(ManyRequest(tuple(Given(CommandKey(f"m{n}"), urgent[0].command) for n in range(MOST_AT_ONCE + 1))))
        with pytest.raises(EpochChanged):
            await admin.commands(ManyRequest((urgent[0],), epoch=7))

"""A member of one inbox beside another that is not theirs: whatever they call, no word of it comes out. The table itself is the list of doors."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from server_process import new_folder

from mailsync.link import people_protocol as p
from mailsync.link.protocol import CommandRequest, DraftBody
from mailsync.link.queries import Part
from mailsync.link.stream_protocol import Looking, Pulled
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.needs import command_types
from store.domain.commands import AddComment, AssignConversation, ChangeTags, MoveToInbox, SaveTemplate, SetStatus
from store.domain.ids import CommandKey, CommentId, ConversationId, MemberKey, Seq, TemplateKey
from store.domain.people import Role
from store.domain.template import Template
from tests.server.samples import sample
from tests.server.server_house import Agent, Ear, Served, reply_to, serving
from tests.server.test_matrix import path_of
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for

SECRET = "kuma-no-himitsu"


class Beside(msgspec.Struct):
    """Sato sees `sales` alone; everything of `support` bears the secret."""

    served: Served
    sato: Agent
    boss: Agent
    theirs: ConversationId
    ours: ConversationId


@asynccontextmanager
async def beside() -> AsyncIterator[Beside]:
    async with serving(new_folder("desk"), TestClock()) as served:
        team = served.team
        boss, sato = await served.member("Mori", Role.LEADER), await served.member("Sato")
        theirs, ours = await team.arrives(f"<{SECRET}@example.org>"), await team.arrives("<2@example.org>", inbox=SALES)
        draft = msgspec.Raw(msgspec.json.encode({"body": SECRET}))
        # From a time when it was theirs.
        await sato.client.save_draft(theirs, DraftBody(theirs, team.clock.now(), draft))
        for command in (
            AddComment(conversation_id=theirs, comment_id=CommentId("c"), text=f"@sato {SECRET}"),
            AssignConversation(conversation_id=theirs, owner=sato.member.key, reason=SECRET),
            ChangeTags(conversation_id=theirs, add=(SECRET,)),
            SetStatus(conversation_id=theirs, status="done", reason=SECRET),
            SaveTemplate(Template(TemplateKey("t"), SECRET, SECRET, inboxes=(SUPPORT,))),
        ):
            await boss.ask(command)
        token = await boss.token(theirs)
        await boss.ask(reply_to(theirs, await team.revision(theirs), token, name=SECRET))
        async with served.admin as admin:
            await admin.change_member("sato", p.MemberChange("Sato", Role.AGENT, (SALES,)))
        yield Beside(served, sato, boss, theirs, ours)


async def test_no_call_tells_a_word_of_it() -> None:
    async with beside() as here:
        for endpoint in ENDPOINTS:
            if endpoint.name == "stream" or endpoint.media:
                continue
            for about in (here.theirs, here.ours):
                given = {"conversation_id": about, "inbox": SALES, "ids": (here.theirs, here.ours), "message": Looking(here.theirs)}
                body = msgspec.json.encode(sample(endpoint.body, given)) if endpoint.body else None
                path = path_of(endpoint, about, SALES) + ("?since=0" if "since" in getattr(endpoint.query, "__struct_fields__", ()) else "")
                status, raw = await here.served.raw(endpoint.method, path, session=here.sato.session, body=body)
                assert SECRET not in raw.decode(), (endpoint.name, status)
        closed = await here.sato.client.newest(Part.CLOSED)
        assert closed.conversations == ()
        assert await here.sato.client.drafts() == []
        assert [one.conversation_id for one in await here.boss.client.outbox()] == [here.theirs]


async def test_no_command_tells_a_word_of_it_whatever_it_names_beside_ones_own() -> None:
    async with beside() as here:
        for kind in command_types():
            given = {"conversation_id": here.ours, "other": here.theirs, "reason": "x", "message_id": f"<{SECRET[:4]}@example.org>", "reply_to": "c"}
            body = msgspec.json.encode(CommandRequest(CommandKey(f"k{kind.__name__}"), sample(kind, given)))
            _status, raw = await here.served.raw("POST", "/v1/commands", session=here.sato.session, body=body)
            assert SECRET not in raw.decode(), kind


async def test_the_stream_tells_neither_what_was_nor_what_happens_there() -> None:
    async with beside() as here, here.sato.client.stream(Seq(0)) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: any(one.conversation_id == here.ours for one in ear.recorded), "what was")
        await here.served.team.comment(here.boss.member, here.theirs, SECRET)
        here.served.house.hub.looking(99, here.boss.member, here.theirs, SUPPORT)
        await here.boss.ask(SaveTemplate(Template(TemplateKey("t"), SECRET, f"{SECRET} 2", inboxes=(SUPPORT,))))
        await here.served.team.comment(here.boss.member, here.ours, "the end")
        await wait_for(lambda: "the end" in str(ear.heard), "what happens")
        assert SECRET not in str(ear.heard)
        assert here.theirs not in str(ear.heard)
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def test_a_template_that_moves_to_another_inbox_is_forgotten_where_it_was() -> None:
    async with beside() as here:
        for inboxes in ((SALES,), (SUPPORT,)):
            await here.boss.ask(SaveTemplate(Template(TemplateKey("u"), "名", f"text for {inboxes[0]}", inboxes=inboxes)))
        heard = (await here.sato.client.events(Seq(0), 5000)).recorded
        told = [one.event.template for one in heard if type(one.event).__name__ == "TemplateSaved" and one.event.template.key == "u"]
        assert [(one.body, one.withdrawn) for one in told] == [("text for sales", False), ("", True)]


async def test_who_may_not_pull_an_inbox_cannot_say_that_it_was_pulled() -> None:
    async with beside() as here, here.boss.client.stream(here.served.house.desk.seq) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: here.served.house.hub.lines, "the leader's line")
        asking = asyncio.create_task(here.served.house.hub.pull_now(SUPPORT))
        await wait_for(lambda: [one for one in ear.heard if type(one).__name__ == "PullNow"], "the question")
        request = next(one.request for one in ear.heard if type(one).__name__ == "PullNow")
        guest = await here.served.member("Kyaku", Role.GUEST)
        for liar in (here.sato, guest):
            async with liar.client.stream(here.served.house.desk.seq) as line:
                await line.send(Pulled(request, reached=True))
                # Heard after it, on the same line.
                await line.send(Looking(here.ours if liar is here.sato else here.theirs))
                await wait_for(
                    lambda who=liar: who.member.key in {one.present.member for one in here.served.house.hub.presence.everybody()}, "the look"
                )
        assert not asking.done()
        await stream.send(Pulled(request, reached=True))
        assert await asking is True
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def test_who_looks_at_a_conversation_that_moves_is_seen_where_it_is_now() -> None:
    async with beside() as here:
        hub, presence = here.served.house.hub, here.served.house.hub.presence
        hub.looking(1, here.boss.member, here.ours, SALES)
        hub.looking(2, here.sato.member, here.ours, SALES)
        hub.flush()
        assert {(one.present.member, one.inbox) for one in presence.everybody()} == {("mori", SALES), ("sato", SALES)}
        await here.boss.ask(MoveToInbox(conversation_id=here.ours, inbox=SUPPORT))
        hub.flush()
        assert {(one.present.member, one.inbox) for one in presence.everybody()} == {("mori", SUPPORT)}


async def test_a_line_that_is_joined_while_the_right_goes_has_what_is_left() -> None:
    """The member is read when the call comes in; by the time the line is made an admin may have changed them."""
    async with beside() as here:
        before = msgspec.structs.replace(here.sato.member, inboxes=())
        line, _ = here.served.house.hub.join(before, "s")
        assert line.member.inboxes == (SALES,)
        async with here.served.admin as admin:
            await admin.deactivate("sato")
        line, _ = here.served.house.hub.join(before, "s2")
        assert line.why == "access_ended"


async def test_who_loses_the_inbox_lets_go_of_what_they_write_there() -> None:
    async with serving(new_folder("desk"), TestClock()) as served:
        sato, mori = await served.member("Sato"), await served.member("Mori")
        theirs, ours = await served.team.arrives("<1@example.org>"), await served.team.arrives("<2@example.org>", inbox=SALES)
        await sato.token(theirs)
        await sato.token(ours)
        async with served.admin as admin:
            await admin.change_member("sato", p.MemberChange("Sato", Role.AGENT, (SALES,)))
        assert {held.conversation_id for held in served.house.desk.leases()} == {ours}
        await mori.token(theirs)
        state = await served.house.desk.state(theirs)
        assert state is not None
        assert state.lease is not None
        assert state.lease.by == MemberKey("mori")

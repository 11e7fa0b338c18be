"""Templates at the server: a person's own are told to nobody else, old versions do not leave, and every use and version is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace
from server_process import new_folder

from mailsync.link.mirror import Mirror
from mailsync.link.protocol import Done, Refused
from mailsync.link.queries import Part
from store.domain.commands import SaveField, SaveTemplate, WithdrawTemplate
from store.domain.field_values import FieldOf, FieldValue
from store.domain.ids import Seq, TemplateKey
from store.domain.people import Role
from store.domain.refusals import TemplateOutdated, TemplateWithdrawn
from store.domain.template import Template, TemplateRef, TemplateUses, own_key
from store.local.store import LocalStore
from tests.server.server_house import Agent, Ear, Served, reply_to, serving
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for

SECRET = "kuma-no-himitsu"
SORRY = Template(TemplateKey("返信/お詫び"), "お詫び", "申し訳ございません。")


@asynccontextmanager
async def two() -> AsyncIterator[tuple[Served, Agent, Agent]]:
    async with serving(new_folder("desk"), TestClock()) as served:
        yield served, await served.member("Sato"), await served.member("Mori", Role.LEADER)


async def saved(agent: Agent, template: Template) -> None:
    assert isinstance(await agent.ask(SaveTemplate(template)), Done)  # type: ignore[arg-type]


async def test_no_call_and_no_stream_tells_a_colleague_of_an_own_template() -> None:
    async with two() as (served, sato, mori):
        own = Template(own_key(sato.member.key, SECRET), SECRET, SECRET, person=sato.member.key)
        theirs = await served.team.arrives("<1@example.org>")
        async with mori.client.stream(Seq(0)) as stream, sato.client.stream(Seq(0)) as other:
            ear, own_ear = Ear(stream), Ear(other)
            listening = [asyncio.create_task(one.listen()) for one in (ear, own_ear)]
            await wait_for(lambda: served.house.hub.lines == 2, "both lines")
            await saved(sato, own)
            reply = reply_to(theirs, await served.team.revision(theirs), await sato.token(theirs))
            answer = await sato.ask(replace(reply, templates=(TemplateRef(own.key, 1), TemplateRef(SORRY.key, 1))))
            assert isinstance(answer, Refused), "the team has no such template"
            assert isinstance(await sato.ask(replace(reply, templates=(TemplateRef(own.key, 1),))), Done)
            await served.team.comment(mori.member, theirs, "the end")
            for one in (ear, own_ear):
                await wait_for(lambda one=one: "the end" in str(one.heard), "what happens")
            assert SECRET not in str(ear.heard)
            assert SECRET in str(own_ear.heard)
            for task in listening:
                task.cancel()
        for told, agent in ((False, mori), (True, sato)):
            answers = (
                await agent.client.events(Seq(0), 5000),
                await agent.client.snapshot(),
                await agent.client.newest(Part.OPEN),
                await agent.client.template_versions(own.key),
            )
            assert [SECRET in str(one) for one in answers] == [told, told, told, told]


async def test_a_reply_with_an_old_or_withdrawn_template_is_refused_and_the_newest_is_counted() -> None:
    async with two() as (served, sato, mori):
        conversation = await served.team.arrives("<1@example.org>")
        await saved(mori, SORRY)
        await saved(mori, replace(SORRY, body="深くお詫びします。"))
        reply = reply_to(conversation, await served.team.revision(conversation), await sato.token(conversation))
        old, newest = (replace(reply, templates=(TemplateRef(SORRY.key, version),)) for version in (1, 2))
        assert await refusal(sato, old) == TemplateOutdated(SORRY.key, "お詫び", 1, 2)
        await mori.ask(WithdrawTemplate(SORRY.key))  # type: ignore[arg-type]
        assert await refusal(sato, newest) == TemplateWithdrawn(SORRY.key, "お詫び")
        await saved(mori, SORRY)
        assert isinstance(await sato.ask(replace(reply, templates=(TemplateRef(SORRY.key, 4), TemplateRef(SORRY.key, 4)))), Done)
        page = await mori.client.newest(Part.OPEN)
        assert page.uses == (TemplateUses(SORRY.key, f"{served.team.clock.now():%Y-%m}", 1),)
        versions = await mori.client.template_versions(SORRY.key)
        assert [(one.template.version, one.template.withdrawn, one.by) for one in versions] == [(n, n == 3, mori.member.key) for n in (1, 2, 3, 4)]
        assert [one.template.body for one in versions[:2]] == ["申し訳ございません。", "深くお詫びします。"]


async def refusal(agent: Agent, command):
    answer = await agent.ask(command)
    assert isinstance(answer, Refused)
    return answer.refusal


async def test_a_mirror_knows_uses_and_fields_whether_it_read_the_journal_or_a_page() -> None:
    async with two() as (served, sato, mori):
        conversation = await served.team.arrives("<1@example.org>")
        await saved(mori, SORRY)
        phone = FieldValue("電話", "03-1234", FieldOf.INBOX, SUPPORT)
        for field in (phone, replace(phone, of=SALES)):
            assert isinstance(await mori.ask(SaveField(field)), Done)  # type: ignore[arg-type]
        reply = reply_to(conversation, await served.team.revision(conversation), await sato.token(conversation))
        assert isinstance(await sato.ask(replace(reply, templates=(TemplateRef(SORRY.key, 1),))), Done)
        seller = await served.member("Sales", inboxes=(SALES,))
        for agent, fields in ((mori, 2), (seller, 1)):
            store = LocalStore.open(new_folder("home"))
            mirror = Mirror(agent.client, store)
            await mirror.catch_up()
            read = store.template_uses(), store.team().fields
            assert len(read[1]) == fields
            store.begin_snapshot(99)  # of another epoch: the first page is loaded
            await mirror.catch_up()
            assert (store.template_uses(), store.team().fields) == (read if agent is mori else (store.template_uses(), read[1]))
            assert [one.n for one in store.template_uses()] == [1]
            store.close()

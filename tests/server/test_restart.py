"""The server is restarted under a working team: leases stand, what was in flight is answered by its key, nothing is done twice."""

import asyncio

from server_process import new_folder

from mailsync.link.protocol import Answer, CommandRequest, Done, PulseRequest
from store.domain.commands import AddComment, TakeLease
from store.domain.events import CommentAdded, LeaseTaken
from store.domain.ids import CommandKey, CommentId, Revision, Seq
from store.errors import MadoError
from tests.server.server_child import Child
from tests.server.test_kill import client_of, seeded

CALLERS = 60


async def test_leases_and_their_tokens_outlive_a_restart_and_what_was_in_flight_is_answered_by_key() -> None:
    home = new_folder("restart")
    ids = await seeded(home)
    child = await asyncio.to_thread(Child, home)
    requests = [
        CommandRequest(CommandKey(f"k{n}"), AddComment(conversation_id=ids[n % 5], comment_id=CommentId(f"c{n}"), text=f"コメント{n}"))
        for n in range(CALLERS)
    ]
    told: dict[CommandKey, Answer] = {}
    async with client_of(home) as client:
        take = TakeLease(conversation_id=ids[0], seen_revision=Revision(2), terminal="t")
        taken = await client.command(CommandRequest(CommandKey("lease"), take))
        assert isinstance(taken, Done)
        token = next(part.event.token for part in taken.recorded if isinstance(part.event, LeaseTaken))
        assert (await client.pulse(PulseRequest(ids[0], token, typed=True))).held

        async def ask(request: CommandRequest) -> None:
            told[request.key] = await client.command(request)

        asking = [asyncio.create_task(ask(request)) for request in requests]
        await asyncio.sleep(0)
        assert await asyncio.to_thread(child.stop) == 0
        broken = [one for one in await asyncio.gather(*asking, return_exceptions=True) if one is not None]
        assert all(isinstance(one, MadoError) for one in broken), broken
    child = await asyncio.to_thread(Child, home)
    async with client_of(home) as client:
        assert (await client.pulse(PulseRequest(ids[0], token, typed=False))).held, "the lease stands, with its token"
        for request in requests:
            answer = await client.command(request)
            assert isinstance(answer, Done)
            assert told.get(request.key, answer) == answer
        journal = (await client.events(Seq(0), 5000)).recorded
    commented = [part.command_key for part in journal if isinstance(part.event, CommentAdded)]
    assert sorted(commented) == sorted(request.key for request in requests)
    assert await asyncio.to_thread(child.stop) == 0

"""The offline queue: commands leave in the order they were given, each under the one key it was given first."""

from collections.abc import Callable

from mailsync.link.client import TeamClient
from mailsync.link.errors import RequestRefused, ServerForbids
from mailsync.link.mirror import Mirror
from mailsync.link.protocol import Answer, CommandRequest, Done, Refused
from mailsync.link.threads import in_thread
from store.domain.commands import AgentCommand, AskForLease, ReleaseLease, TakeLease
from store.domain.ids import CommandKey
from store.domain.refusals import Malformed, NotAllowed
from store.local.store import LocalStore

NOW_OR_NEVER = (TakeLease, ReleaseLease, AskForLease)
"""Commands that mean nothing later: a lease taken an hour after the key was pressed would lock out a colleague."""

Settled = Callable[[CommandKey, AgentCommand, Answer], None]
"""Told of each queued command once the server has answered it."""


async def ask(client: TeamClient, mirror: Mirror, key: CommandKey, command: AgentCommand) -> Answer:
    """Send one command and bring its events into the mirror.

    A request the server cannot use or forbids becomes a refusal: sent again it would fail for ever, and all behind it would wait.

    Raises:
        ServerAway: It may or may not have been done; the same key asks again safely.
        EpochChanged: The mirror must be loaded anew before this can be asked.
    """
    try:
        answer = await client.command(CommandRequest(key, command, mirror.epoch))
    except RequestRefused as error:
        return Refused(mirror.seq, Malformed(problem=str(error)))
    except ServerForbids:
        return Refused(mirror.seq, NotAllowed(needs="reply_right"))
    if isinstance(answer, Done):
        await mirror.apply_answer(answer)
    return answer


async def drain(client: TeamClient, mirror: Mirror, store: LocalStore, settled: Settled) -> None:
    """Send everything pending, oldest first, until nothing is left; one at a time, so that the order holds.

    A refused one is dropped, with its predicted effect, and the next is tried: it was given by the same person who did not know.

    Raises:
        ServerAway, EpochChanged, SessionEnded: What is not yet answered stays pending under its key.
    """
    while pending := await in_thread(store.pending):
        for waiting in pending:
            answer = await ask(client, mirror, waiting.key, waiting.command)
            refusal = answer.refusal if isinstance(answer, Refused) else None
            await in_thread(store.drop_pending, waiting.key, refusal)
            settled(waiting.key, waiting.command, answer)

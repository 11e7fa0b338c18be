"""The offline queue: commands leave in the order they were given, each under the one key it was given first."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from msgspec.structs import replace

from mailsync.link.client import TeamClient
from mailsync.link.errors import RequestRefused, ServerForbids
from mailsync.link.files import send_file
from mailsync.link.many_protocol import Given, ManyRequest
from mailsync.link.mirror import Mirror, free_draft
from mailsync.link.protocol import Answer, CommandRequest, Done, Refused
from mailsync.link.threads import in_thread
from mailsync.link.translating import translate
from store.domain.check_commands import reply_in
from store.domain.commands import AddComment, AgentCommand, AskForLease, MergeConversations, ReleaseLease, RequestCheck, SubmitReply, TakeLease
from store.domain.ids import CommandKey
from store.domain.refusals import Malformed, NotAllowed
from store.domain.sorting import SORTING
from store.local.rows import Pending
from store.local.store import LocalStore
from store.local.waiting_files import WaitingFiles

NOW_OR_NEVER = (TakeLease, ReleaseLease, AskForLease)
"""Commands that mean nothing later: a lease taken an hour after the key was pressed would lock out a colleague."""

TOGETHER = 50
"""Commands that go in one call, of `MOST_AT_ONCE` that may: what a key asks for meanwhile waits behind one such piece."""

Settled = Callable[[CommandKey, AgentCommand, Answer], None]
"""Told of each queued command once the server has answered it."""


async def ask(client: TeamClient, mirror: Mirror, key: CommandKey, command: AgentCommand, *, within_seconds: float | None = None) -> Answer:
    """Send one command and bring its events into the mirror. `within_seconds`: for the server's answer; None: as long as any call may take.

    A request the server cannot use or forbids becomes a refusal: sent again it would fail for ever, and all behind it would wait.

    Raises:
        ServerAway: It may or may not have been done; the same key asks again safely.
        EpochChanged: The mirror must be loaded anew before this can be asked.
    """
    try:
        if isinstance(command, AddComment):
            await hand_in(client, mirror.waiting_files, command)
        async with asyncio.timeout(within_seconds):
            answer = await client.command(CommandRequest(key, command, mirror.epoch))
    except TimeoutError as error:
        raise translate(error, str(client.address)) from error
    except RequestRefused as error:
        return Refused(mirror.seq, Malformed(problem=str(error)))
    except ServerForbids:
        return Refused(mirror.seq, NotAllowed(needs="reply_right"))
    if isinstance(answer, Done):
        await mirror.apply_answers([answer])
        if isinstance(command, AddComment) and command.files:
            await in_thread(mirror.waiting_files.drop, command.comment_id)
    return answer


async def ask_many(client: TeamClient, mirror: Mirror, waiting: Sequence[Pending]) -> list[Answer]:
    """Send several sorting commands in one call, `TOGETHER` at most, and bring their events into the mirror; each is answered by itself.

    Raises:
        ServerAway, EpochChanged: As `ask`; the same keys ask again safely.
    """
    try:
        told = await client.commands(ManyRequest(tuple(Given(each.key, each.command) for each in waiting), mirror.epoch))  # type: ignore[arg-type]
    except (RequestRefused, ServerForbids):
        # An older server, or one of them cannot be used: alone, each gets its own answer.
        return [await ask(client, mirror, each.key, each.command) for each in waiting]
    await mirror.apply_answers([answer for answer in told.answers if isinstance(answer, Done)])
    return list(told.answers)


async def hand_in(client: TeamClient, waiting: WaitingFiles, command: AddComment) -> None:
    """Bring the files of a comment to the server before the comment itself. One that is not here may be there: the server says so.

    Raises:
        ServerAway, RequestRefused …: as for any call.
    """
    for file in command.files:
        path = await in_thread(waiting.path, command.comment_id, file.sha256)
        if path is not None:
            # It may have gone, or be unreadable, this very moment.
            with suppress(FileNotFoundError, PermissionError):
                await send_file(client, command.conversation_id, command.comment_id, file, path)


def as_it_waited(command: AgentCommand) -> AgentCommand:
    """The command as it is sent after it had to wait.

    A reply's lease may have lapsed meanwhile, and its token would be refused for ever: without one the server takes the lease in the same
    stroke, if it is free and nothing new came. Whatever was answered under its key before is answered again all the same.
    """
    if isinstance(command, RequestCheck):
        return replace(command, reply=replace(command.reply, token=None))
    return replace(command, token=None) if isinstance(command, SubmitReply) else command


async def drain(
    client: TeamClient,
    mirror: Mirror,
    store: LocalStore,
    settled: Settled,
    *,
    fresh: Callable[[CommandKey], bool] = lambda _key: False,
    ahead: Callable[[], Pending | None] = lambda: None,
) -> None:
    """Send everything pending, oldest first, until nothing is left; one call at a time, so that the order holds.

    `ahead`: what goes before the next piece, taken off; with it goes what was given earlier for the same conversation, in order.

    A refused one is dropped, with its predicted effect, and the next is tried: it was given by the same person who did not know. The text
    of a refused reply is a draft again, that of a refused comment stays as text in the home. `fresh`: whose giver still waits for the
    answer; all others have waited.

    Raises:
        ServerAway, EpochChanged, SessionEnded: What is not yet answered stays pending under its key.
    """
    while pending := await in_thread(_next_in_turn, store, ahead()):
        for group in together(pending):
            if len(group) > 1:
                answers = await ask_many(client, mirror, group)
                await in_thread(store.drop_all_pending, [waiting.key for waiting in group])
                for waiting, answer in zip(group, answers, strict=True):
                    settled(waiting.key, waiting.command, answer)
                continue
            await _drain_one(client, mirror, store, settled, group[0], fresh=fresh(group[0].key))


def _next_in_turn(store: LocalStore, ahead: Pending | None) -> Sequence[Pending]:
    if ahead is not None:
        other = (ahead.command.other,) if isinstance(ahead.command, MergeConversations) else ()
        # Nothing: it was answered already, with those it stood behind.
        if found := store.pending_before(ahead.key, (ahead.command.conversation_id, *other)):
            return found
    return store.next_pending(TOGETHER)


def together(pending: Sequence[Pending]) -> Iterator[Sequence[Pending]]:
    """The queue in pieces that can go in one call each, in order: neighbours that only sort, or one of anything else."""
    group: list[Pending] = []
    for waiting in pending:
        sorts = isinstance(waiting.command, SORTING)
        if group and (not sorts or len(group) == TOGETHER):
            yield group
            group = []
        if sorts:
            group.append(waiting)
        else:
            yield [waiting]
    if group:
        yield group


async def _drain_one(client: TeamClient, mirror: Mirror, store: LocalStore, settled: Settled, waiting: Pending, *, fresh: bool) -> None:
    if not await in_thread(store.waiting_replies.leaves, waiting.key, waiting.command):
        return
    command = waiting.command if fresh else as_it_waited(waiting.command)
    answer = await ask(client, mirror, waiting.key, command)
    refusal = answer.refusal if isinstance(answer, Refused) else None
    reply = reply_in(command)
    if refusal is not None and reply is not None:
        # Before it leaves the queue: dying in between must not leave a text that nothing will ever send, and nobody may edit.
        await in_thread(free_draft, store, command.conversation_id, reply.submission_id)
    elif refusal is not None and not fresh:
        await in_thread(store.shrinking.keep_words, waiting)
    await in_thread(store.drop_pending, waiting.key, refusal)
    settled(waiting.key, waiting.command, answer)

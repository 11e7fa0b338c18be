"""What was asked of the server at this terminal: each command is kept before it is sent, and whoever gave it waits a while for its answer."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from mailsync.link.callbacks import Callbacks
from mailsync.link.client import TeamClient
from mailsync.link.keys import new_key
from mailsync.link.mirror import Mirror
from mailsync.link.outcome import Queued, Sent
from mailsync.link.protocol import Answer, Refused
from mailsync.link.queue import NOW_OR_NEVER, TOGETHER, as_it_waited, ask, drain
from mailsync.link.threads import in_thread
from store.clock import Clock
from store.domain.commands import AgentCommand
from store.domain.ids import CommandKey
from store.local.rows import Pending
from store.local.store import LocalStore

SEND_SECONDS = 10.0
"""Whoever gave a command waits no longer for its answer: after a laptop's sleep the line may be dead, and nobody has noticed yet."""


class _Batch:
    """Many commands of one stroke: what was answered so far."""

    def __init__(self) -> None:
        self.answers: dict[CommandKey, Answer] = {}
        self.news = asyncio.Event()
        self.is_over = False
        """The server is away: nobody waits."""

    def answered(self, key: CommandKey, answer: Answer) -> None:
        self.answers[key] = answer
        self.news.set()

    def end(self) -> None:
        self.is_over = True
        self.news.set()

    async def has_news(self) -> bool:
        """Wait for an answer. False: there was none for `SEND_SECONDS`, or there will be none."""
        self.news.clear()
        if not self.is_over:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self.news.wait()
            except TimeoutError:
                return False
        return not self.is_over


class Asked:
    """The queue and those who wait at it. `connected` says whether the stream is up now."""

    def __init__(
        self, client: TeamClient, mirror: Mirror, store: LocalStore, clock: Clock, callbacks: Callbacks, connected: Callable[[], bool]
    ) -> None:
        self._client = client
        self._mirror = mirror
        self._store = store
        self._clock = clock
        self._callbacks = callbacks
        self._connected = connected
        self._wanted = asyncio.Event()
        self._waiters: dict[CommandKey, asyncio.Future[Sent]] = {}
        self._batches: dict[CommandKey, _Batch] = {}
        """By each of their commands that is not answered yet."""
        self._ahead: deque[Pending] = deque()
        """What was given while a batch is under way: it goes before the rest of that."""

    async def send(self, command: AgentCommand) -> Sent:
        """Ask, and wait for the answer as long as the stream is up.

        Raises:
            ServerAway: Only for what means nothing later: taking, releasing or asking for a lease. Within 10 s.
            SessionEnded, ServerForbids, EpochChanged: likewise; anything else stays queued then.
        """
        key = CommandKey(new_key(self._clock))
        if isinstance(command, NOW_OR_NEVER):
            return await ask(self._client, self._mirror, key, command, within_seconds=SEND_SECONDS)
        if not self._connected():
            command = as_it_waited(command)
        # Known before it is stored: a drain already under way may find it and settle it at once.
        waiter: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
        self._waiters[key] = waiter
        # Durable before it is sent: after a kill -9 the next start asks again with the same key.
        try:
            now = self._clock.now()
            await in_thread(self._store.add_pending, key, command, now)
            if self._connected():
                if self._batches:
                    self._ahead.append(Pending(key, command, now))
                self.drain_now()
                await asyncio.wait({waiter}, timeout=SEND_SECONDS)
        finally:
            # Nobody waits any more: if it is sent later, it has waited (`drain`), and a refusal is told by the callback.
            self._waiters.pop(key, None)
        return waiter.result() if waiter.done() else Queued(key)

    async def send_many(self, commands: Sequence[AgentCommand], told: Callable[[int], None]) -> tuple[Sent, ...]:
        """The same for many that only sort (`store.domain.sorting`): all are kept before the first is sent. `told` hears how many are through.

        What is not answered while the server is away, or for `SEND_SECONDS` without any progress, stays queued.
        """
        keys = await in_thread(lambda: [CommandKey(new_key(self._clock)) for _ in commands])
        batch = _Batch()
        self._batches.update(dict.fromkeys(keys, batch))
        try:
            # While the server is here its answers are as quick as foretelling them all.
            foretold = TOGETHER if self._connected() else None
            await in_thread(self._store.add_all_pending, list(zip(keys, commands, strict=True)), self._clock.now(), foretold)
            if self._connected():
                self.drain_now()
                while len(batch.answers) < len(keys) and await batch.has_news():
                    told(len(batch.answers))
        finally:
            for key in keys:
                self._batches.pop(key, None)
        return tuple(batch.answers.get(key) or Queued(key) for key in keys)

    def drain_now(self) -> None:
        """Something waits, or the server is back."""
        self._wanted.set()

    async def run(self, drained: Callable[[], None]) -> None:
        """Send what waits whenever something does; ends with the connection. `drained` is called when nothing is left."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await drain(self._client, self._mirror, self._store, self._settled, fresh=self._waiters.__contains__, ahead=self._next_ahead)
            drained()

    def release(self) -> None:
        """Nobody waits for a server that is away: what they asked for stays queued."""
        self._ahead.clear()
        for batch in {id(each): each for each in self._batches.values()}.values():
            batch.end()
        waiters, self._waiters = self._waiters, {}
        for key, waiter in waiters.items():
            if not waiter.done():
                waiter.set_result(Queued(key))

    def _next_ahead(self) -> Pending | None:
        return self._ahead.popleft() if self._ahead else None

    def _settled(self, key: CommandKey, command: AgentCommand, answer: Answer) -> None:
        waiter, batch = self._waiters.pop(key, None), self._batches.pop(key, None)
        if batch is not None:
            batch.answered(key, answer)
        elif waiter is not None and not waiter.done():
            waiter.set_result(answer)
        elif isinstance(answer, Refused) and self._callbacks.on_refusal is not None:
            self._callbacks.on_refusal(key, command, answer.refusal)

"""Members' passwords: the one place that knows argon2. Slow on purpose, so never on the event loop, and never many at once."""

import asyncio
from collections.abc import Callable

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from mailsync.server.errors import NotNow
from store.domain.password_rules import LONGEST_PASSWORD, prepared

MEMORY_KIB = 19 * 1024
ROUNDS = 2
AT_ONCE = 2
"""How many of callers nobody knows are checked side by side: each takes 19 MiB and a core."""
MOST_WAITING = 32
"""Beyond, a caller is told to come back: a flood must not fill the memory, nor make colleagues wait for minutes."""

NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$9GmiWcpS3kAAF2lJ7jUlvQ$lioHEF3biDY5FAVBxnapqGngSRNCjIf/dFLwoP1NWnE"
"""What is checked where there is no member, or no password: it takes as long, so that time does not tell who is a member."""


class Passwords:
    """argon2id, 19 MiB, t=2, p=1 (OWASP's second choice of parameters). Callers known from before have a turn of their own."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID)
        self._turns = {True: asyncio.Semaphore(1), False: asyncio.Semaphore(AT_ONCE)}
        self._waiting = {True: 0, False: 0}
        self.work = 0
        """How often argon2 has run: what the time a caller waits can tell."""

    async def hash(self, password: str, *, familiar: bool = False) -> str:
        """What is kept of a password.

        Raises:
            NotNow: Too many wait already.
        """
        return await self._in_turn(familiar, self._hash, prepared(password))

    async def matches(self, kept: str | None, password: str, *, familiar: bool = False) -> bool:
        """Whether the password is the one; `kept` None takes as long.

        Raises:
            NotNow: Too many wait already.
        """
        if len(password) > LONGEST_PASSWORD:
            return False
        right = await self._in_turn(familiar, self._verify, kept or NOBODYS, prepared(password))
        return bool(right) and kept is not None

    async def _in_turn(self, familiar: bool, work: Callable[..., str], *given: str) -> str:  # noqa: FBT001 - the key of two dictionaries
        if self._waiting[familiar] >= MOST_WAITING:
            raise NotNow("Many log in at this moment; try again in some seconds.")
        self._waiting[familiar] += 1
        try:
            async with self._turns[familiar]:
                self.work += 1
                return await asyncio.to_thread(work, *given)
        finally:
            self._waiting[familiar] -= 1

    def _hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def _verify(self, kept: str, password: str) -> str:
        """The password's hash where it is the right one, else ""."""
        try:
            self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return ""
        return kept

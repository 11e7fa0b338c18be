"""Members' passwords: the one place that knows argon2. Slow on purpose, so never on the event loop."""

import asyncio

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024
ROUNDS = 2
AT_ONCE = 2
"""How many are checked side by side: each takes 19 MiB and a core."""

LONGEST_PASSWORD = 1024
"""Letters; a longer one costs time before it can be wrong."""


class Passwords:
    """argon2id, 19 MiB, t=2, p=1 (OWASP's second choice of parameters)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one; `kept` None takes as long, so that time does not tell who is a member."""
        if len(password) > LONGEST_PASSWORD:
            return False
        if kept is None and self._nobodys is None:
            self._nobodys = await self.hash("nobody's")
        async with self._turn:
            right = await asyncio.to_thread(self._verify, kept or self._nobodys or "", password)
        return right and kept is not None

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

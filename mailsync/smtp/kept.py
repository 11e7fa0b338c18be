"""Connections that are kept for the next mail: a login is made once for several, and a spent one never costs a mail or makes two of one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import SmtpLineSpent
from mailsync.smtp.options import Reporting
from mailsync.smtp.session import BeforeText, begin, go_on, hand_over
from mailsync.smtp.talk import Talk
from store.domain.outbox import Envelope, RecipientResult

IDLE_SECONDS = 5.0
"""So long a connection waits for the next mail; servers end idle ones after minutes, and count how many we hold open."""


@dataclass(frozen=True)
class _Kept:
    access: SmtpAccess
    talk: Talk
    ends: asyncio.Task[None]


class Connections:
    """Of one inbox. Belongs to one event loop; `close` it at the end."""

    def __init__(self, *, most_mails: int, idle_seconds: float = IDLE_SECONDS) -> None:
        """`most_mails`: over one connection; 1: none is kept."""
        self._most_mails = most_mails
        self._idle_seconds = idle_seconds
        self._kept: list[_Kept] = []
        self.gives_reports = True
        """Whether the server offered delivery reports (RFC 3461) when a mail was last handed to it."""

    @property
    def open(self) -> int:
        """How many there are now."""
        return len(self._kept)

    async def submit(
        self, access: SmtpAccess, envelope: Envelope, mime: bytes, reporting: Reporting, before_text: BeforeText = go_on
    ) -> tuple[RecipientResult, ...]:
        """Hand one mail over as `session.submit` does; over a connection that was kept, where there is one of this very login."""
        if (kept := self._take(access)) is not None:
            # Spent: no byte of the text has gone out, and over a new one it is still the first time.
            with suppress(SmtpLineSpent):
                return await self._over(kept, access, envelope, mime, reporting, before_text)
        return await self._over(await begin(access), access, envelope, mime, reporting, before_text)

    def close(self) -> None:
        """End them all, at once."""
        while self._kept:
            kept = self._kept.pop()
            kept.ends.cancel()
            kept.talk.hang_up()

    async def _over(
        self, talk: Talk, access: SmtpAccess, envelope: Envelope, mime: bytes, reporting: Reporting, before_text: BeforeText
    ) -> tuple[RecipientResult, ...]:
        self.gives_reports = "dsn" in talk.extensions
        try:
            results = await hand_over(talk, access, envelope, mime, reporting, before_text)
        except BaseException:
            talk.hang_up()
            raise
        idle_seconds = self._idle_seconds if talk.mails < self._most_mails else 0.0
        kept = _Kept(access, talk, asyncio.get_running_loop().create_task(self._end(talk, idle_seconds)))
        self._kept.append(kept)
        kept.ends.add_done_callback(lambda _: self._forget(kept))
        return results

    def _take(self, access: SmtpAccess) -> Talk | None:
        for kept in self._kept:
            if _is_same_login(kept.access, access) and kept.talk.is_usable and kept.talk.mails < self._most_mails:
                self._kept.remove(kept)
                kept.ends.cancel()
                return kept.talk
        return None

    def _forget(self, kept: _Kept) -> None:
        if kept in self._kept:
            self._kept.remove(kept)

    async def _end(self, talk: Talk, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        await talk.goodbye()


def _is_same_login(one: SmtpAccess, other: SmtpAccess) -> bool:
    return replace(one, renewed=None) == replace(other, renewed=None)

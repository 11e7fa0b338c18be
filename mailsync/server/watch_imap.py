"""An inbox seen through IMAP: headers only, one connection, IDLE in between; what is new is in the journal within a second."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from mailsync.imap.channel import Interrupt
from mailsync.imap.errors import ONE_MAILBOX
from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from mailsync.server.watch_feed import ImapFeed
from mailsync.server.watch_reading import Place
from mailsync.server.watcher import tell_journal
from store.clock import Clock
from store.domain.ids import MessageId
from store.errors import BadInput, CannotReach, MadoError, NotPermitted
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings
from store.team.desk import TeamDesk

T = TypeVar("T")

USUAL_INBOX = "INBOX"
FAREWELL_SECONDS = 2.0
SILENCE_SECONDS = 8.0
"""Shorter than the look before a send may take: a dead connection is found out and made anew within it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often things are tried; tests are in a hurry."""

    poll_seconds: float = 30.0
    """IDLE tells of the first mailbox only; the others are looked at this often."""
    back_off_seconds: tuple[float, ...] = (1, 2, 5, 15, 30, 60)
    login_back_off_seconds: float = 60.0
    """After a wrong password, also when somebody asks: more tries lock the account."""


PACE = Pace()


class ImapSource:
    """One inbox's connection, kept for ever; blocking work is done in a thread of its own."""

    def __init__(self, desk: TeamDesk, inbox: InboxSettings, secrets: Secrets, clock: Clock, *, pace: Pace = PACE) -> None:
        self.inbox = inbox
        self.clock = clock
        self.problem: MadoError | None = None
        """Why the mailboxes cannot be reached now; None while they can."""
        self._desk = desk
        self._secrets = secrets
        self._pace = pace
        self._interrupt: Interrupt | None = None
        self._session: MailSession | None = None
        self._covered: dict[str, int] = {}
        """Up to which UID each mailbox was told of over this connection; without those that cannot be opened."""
        self._proved: set[MessageId] = set()
        """Messages at the end of what was told, over any connection."""
        self.sent_told = False
        """Whether the last look told of Sent too, or there is none."""
        self._asked = asyncio.Event()
        self._waiters: list[asyncio.Future[bool]] = []
        self._thread = ThreadPoolExecutor(1, f"watch-{inbox.key}")

    async def run(self) -> None:
        """Tell the journal of new mail, for ever, through every break of the line."""
        failures = 0
        try:
            while True:
                if await self._serve_one_connection():
                    # A line that had worked and broke says nothing about the server: nobody is told "unreachable" for it.
                    failures = 0
                    if not self._waiters:
                        self._asked.clear()
                        await self._asked_within(self._pace.back_off_seconds[0])
                    continue
                failures += 1
                self._answer(self._take_waiters(), reached=False)
                await self._back_off(failures)
        finally:
            self.close()

    async def look_once(self) -> bool:
        """Connect, tell the journal of everything that is there now, and leave; for those who do not `run`."""
        try:
            missing = await self._tell_all(await self.in_thread(self._connect))
        except (CannotReach, NotPermitted, BadInput) as error:
            self._note(error)
            return False
        finally:
            await self.in_thread(self._hang_up)
        self._note(missing)
        return True

    def close(self) -> None:
        """Nobody will look any more: give the thread and the pipe back."""
        self._answer(self._take_waiters(), reached=False)
        # After the last of the work: the pipe must not be taken from a thread that still waits on it.
        interrupt, self._interrupt = self._interrupt, None
        self._thread.submit(self._hang_up)
        if interrupt is not None:
            interrupt.ask()
            self._thread.submit(interrupt.close)
        self._thread.shutdown(wait=False)

    async def look_again(self) -> bool:
        """Whether all that lay there when this was asked is in the journal now."""
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self.hint()
        return await waiter

    async def read_sent(self) -> bool:
        """The same, and Sent was among it."""
        return await self.look_again() and self.sent_told

    def hint(self) -> None:
        """Look now, or connect now."""
        self._asked.set()
        if self._interrupt is not None:
            self._interrupt.ask()

    def _connect(self) -> MailSession:
        """A new connection; blocking. Raises what `MailSession.open` and `Secrets.password_for` raise."""
        self._hang_up()
        self._covered = {}
        # Kept here too: whoever asked may be cancelled before the answer.
        self._session = MailSession.open(imap_access(self.inbox, self._secrets, None, timeout_seconds=SILENCE_SECONDS, clock=self.clock), self.clock)
        return self._session

    def _hang_up(self) -> None:
        """End the connection there is; blocking, never raises."""
        if self._session is not None:
            self._session.close()
            self._session = None

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do what blocks; a session belongs to this thread alone."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _serve_one_connection(self) -> bool:
        """Until it breaks; returns whether it ever worked. Whoever waited for a look that broke goes on waiting."""
        worked = False
        waiters: list[asyncio.Future[bool]] = []
        try:
            session = await self.in_thread(self._connect)
            while True:
                self._asked.clear()
                waiters = self._take_waiters()
                missing = await self._tell_all(session)
                self._answer(waiters, reached=True)
                worked, waiters = True, []
                self._note(missing)
                await self._wait_for_news(session)
        except (CannotReach, NotPermitted, BadInput) as error:
            self._waiters += waiters
            self._note(error)
            return worked
        finally:
            await self._end_connection()

    async def _tell_all(self, session: MailSession) -> MadoError | None:
        """Tell of every mailbox; returns what is wrong with one of them while the others can be read."""
        feeds: list[ImapFeed] = []
        missing: MadoError | None = None
        sent = sent_setting(self.inbox) or await self.in_thread(session.find_sent)
        for mailbox in dict.fromkeys([*self.inbox.mailboxes, *([sent] if sent else [])]):
            feed = ImapFeed(session, mailbox, Place(self.inbox.key, mailbox == sent), self.clock, self.in_thread)
            told = await self._desk.watch_cursor(self.inbox.key, mailbox)
            try:
                await feed.open(told, self._desk, proved=self._proved if mailbox not in self._covered else None)
            except ONE_MAILBOX as error:
                # One that was renamed or closed to us must not keep the others' mail from the team.
                missing = missing or error
                continue
            feeds.append(feed)
        if missing is not None and not feeds:
            raise missing
        self._covered = {feed.mailbox: feed.end_uid for feed in feeds}
        await tell_journal(self._desk, self.inbox.key, feeds)
        self.sent_told = sent is None or sent in self._covered
        return missing

    async def _wait_for_news(self, session: MailSession) -> None:
        def wait() -> None:
            watched = next(iter(self._covered), USUAL_INBOX)
            if session.select(watched).uidnext - 1 > self._covered.get(watched, 0):
                return  # it came while the others were read
            if session.can_idle:
                session.idle(seconds=self._pace.poll_seconds, interrupt=interrupt)

        interrupt = self._interrupt = self._interrupt or Interrupt()
        interrupt.clear()
        if self._asked.is_set():
            return
        await self.in_thread(wait)
        if not session.can_idle:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.poll_seconds):
                    await self._asked.wait()

    async def _back_off(self, failures: int) -> None:
        """Wait before the next try; who asks for a look cuts it short, but not after a wrong password."""
        steps = self._pace.back_off_seconds
        self._asked.clear()
        if not isinstance(self.problem, NotPermitted):
            await self._asked_within(steps[min(failures, len(steps)) - 1])
            return
        until = self.clock.monotonic() + self._pace.login_back_off_seconds
        while (left := until - self.clock.monotonic()) > 0:
            await self._asked_within(left)
            self._asked.clear()
            self._answer(self._take_waiters(), reached=False)

    async def _asked_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._asked.wait()

    async def _end_connection(self) -> None:
        """Cut an IDLE short and hang up; a server that does not answer is left to the thread."""
        if self._interrupt is not None:
            self._interrupt.ask()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self.in_thread(self._hang_up)

    def _take_waiters(self) -> list[asyncio.Future[bool]]:
        taken, self._waiters = self._waiters, []
        return taken

    def _answer(self, waiters: Sequence[asyncio.Future[bool]], *, reached: bool) -> None:
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(reached)

    def _note(self, problem: MadoError | None) -> None:
        if problem is not None and str(problem) != str(self.problem):
            _log.warning("inbox %s: %s", self.inbox.key, problem)
        self.problem = problem


def sent_setting(inbox: InboxSettings) -> str | None:
    """The mailbox that the settings name as Sent; None: it is to be found."""
    return inbox.sent or inbox.imap.sent

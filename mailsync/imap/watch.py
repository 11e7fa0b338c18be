"""Waits for news of one mailbox, for ever: IDLE where there is one, looking where there is none, and coming back after every fault."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Interrupt
from mailsync.imap.errors import LoginRefused
from mailsync.imap.session import MailSession
from store.clock import Clock
from store.errors import MadoError

IDLE_SECONDS = 300.0
"""RFC 2177 allows 29 minutes; asking more often finds a connection that died without a word, and NAT forgets after five."""
POLL_SECONDS = 30.0
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 120.0
LOGIN_RETRY_SECONDS = 300.0
"""A wrong password asked again and again locks the account for everybody."""
PROVED_SECONDS = 60.0
"""A connection that lived so long was a good one: the next failure is a first one."""


@dataclass(frozen=True)
class Watching:
    """Connected; `by_idle` False: the server tells nothing by itself, so it is asked every `POLL_SECONDS`."""

    by_idle: bool


@dataclass(frozen=True)
class WaitingToRetry:
    """Not connected, for this reason; the next try comes by itself."""

    error: MadoError
    in_seconds: float


def retry_seconds(failures: int, error: MadoError, chance: float) -> float:
    """How long to wait after `failures` in a row; `chance` from 0 to 1 spreads a team's terminals after the server's restart."""
    if isinstance(error, LoginRefused):
        return LOGIN_RETRY_SECONDS
    longest = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(failures - 1, 16))
    return longest * (0.5 + chance / 2)


class Watch:
    """Blocks a thread of its own in `run`; `stop` and `look_now` may come from any other.

    `access` is asked at every connection, so that a mended password is used at once. `on_news` says "there may be something new": also
    after every connection, for what came while nobody listened.
    """

    def __init__(
        self,
        access: Callable[[], ImapAccess],
        mailbox: str,
        *,
        on_news: Callable[[], None],
        on_state: Callable[[Watching | WaitingToRetry], None],
        clock: Clock,
    ) -> None:
        self._access = access
        self._mailbox = mailbox
        self._on_news = on_news
        self._on_state = on_state
        self._clock = clock
        self._interrupt = Interrupt()
        self._stopping = threading.Event()
        self._session: MailSession | None = None
        self._random = random.SystemRandom()

    def stop(self) -> None:
        """Make `run` return; at once, unless it is just connecting."""
        self._stopping.set()
        self._interrupt.ask()
        session = self._session
        if session is not None:
            # A server that fell silent would keep us waiting for the end of IDLE.
            session.hang_up()

    def look_now(self) -> None:
        """Connect now instead of waiting for the next retry, or ask the server where it tells nothing by itself."""
        self._interrupt.ask()

    def run(self) -> None:
        """Watch until `stop`."""
        failures = 0
        while not self._stopping.is_set():
            began = self._clock.monotonic()
            try:
                with MailSession.open(self._access(), self._clock) as session:
                    self._session = session
                    self._listen(session)
            except MadoError as error:
                if self._stopping.is_set():
                    break
                failures = 1 if self._clock.monotonic() - began > PROVED_SECONDS else failures + 1
                seconds = retry_seconds(failures, error, self._random.random())
                self._on_state(WaitingToRetry(error, seconds))
                self._interrupt.wait(seconds)
        self._interrupt.close()

    def _listen(self, session: MailSession) -> None:
        session.select(self._mailbox)
        self._on_state(Watching(by_idle=session.can_idle))
        self._on_news()
        while not self._stopping.is_set():
            if session.can_idle:
                news = session.idle(seconds=IDLE_SECONDS, interrupt=self._interrupt)
            else:
                self._interrupt.wait(POLL_SECONDS)
                session.noop()
                news = True
            if news and not self._stopping.is_set():
                self._on_news()

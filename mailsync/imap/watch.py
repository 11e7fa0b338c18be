"""Waits for news of one mailbox, for ever: IDLE where there is one, looking where there is none, and coming back after every fault."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Interrupt
from mailsync.imap.errors import CommandRefused, ConnectionLost, LoginRefused, ServerBusy, TooManyConnections
from mailsync.imap.idling import tells
from mailsync.imap.pace import Pace
from mailsync.imap.session import MailSession
from mailsync.imap.sleep import wait_awake
from mailsync.oauth.errors import RenewalRefused
from store.clock import Clock
from store.errors import MadoError

IDLE_SECONDS = 300.0
"""RFC 2177 allows 29 minutes; asking more often finds a connection that died without a word, and NAT forgets after five."""
SHORTEST_IDLE_SECONDS = 60.0
"""Down to here IDLE is shortened where connections are dead each time it ends: something on the way forgets sooner."""
POLL_SECONDS = 15.0
LONGEST_POLL_SECONDS = 120.0
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 120.0
LOGIN_RETRY_SECONDS = 300.0
"""A wrong password asked again and again locks the account for everybody."""
BUSY_RETRY_SECONDS = 60.0
LONGEST_BUSY_RETRY_SECONDS = 900.0
"""A server that limits us is not helped by being asked again at once."""
FULL_RETRY_SECONDS = 900.0
LONGEST_FULL_RETRY_SECONDS = 7200.0
"""A server that allows no further connection is asked for one this seldom: meanwhile the mailbox is looked at by the one that pulls."""
PROVED_SECONDS = 60.0
"""A connection that lived so long was a good one: the next failure is a first one."""


Open = Callable[[ImapAccess, Clock], MailSession]


@dataclass(frozen=True)
class Watching:
    """Connected; `by_idle` False: the server tells nothing by itself, so it is asked, sooner or later as there is news or not."""

    by_idle: bool


@dataclass(frozen=True)
class WaitingToRetry:
    """Not connected, for this reason; the next try comes by itself."""

    error: MadoError
    in_seconds: float


def retry_seconds(failures: int, error: MadoError, chance: float) -> float:
    """How long to wait after `failures` in a row; `chance` from 0 to 1 spreads a team's terminals after the server's restart."""
    if isinstance(error, LoginRefused | RenewalRefused):
        return LOGIN_RETRY_SECONDS
    busy = isinstance(error, ServerBusy)
    first, last = (BUSY_RETRY_SECONDS, LONGEST_BUSY_RETRY_SECONDS) if busy else (FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)
    return min(last, first * 2.0 ** min(failures - 1, 16)) * (0.5 + chance / 2)


def full_retry_seconds(refusals: int, chance: float) -> float:
    """The same for one connection more, after it was refused so often in a row."""
    longest = min(LONGEST_FULL_RETRY_SECONDS, FULL_RETRY_SECONDS * 2.0 ** min(refusals - 1, 16))
    return longest * (0.5 + chance / 2)


class Watch:
    """Blocks a thread of its own in `run`; `stop`, `look_now` and `give_way` may come from any other.

    `access` is asked at every connection, so that a mended password is used at once. `on_news` says "there may be something new": also
    after every connection, for what came while nobody listened; it may use this one, on which the mailbox is open; None: that one does
    not answer just now. `rest_seconds`: the server had no connection left before this start, so none is asked for until then.
    """

    def __init__(
        self,
        access: Callable[[], ImapAccess],
        mailbox: str,
        *,
        on_news: Callable[[MailSession | None], None],
        on_state: Callable[[Watching | WaitingToRetry], None],
        clock: Clock,
        rest_seconds: float = 0.0,
        open_session: Open = MailSession.open,
    ) -> None:
        self.mailbox = mailbox
        self._rest_seconds = rest_seconds
        self._access = access
        self._open = open_session
        self._on_news = on_news
        self._on_state = on_state
        self._clock = clock
        self._interrupt = Interrupt()
        self._stopping = threading.Event()
        self._session: MailSession | None = None
        self._gives_way: TooManyConnections | None = None
        self._idle_seconds = IDLE_SECONDS
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
        if not self._rests():
            self._interrupt.ask()

    def give_way(self, error: TooManyConnections) -> bool:
        """Leave this connection to somebody who needs it more, and come back much later; False when there was none to leave."""
        session = self._session
        if session is None or self._rests():
            return False
        self._gives_way = error
        session.hang_up()
        return True

    def run(self) -> None:
        """Watch until `stop`."""
        failures = 0
        self._rest_first()
        while not self._stopping.is_set():
            began = self._clock.monotonic()
            try:
                self._connect_and_listen()
            except MadoError as error:
                if self._stopping.is_set():
                    break
                failures = 1 if self._clock.monotonic() - began > PROVED_SECONDS else failures + 1
                failures = 0 if self._wait_to_retry(error, failures) else failures
        self._interrupt.close()

    def _rest_first(self) -> None:
        if self._rest_seconds > 0:
            self._gives_way = TooManyConnections("", "as it said before the last start")
            wait_awake(self._interrupt, self._clock, self._rest_seconds)
            self._gives_way = None

    def _rests(self) -> bool:
        return self._gives_way is not None

    def _wait_to_retry(self, error: MadoError, failures: int) -> bool:
        """True when the machine slept meanwhile: what failed before says nothing about now."""
        reason = self._gives_way or error
        if isinstance(reason, TooManyConnections):
            self._gives_way = reason
            seconds = full_retry_seconds(failures, self._random.random())
        else:
            seconds = retry_seconds(failures, reason, self._random.random())
        self._on_state(WaitingToRetry(reason, seconds))
        slept = wait_awake(self._interrupt, self._clock, seconds)
        self._gives_way = None
        return slept

    def _connect_and_listen(self) -> None:
        try:
            with self._open(self._access(), self._clock) as session:
                self._session = session
                self._listen(session)
        finally:
            self._session = None

    def _listen(self, session: MailSession) -> None:
        session.select(self.mailbox)
        self._on_state(Watching(by_idle=session.can_idle))
        self._tell(session)
        pace, seconds = Pace(POLL_SECONDS, LONGEST_POLL_SECONDS), POLL_SECONDS
        while not self._stopping.is_set():
            if session.can_idle:
                if self._idle(session):
                    self._tell(session)
            else:
                wait_awake(self._interrupt, self._clock, seconds)
                seconds = pace.after(seconds, news=tells(session.check()))
                self._tell(session)

    def _tell(self, session: MailSession | None) -> None:
        if not self._stopping.is_set():
            self._on_news(session)

    def _idle(self, session: MailSession) -> bool:
        began = self._clock.monotonic()
        try:
            return session.idle(seconds=self._idle_seconds, interrupt=self._interrupt, on_stall=lambda: self._tell(None))
        except CommandRefused:
            # Offered and refused, for now or always: on this connection it is asked instead, and what was told meanwhile is looked for.
            session.can_idle = False
            self._on_state(Watching(by_idle=False))
            return True
        except ConnectionLost:
            if self._clock.monotonic() - began >= self._idle_seconds:
                # Nobody hung up: it was dead when we came to speak again.
                self._idle_seconds = min(self._idle_seconds, max(SHORTEST_IDLE_SECONDS, self._idle_seconds / 2))
            raise

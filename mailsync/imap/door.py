"""One login's way in: a password that was refused is not shown again and again by each of its connections, which would lock the account."""

import threading

from mailsync.imap.access import HasSecret, ImapAccess
from mailsync.imap.errors import LoginRefused
from mailsync.imap.session import MailSession
from store.clock import Clock

REFUSED_SECONDS = 270.0
"""Somewhat less than whoever was refused waits before the next try."""


class Door:
    """Shared by all connections of a login; safe from any thread. A password that nobody has tried yet is tried by one of them alone."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._proved: HasSecret | None = None
        self._refused: tuple[HasSecret, float, LoginRefused] | None = None

    def open(self, access: ImapAccess, clock: Clock) -> MailSession:
        """Connect and log in.

        Raises:
            LoginRefused: Also without asking, where this very password was refused just now.
            ImapError: See `MailSession.open`.
        """
        if access.auth != "password" or access.password == self._proved:
            return self._try(access, clock)
        with self._one_at_a_time:
            if self._refused is not None:
                password, until, error = self._refused
                if password == access.password and clock.monotonic() < until:
                    raise error
            return self._try(access, clock)

    def forget(self) -> None:
        """Somebody asks for another try; perhaps the account is open again."""
        self._refused = None

    def _try(self, access: ImapAccess, clock: Clock) -> MailSession:
        try:
            session = MailSession.open(access, clock)
        except LoginRefused as error:
            self._proved, self._refused = None, (access.password, clock.monotonic() + REFUSED_SECONDS, error)
            raise
        self._proved = access.password
        return session

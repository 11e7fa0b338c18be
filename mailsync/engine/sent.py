"""Which mailbox of an inbox is Sent: the one that the settings name, or the one that is found."""

from mailsync.imap.session import MailSession
from store.clock import Clock

LOOK_SECONDS = 600.0
"""How often it is looked for where there is none."""


class Sent:
    """`named`: by the settings; None: it is to be found. Some servers make it with the first mail that is sent, and people rename it."""

    def __init__(self, named: str | None, clock: Clock) -> None:
        self._named = named or None
        self._clock = clock
        self._next_at: float | None = None
        self.mailbox = self._named

    def look(self, session: MailSession, *, anew: bool = False) -> None:
        """Look for it, if it is not known and was not looked for just now; `anew`: on a fresh connection, whatever is known."""
        now = self._clock.monotonic()
        if self._named is None and (anew or (self.mailbox is None and (self._next_at is None or now >= self._next_at))):
            self.mailbox, self._next_at = session.find_sent(), now + LOOK_SECONDS

    def is_gone(self, mailbox: str) -> None:
        """A mailbox is not there: if it was found to be Sent, it is to be found anew."""
        if self._named is None and mailbox == self.mailbox:
            self.mailbox = self._next_at = None

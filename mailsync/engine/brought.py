"""Up to where another connection has brought a mailbox's mail just now: of a server's parts one may know more than the other for a while."""

from store.clock import Clock

LEVEL_SECONDS = 10.0
"""So long one connection may know less than another."""


class Brought:
    """Of one inbox."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._up_to: dict[str, tuple[int, float]] = {}
        self._untold: dict[str, int] = {}

    def note(self, mailbox: str, uid: int, mails: int) -> None:
        """So many new mails, up to this UID, came over another connection, now."""
        self._up_to[mailbox] = (uid, self._clock.monotonic() + LEVEL_SECONDS)
        self._untold[mailbox] = self._untold.get(mailbox, 0) + mails

    def take_untold(self, mailbox: str) -> int:
        """How many new mails came so since this was asked last: the next pull's report counts them."""
        return self._untold.pop(mailbox, 0)

    def up_to(self, mailbox: str) -> int:
        """The last UID that came so; 0 when that is long ago: who does not know of it by now is taken at its word."""
        uid, until = self._up_to.get(mailbox, (0, 0.0))
        return uid if self._clock.monotonic() < until else 0

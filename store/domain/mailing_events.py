"""What happened to a mailing as a whole; what happens to its rows stands in their conversations."""

from store.domain.event import Event
from store.domain.mailing import Mailing

HOW = ("started", "handed_in", "approved", "sent_back", "begun", "paused", "resumed", "cancelled", "finished")


class MailingMoved(Event, frozen=True, tag=True):
    """A mailing as it is now, and by which of `HOW` it came to be so."""

    mailing: Mailing
    how: str


class SuppressionChanged(Event, frozen=True, tag=True):
    """An address is on the do-not-mail list from now on, or no longer. The journal is for ever: only the address's hash stands in it.

    `how`: `member mail one_click`.
    """

    address_sha256: str
    on: bool
    how: str

"""A time at which a reply is to leave, as the command line is given it."""

from collections.abc import Sequence
from datetime import datetime

from store.clock import SystemClock
from store.domain.conversation import Conversation
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.settings.settings import InboxSettings
from tui.view.sending_times import customer_zone, no_time_words, parse_sending_time, written_at


class NoSuchTime(BadInput):
    """It cannot be read, or does not lie ahead."""

    def __init__(self, text: str) -> None:
        super().__init__(no_time_words(text), text=text)


def meant_time(text: str | None, state: Conversation, messages: Sequence[StoredMessage], inbox: InboxSettings) -> datetime | None:
    """The moment meant, in the zone of the customer's last mail, else of the inbox; None: none was asked for.

    Raises:
        NoSuchTime: As it says.
    """
    if text is None:
        return None
    at = parse_sending_time(text, SystemClock().now(), customer_zone(written_at(state, messages), inbox.hours), inbox.hours)
    if at is None:
        raise NoSuchTime(text)
    return at

"""Since when a customer waits for our answer."""

import re
from datetime import datetime, timedelta

from store.domain.conversation import Conversation
from store.domain.message import Kind
from store.domain.status import Category

ASKS = frozenset({Kind.MAIL, Kind.LIST, Kind.CALENDAR})
"""Kinds of mail behind which somebody waits: no machine does."""
OVER = frozenset({Category.DONE, Category.JUNK})


def waiting_since(state: Conversation) -> datetime | None:
    """When the first of the customer's mails came that nobody has answered; None while nobody waits.

    Who writes a second time has waited since the first. A mail of ours answers all that came before it, and so does `done`.
    """
    if state.category in OVER:
        return None
    since = None
    for message in state.messages:
        if not message.inbound:
            since = None
        elif since is None and message.answered_by is None and message.kind in ASKS:
            since = message.date
    return since


def waiting_time(waiting_since: datetime | None, now: datetime) -> timedelta | None:
    """How long the customer has waited at `now`, or None while nobody waits."""
    return None if waiting_since is None else max(now - waiting_since, timedelta())


def span_of_wait(text: str) -> timedelta | None:
    """A length of time as settings say it: `30m`, `4h`, `1d`; None where it is none, or no time at all."""
    found = re.fullmatch(r"(\d{1,4})([mhd])", text)
    span = timedelta(minutes=int(found[1]) * {"m": 1, "h": 60, "d": 1_440}[found[2]]) if found else timedelta()
    return span or None

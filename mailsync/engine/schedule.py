"""When which mailbox of an inbox is looked at again, though nobody told of news. Pure: time comes in, in monotonic seconds."""

from collections.abc import Collection
from dataclasses import dataclass

from mailsync.imap.pace import Pace

UNWATCHED = Pace(15.0, 120.0)
"""Nobody tells of this mailbox: Sent, and those beyond the connections that the provider allows."""
WATCHED = Pace(60.0, 240.0)
"""The server tells; but it may forget to."""
TOGETHER_SECONDS = 2.0
"""What is due so soon is looked at in the same pass."""


@dataclass(frozen=True)
class _Turn:
    due_at: float
    wait_seconds: float


class Schedule:
    """Starts empty: a mailbox is on it once it was looked at."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    def looked(self, mailbox: str, now: float, *, news: bool, watched: bool) -> None:
        """A mailbox was looked at; `news`: it was not as it had been. `watched`: a server tells of it."""
        pace = WATCHED if watched else UNWATCHED
        known = self._turns.get(mailbox)
        seconds = pace.after(known.wait_seconds, news=news) if known is not None else pace.soonest_seconds
        self._turns[mailbox] = _Turn(now + seconds, seconds)

    def keep_only(self, mailboxes: Collection[str]) -> None:
        """Forget those that are not looked at any more."""
        self._turns = {mailbox: turn for mailbox, turn in self._turns.items() if mailbox in mailboxes}

    def due(self, now: float) -> frozenset[str]:
        """Those whose time has come, or comes in a moment."""
        return frozenset(mailbox for mailbox, turn in self._turns.items() if turn.due_at <= now + TOGETHER_SECONDS)

    def wait_seconds(self, now: float) -> float:
        """How long until the first is due."""
        return max(0.0, min((turn.due_at - now for turn in self._turns.values()), default=UNWATCHED.soonest_seconds))

"""What the engine tells of its work: a report of each pull, and the status that the terminal's status line shows."""

from collections import deque
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from mailsync.engine.reconcile import Verified
from store.domain.ids import InboxKey
from store.errors import MadoError
from store.local.flaws import Flaw

PACE_STEPS = 64


class PullReport(msgspec.Struct, frozen=True):
    """One pull of one mailbox. `new`, `changed` (flags) and `gone` count what was stored, also when `error` ended it early."""

    inbox: InboxKey
    mailbox: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    seconds: float = 0.0
    error: MadoError | None = None
    verified: Verified | None = None
    """What came of comparing it with the server; None when that was not done."""
    flaws: tuple[Flaw, ...] = ()
    """What was wrong inside the store, and was mended, before its inbox was compared; said in the report of the first mailbox."""


class SyncState(StrEnum):
    """What an inbox's synchronising is doing."""

    CONNECTING = "connecting"
    PULLING = "pulling"
    WATCHING = "watching"
    """Up to date; the server tells of news."""
    POLLING = "polling"
    """Up to date; the server is asked again and again, see `mailsync.engine.schedule`."""
    READING = "reading"
    """Another program of this home pulls; what it stores is seen here, and this one takes over when it ends."""
    FAILED = "failed"
    """Out of reach or refused; tries again by itself."""


class InboxStatus(msgspec.Struct, frozen=True):
    """`done` of `total` messages are stored while pulling, and `eta_seconds` are left; `error` says why while failed."""

    inbox: InboxKey
    state: SyncState = SyncState.CONNECTING
    done: int = 0
    total: int = 0
    error: MadoError | None = None
    eta_seconds: float | None = None
    """None where nothing is pulled, or too little yet to tell."""


class SyncStatus(msgspec.Struct, frozen=True):
    """The status of every inbox."""

    inboxes: Mapping[InboxKey, InboxStatus] = msgspec.field(default_factory=dict)

    @property
    def failed(self) -> tuple[InboxStatus, ...]:
        """The inboxes that need a look."""
        return tuple(each for each in self.inboxes.values() if each.state is SyncState.FAILED)

    @property
    def done(self) -> int:
        """Messages stored so far, over all inboxes that are pulling."""
        return sum(each.done for each in self.inboxes.values() if each.state is SyncState.PULLING)

    @property
    def eta_seconds(self) -> float | None:
        """How long it will take until all of them are done; None while that cannot be told."""
        return max((each.eta_seconds for each in self.inboxes.values() if each.eta_seconds is not None), default=None)

    @property
    def total(self) -> int:
        """How many it will be."""
        return sum(each.total for each in self.inboxes.values() if each.state is SyncState.PULLING)


class Pace:
    """How fast a pull goes: from its recent steps, for the newest mails come at another pace than the old ones behind them."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque(maxlen=PACE_STEPS)

    def eta_seconds(self, done: int, total: int, monotonic: float) -> float | None:
        """How long the rest will take; None in the first second, whose pace says little. A smaller `done` than before: another pull began."""
        if self._steps and done < self._steps[-1][1]:
            self._steps.clear()
        self._steps.append((monotonic, done))
        began, done_then = self._steps[0]
        seconds, count = monotonic - began, done - done_then
        return None if seconds < 1 or count <= 0 else (total - done) * seconds / count

"""What the engine tells of its work: a report of each pull, and the status that the terminal's status line shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from store.domain.ids import InboxKey
from store.errors import MadoError


@dataclass(frozen=True)
class PullReport:
    """One pull of one mailbox. `new`, `changed` (flags) and `gone` count what was stored, also when `error` ended it early."""

    inbox: InboxKey
    mailbox: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    seconds: float = 0.0
    error: MadoError | None = None


class SyncState(StrEnum):
    """What an inbox's synchronising is doing."""

    CONNECTING = "connecting"
    PULLING = "pulling"
    WATCHING = "watching"
    """Up to date; the server tells of news."""
    POLLING = "polling"
    """Up to date; the server is asked again and again, see `mailsync.engine.schedule`."""
    FAILED = "failed"
    """Out of reach or refused; tries again by itself."""


@dataclass(frozen=True)
class InboxStatus:
    """`done` of `total` messages are stored while pulling; `error` says why while failed."""

    inbox: InboxKey
    state: SyncState = SyncState.CONNECTING
    done: int = 0
    total: int = 0
    error: MadoError | None = None


@dataclass(frozen=True)
class SyncStatus:
    """The status of every inbox."""

    inboxes: Mapping[InboxKey, InboxStatus] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[InboxStatus, ...]:
        """The inboxes that need a look."""
        return tuple(each for each in self.inboxes.values() if each.state is SyncState.FAILED)

    @property
    def done(self) -> int:
        """Messages stored so far, over all inboxes that are pulling."""
        return sum(each.done for each in self.inboxes.values() if each.state is SyncState.PULLING)

    @property
    def total(self) -> int:
        """How many it will be."""
        return sum(each.total for each in self.inboxes.values() if each.state is SyncState.PULLING)

"""Pull, parse, commit, publish: brings every mailbox of every inbox into the local store and keeps it there, never on the event loop."""

from mailsync.engine.engine import Engine
from mailsync.engine.reports import InboxStatus, PullReport, SyncState, SyncStatus

__all__ = ["Engine", "InboxStatus", "PullReport", "SyncState", "SyncStatus"]

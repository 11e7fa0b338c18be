"""What was stored of one mailbox in one pull, counted as it is stored; after a step that failed none is stored any more."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager

from msgspec.structs import replace

from mailsync.engine.reconcile import Verified
from mailsync.engine.reports import PullReport
from mailsync.imap.pull import Pulled
from store.local.flaws import Flaw
from store.local.intake import Prepared

OnProgress = Callable[[int, int], None]


class Progress:
    """Counts what was stored of one mailbox."""

    def __init__(self, report: PullReport, on_progress: OnProgress) -> None:
        self.report = report
        self._on_progress = on_progress
        self._has_failed = False

    @contextmanager
    def unless_failed(self) -> Iterator[None]:
        """Do a step; raises CancelledError instead once one has failed."""
        if self._has_failed:
            raise CancelledError
        self._has_failed = True
        yield
        self._has_failed = False

    def count(self, pulled: Pulled, mails: Sequence[Prepared]) -> None:
        """One more step is stored."""
        report = self.report
        new = sum(not each.mail.preview for each in mails)
        self.report = replace(report, new=report.new + new, changed=report.changed + len(pulled.flags), gone=report.gone + len(pulled.gone))
        if pulled.total:
            self._on_progress(pulled.done, pulled.total)

    def verified(self, verified: Verified, flaws: Sequence[Flaw]) -> None:
        """It was compared with the server; `flaws` of the store itself were mended before."""
        self.report = replace(self.report, verified=verified, flaws=tuple(flaws))

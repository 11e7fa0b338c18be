"""Brings one inbox up to date over one connection, mailbox by mailbox; blocking, for one thread."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from mailsync.engine.reading import read_mail
from mailsync.engine.reports import PullReport
from mailsync.imap.errors import ONE_MAILBOX, ConnectionLost
from mailsync.imap.plan import Covered
from mailsync.imap.pull import KEEP_BYTES, Pull, Pulled
from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from mailsync.imap.wire import LONGEST_LITERAL_BYTES
from store.clock import Clock
from store.errors import MadoError
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings

OnProgress = Callable[[int, int], None]


class Progress:
    """Counts what was stored of one mailbox."""

    def __init__(self, report: PullReport, on_progress: OnProgress) -> None:
        self.report = report
        self._on_progress = on_progress

    def count(self, pulled: Pulled) -> None:
        """One more step is stored."""
        report = self.report
        self.report = replace(
            report, new=report.new + len(pulled.fetched), changed=report.changed + len(pulled.flags), gone=report.gone + len(pulled.gone)
        )
        if pulled.total:
            self._on_progress(pulled.done, pulled.total)


class Puller:
    """The pulls of one inbox. Its connection is kept from one pull to the next."""

    def __init__(self, store: LocalStore, inbox: InboxSettings, secrets: Secrets, clock: Clock, on_progress: OnProgress) -> None:
        self._store = store
        self._inbox = inbox
        self._secrets = secrets
        self._clock = clock
        self._on_progress = on_progress
        self._session: MailSession | None = None
        self._sent: str | None = None
        self._stopping = False
        self._looked_at: set[str] = set()
        """Mailboxes that this connection has pulled before."""

    def stop(self) -> None:
        """From another thread: a pull that waits for the server ends with ConnectionLost, and no new connection is made."""
        self._stopping = True
        session = self._session
        if session is not None:
            session.hang_up()

    def close(self) -> None:
        """Hang up; the next pull connects again."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def pull_all(self, *, verify: bool = False, only: Collection[str] | None = None) -> tuple[PullReport, ...]:
        """Pull every mailbox of the inbox, or `only` these; one that fails is in its report, and the others are pulled all the same."""
        try:
            mailboxes = self._mailboxes()
        except MadoError as error:
            self.close()
            return tuple(PullReport(self._inbox.key, mailbox, error=error) for mailbox in self._inbox.mailboxes)
        wanted = tuple(mailbox for mailbox in mailboxes if only is None or mailbox in only)
        reports = tuple(self._pull_reporting(mailbox, verify=verify) for mailbox in wanted)
        if only is None and not any(report.error for report in reports):
            self._store.record_pulled(self._inbox.key, self._clock.now())
        return reports

    def _mailboxes(self) -> tuple[str, ...]:
        """The mailboxes to pull, Sent last. A connection that died while nobody used it is replaced."""
        if self._session is not None:
            try:
                self._session.check()
            except ConnectionLost:
                self.close()
        if self._session is None:
            self._connect()
        wanted = (*self._inbox.mailboxes, *((self._sent,) if self._sent else ()))
        return tuple(dict.fromkeys(wanted))

    def _connect(self) -> MailSession:
        if self._stopping:
            raise ConnectionLost(self._inbox.imap.host, "is not asked any more")
        session = self._session = MailSession.open(imap_access(self._inbox, self._secrets, self._store.me()), self._clock)
        self._looked_at.clear()
        self._sent = self._inbox.sent or session.find_sent()
        return session

    def _pull_reporting(self, mailbox: str, *, verify: bool) -> PullReport:
        began = self._clock.monotonic()
        progress = Progress(PullReport(self._inbox.key, mailbox), self._on_progress)
        error: MadoError | None = None
        try:
            session = self._session or self._connect()
            self._store_all(mailbox, self._pull(session, mailbox, verify=verify), progress)
            self._looked_at.add(mailbox)
        except MadoError as caught:
            error = caught
            if not isinstance(error, ONE_MAILBOX):
                # What it was in the middle of is unknown: the next pull starts on a fresh connection.
                self.close()
        return replace(progress.report, seconds=self._clock.monotonic() - began, error=error)

    def _store_all(self, mailbox: str, steps: Iterator[Pulled], progress: Progress) -> None:
        """Store step by step, in order. While one is written to disk the next is fetched and parsed; no more than two are in memory."""
        writing: Future[None] | None = None
        with ThreadPoolExecutor(1, f"store {self._inbox.key}") as writer:
            try:
                for pulled in steps:
                    new = [read_mail(self._inbox.key, fetched) for fetched in pulled.fetched]
                    if writing is not None:
                        writing.result()
                    writing = writer.submit(self._commit, mailbox, pulled, new, progress)
            finally:
                if writing is not None:
                    writing.result()

    def _pull(self, session: MailSession, mailbox: str, *, verify: bool) -> Iterator[Pulled]:
        key = self._inbox.key
        cursor = self._store.cursor(key, mailbox)
        covered = Covered(cursor.uidvalidity, cursor.lowest_uid, cursor.highest_uid, cursor.modseq) if cursor else None
        first_look = mailbox not in self._looked_at
        keep_bytes = KEEP_BYTES if self._inbox.imap.keep == "small" else LONGEST_LITERAL_BYTES
        pull = Pull(session, lambda: self._store.uids(key, mailbox), keep_bytes)
        # How many there are matters only where the server does not tell what is gone; counting 50,000 at each look would cost.
        stored_messages = len(self._store.uids(key, mailbox)) if not session.can_vanish else int(covered is not None)
        return pull.run(mailbox, covered, stored_messages=stored_messages, verify=verify, first_look=first_look)

    def _commit(self, mailbox: str, pulled: Pulled, new: Sequence[NewMail], progress: Progress) -> None:
        covered = pulled.covered
        self._store.commit_pull(
            self._inbox.key,
            mailbox,
            new,
            Cursor(covered.uidvalidity, covered.highest_uid, covered.lowest_uid, covered.modseq),
            gone=pulled.gone,
            flags=pulled.flags,
            forget_uids=pulled.forget_uids,
            outgoing=mailbox == self._sent,
        )
        progress.count(pulled)

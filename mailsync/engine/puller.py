"""Brings one inbox up to date over one connection, mailbox by mailbox; blocking, for one thread."""

import threading
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from msgspec.structs import replace

from mailsync.engine.brought import Brought
from mailsync.engine.helper import HELPERS, Helpers
from mailsync.engine.progress import OnProgress, Progress
from mailsync.engine.reading import outline
from mailsync.engine.reconcile import other_flags
from mailsync.engine.reports import PullReport
from mailsync.engine.sent import Sent
from mailsync.engine.together import Together
from mailsync.engine.verify import Extent, Rounds, Verifier
from mailsync.imap.door import Door
from mailsync.imap.errors import ONE_MAILBOX, ConnectionLost, MailboxMissing
from mailsync.imap.plan import Covered
from mailsync.imap.pull import KEEP_BYTES, Pull, Pulled
from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from mailsync.imap.wire import LONGEST_LITERAL_BYTES
from store.clock import Clock
from store.errors import MadoError
from store.local.intake import Prepared
from store.local.rows import Cursor
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings

STEPS_UNDER_WAY = 8
"""More than `together` stores at once: who reads must not stand still while it is written."""


class Puller:
    """The pulls of one inbox. Its connection is kept from one pull to the next. `helpers`: processes that read; `door`: shared with others."""

    def __init__(
        self,
        store: LocalStore,
        inbox: InboxSettings,
        secrets: Secrets,
        clock: Clock,
        on_progress: OnProgress,
        *,
        helpers: int = HELPERS,
        door: Door | None = None,
    ) -> None:
        self._store = store
        self._inbox = inbox
        self._secrets = secrets
        self._clock = clock
        self._on_progress = on_progress
        self._helpers = helpers
        self._door = door or Door()
        self._session: MailSession | None = None
        self._sent = Sent(inbox.sent, clock)
        self._stopping = False
        self._rounds = Rounds(clock)
        self._looked_at: set[str] = set()
        """Mailboxes that this connection has pulled before."""
        self._in_use = threading.Lock()
        """Held by whoever talks over the connection."""
        self._covering = threading.Lock()
        """Held by whoever brings mail, over whichever connection: each step's cover stands on the one before."""
        self._brought = Brought(clock)

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

    @contextmanager
    def borrowed(self) -> Iterator[MailSession]:
        """This inbox's connection for a moment, from any thread: the pull's own while that rests, else one more, closed afterwards.

        Raises what connecting raises; whatever the block raises closes the connection, for what it was in the middle of is unknown.
        """
        if not self._in_use.acquire(blocking=False):
            with self._new_session() as session:
                yield session
            return
        try:
            with ExitStack() as on_failure:
                on_failure.callback(self.close)
                yield self._living_session()
                on_failure.pop_all()
        finally:
            self._in_use.release()

    def pull_all(self, *, verify: bool = False, only: Collection[str] | None = None, told: Collection[str] = ()) -> tuple[PullReport, ...]:
        """Pull every mailbox of the inbox, or `only` these and Sent; one that fails is in its report, and the others are pulled all the same.

        `told`: the server has told of news there.
        `verify`: compare everything that is stored with the server's. Once an hour a part of it is compared anyway.
        """
        with self._in_use, self._covering:
            return self._pull_all(verify=verify, only=only, told=told)

    def take_news(self, session: MailSession, mailbox: str) -> None:
        """Store the new mail of a mailbox over another connection, which has it open and was told of it; the next pull's report counts it.

        Nothing while a pull is on, or after `stop`. A server may go through a whole large mailbox for each of its connections before that has
        a new mail at hand: the one that was told of it has it already. All else, and what this leaves, is for the next pull. Raises what the
        connection or the store raises.
        """
        if not self._covering.acquire(blocking=False):
            return
        try:
            covered, opened = self._covered(mailbox), session.mailbox
            if covered is None or opened is None or opened.uidvalidity != covered.uidvalidity:
                return
            # Which mailbox is Sent is known once one was looked at.
            if self._stopping or mailbox not in self._looked_at or not self._store.holds(self._inbox.key):
                return
            progress = Progress(PullReport(self._inbox.key, mailbox), self._on_progress)
            self._store_all(mailbox, self._new_pull(session, mailbox).fetch_ahead(covered), progress)
            if progress.report.new and (now := self._covered(mailbox)) is not None:
                self._brought.note(mailbox, now.highest_uid, progress.report.new)
        finally:
            self._covering.release()

    def _pull_all(self, *, verify: bool, only: Collection[str] | None, told: Collection[str]) -> tuple[PullReport, ...]:
        try:
            if not self._store.holds(self._inbox.key):
                # Settings still name it; the team says that it is not this member's any more.
                self.close()
                return ()
            flaws = self._store.ledger.mend(deep=True) if verify else ()
            mailboxes = self._mailboxes()
        except MadoError as error:
            self.close()
            return tuple(PullReport(self._inbox.key, mailbox, error=error) for mailbox in self._inbox.mailboxes)
        # Sent goes along with any other: whoever answers what just came must see what a colleague has answered.
        wanted = tuple(mailbox for mailbox in mailboxes if only is None or mailbox in only or mailbox == self._sent.mailbox)
        reports = tuple(self._pull_each(wanted, verify=verify, told=told))
        if flaws and reports:
            reports = (replace(reports[0], flaws=flaws), *reports[1:])
        if only is None and not any(report.error for report in reports):
            try:
                self._store.record_pulled(self._inbox.key, self._clock.now())
            except MadoError as error:
                # A store that cannot be written ends no pulling: it is told, and tried again.
                return (replace(reports[0], error=error), *reports[1:]) if reports else ()
        return reports

    def _pull_each(self, wanted: Sequence[str], *, verify: bool, told: Collection[str]) -> Iterator[PullReport]:
        """One after the other. A server that cannot be reached again in the middle is not asked once for each mailbox that is left."""
        away: MadoError | None = None
        for mailbox in wanted:
            if away is None and self._session is None:
                try:
                    self._connect()
                except MadoError as error:
                    away = error
                    self.close()
            failed = PullReport(self._inbox.key, mailbox, error=away)
            yield failed if away is not None else self._pull_reporting(mailbox, verify=verify, told=mailbox in told)

    def _mailboxes(self) -> tuple[str, ...]:
        """The mailboxes to pull, Sent last."""
        self._sent.look(self._living_session())
        wanted = (*self._inbox.mailboxes, *((self._sent.mailbox,) if self._sent.mailbox else ()))
        return tuple(dict.fromkeys(wanted))

    def _living_session(self) -> MailSession:
        """The connection; one that died while nobody used it is replaced."""
        if self._session is not None:
            try:
                self._session.check()
            except ConnectionLost:
                self.close()
        return self._session or self._connect()

    def _new_session(self) -> MailSession:
        if self._stopping:
            raise ConnectionLost(self._inbox.imap.host, "is not asked any more")
        return self._door.open(imap_access(self._inbox, self._secrets, self._store.me()), self._clock)

    def _connect(self) -> MailSession:
        session = self._session = self._new_session()
        self._looked_at.clear()
        self._sent.look(session, anew=True)
        return session

    def _pull_reporting(self, mailbox: str, *, verify: bool, told: bool) -> PullReport:
        began = self._clock.monotonic()
        progress = Progress(PullReport(self._inbox.key, mailbox, self._brought.take_untold(mailbox)), self._on_progress)
        error: MadoError | None = None
        try:
            session = self._session or self._connect()
            told = told or verify or self._rounds.is_time(mailbox)
            self._store_all(mailbox, self._pull(session, mailbox, told=told), progress)
            self._looked_at.add(mailbox)
            extent = Extent.EVERYTHING if verify else self._due(session, mailbox)
            if extent is not Extent.NOTHING:
                self._verify(session, mailbox, progress, extent)
        except MadoError as caught:
            error = caught
            if isinstance(caught, MailboxMissing):
                self._sent.is_gone(mailbox)
            if not isinstance(error, ONE_MAILBOX):
                # What it was in the middle of is unknown: the next pull starts on a fresh connection.
                self.close()
        return replace(progress.report, seconds=self._clock.monotonic() - began, error=error)

    def _store_all(self, mailbox: str, steps: Iterator[Pulled], progress: Progress) -> None:
        """Store step by step, in order. While one is written the next is read and another one fetched; only so many are in memory."""
        under_way: deque[Future[None]] = deque()
        together = Together(partial(self._commit_step, mailbox, progress))
        with closing(Helpers(self._inbox.key, self._helpers)) as helpers, ThreadPoolExecutor(1, f"store {self._inbox.key}") as writer:
            try:
                for pulled in steps:
                    prepared = helpers.submit(pulled.fetched, of_messages=pulled.total)
                    under_way.append(writer.submit(self._gather, together, pulled, prepared, progress))
                    # Of a first pull the list alone: nothing else may take time from it before it is on the screen.
                    is_list = bool(pulled.fetched) and pulled.fetched[0].preview
                    if is_list or len(under_way) > STEPS_UNDER_WAY:
                        under_way.popleft().result()
                while under_way:
                    under_way.popleft().result()
                writer.submit(self._finish, together, progress).result()
            finally:
                # After a failure it is that one which is raised: what was under way behind it has seen that it must not be stored.
                wait([*under_way, writer.submit(self._finish, together, progress)])

    def _due(self, session: MailSession, mailbox: str) -> Extent:
        cursor, status = self._store.cursor(self._inbox.key, mailbox), session.seen.get(mailbox)
        if cursor is None or status is None or status.uidnext <= self._brought.up_to(mailbox):
            return Extent.NOTHING
        return self._rounds.due(mailbox, cursor.highest_uid, status.uidnext)

    def _verify(self, session: MailSession, mailbox: str, progress: Progress, extent: Extent) -> None:
        if session.mailbox is None or session.mailbox.mailbox != mailbox:
            session.select(mailbox)
        whole = extent is Extent.EVERYTHING
        flaws = () if whole else self._store.ledger.mend()
        verifier = Verifier(session, self._store, self._inbox.key, mailbox, self._new_pull(session, mailbox), None if whole else self._rounds)
        outgoing = mailbox == self._sent.mailbox
        done = verifier.run(lambda: self._store_all(mailbox, self._pull(session, mailbox, told=True), progress), outgoing=outgoing)
        progress.verified(done, flaws)
        counts = {"checked": done.checked, "differences": done.differences, "mended": done.mended}
        self._store.ledger.remembered.compared(self._inbox.key, mailbox, at=self._clock.now(), **counts)

    def _new_pull(self, session: MailSession, mailbox: str) -> Pull:
        keep_bytes = KEEP_BYTES if self._inbox.imap.keep == "small" else LONGEST_LITERAL_BYTES
        return Pull(session, lambda: self._store.uids(self._inbox.key, mailbox), keep_bytes, outline)

    def _pull(self, session: MailSession, mailbox: str, *, told: bool) -> Iterator[Pulled]:
        covered = self._covered(mailbox)
        first_look = mailbox not in self._looked_at
        pull = self._new_pull(session, mailbox)
        # How many there are matters only where the server does not tell what is gone; counting 50,000 at each look would cost.
        stored_messages = len(self._store.uids(self._inbox.key, mailbox)) if not session.can_vanish else int(covered is not None)
        brought_to = self._brought.up_to(mailbox)
        return pull.run(mailbox, covered, stored_messages=stored_messages, first_look=first_look, told=told, brought_to=brought_to)

    def _covered(self, mailbox: str) -> Covered | None:
        cursor = self._store.cursor(self._inbox.key, mailbox)
        return Covered(cursor.uidvalidity, cursor.lowest_uid, cursor.highest_uid, cursor.modseq) if cursor else None

    def _gather(self, together: Together, pulled: Pulled, prepared: Future[list[Prepared]], progress: Progress) -> None:
        # A step's cover is true only if the steps before it are stored.
        with progress.unless_failed():
            together.add(pulled, prepared.result())

    def _finish(self, together: Together, progress: Progress) -> None:
        with progress.unless_failed():
            together.finish()

    def _commit_step(self, mailbox: str, progress: Progress, pulled: Pulled, prepared: Sequence[Prepared]) -> None:
        covered, told = pulled.covered, pulled.flags
        if told:
            entries = self._store.ledger.entries(self._inbox.key, mailbox, min(told), max(told))
            pulled = replace(pulled, flags=other_flags(told, entries))
        self._store.commit_pull(
            self._inbox.key,
            mailbox,
            prepared,
            Cursor(covered.uidvalidity, covered.highest_uid, covered.lowest_uid, covered.modseq),
            gone=pulled.gone,
            flags=pulled.flags,
            forget_uids=pulled.forget_uids,
            outgoing=mailbox == self._sent.mailbox,
        )
        progress.count(pulled, prepared)

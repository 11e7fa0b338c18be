"""The engine behind the desk. Imported when the first page is on the screen, not before."""

from mailsync.engine.engine import Engine
from mailsync.engine.reports import SyncState, SyncStatus
from store.domain.ids import InboxKey
from store.errors import MadoError
from store.settings.secrets import Secrets
from tui.session import Listener, Session


class Behind:
    """The engine of one session. Trouble is told to the listener, never raised."""

    def __init__(self, session: Session, listener: Listener) -> None:
        self._session = session
        self._listener = listener
        self._engine: Engine | None = None

    async def sync(self) -> None:
        """Pull every inbox, and keep it level."""
        session = self._session
        engine = self._engine = session.engine = Engine(session.store, session.settings.inboxes, Secrets(session.home), session.clock)
        engine.on_status = self._changed
        engine.on_elsewhere = self._listener.on_trouble
        engine.on_found = self._listener.on_found
        for sentence in session.store.repairs:
            self._listener.on_trouble(MadoError(sentence))
        try:
            await engine.run(session.apart)
        except MadoError as error:
            self._listener.on_trouble(error)

    async def pull_now(self, _inbox: InboxKey) -> bool:
        """Pull every inbox at once; whether all of it went well."""
        if self._engine is None:
            return False
        reports = await self._engine.pull_once()
        return all(report.error is None for report in reports)

    def look_at_sent(self, inbox: InboxKey) -> None:
        """A copy lies in Sent."""
        if self._engine is not None:
            self._engine.look_at_sent(inbox)

    def _changed(self, status: SyncStatus) -> None:
        session = self._session
        session.sync_status = status
        for each in status.inboxes.values():
            # While it tries again and again the word stays: a status bar that flickers is read again and again.
            if each.state is SyncState.FAILED:
                session.failing[each.inbox] = each.error
            elif each.state is not SyncState.CONNECTING:
                session.failing.pop(each.inbox, None)
        self._listener.on_sync()

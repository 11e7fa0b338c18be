"""Small facts about the mail servers that outlive a run: what the last comparison came to, and until when a server is full."""

from datetime import UTC, datetime

from store.domain.ids import InboxKey
from store.local.files import Files
from store.local.rows import Compared
from store.sqlite.connection import Connection

_REMEMBER = "INSERT OR REPLACE INTO fact VALUES (?, ?)"
_BETWEEN = "\x1f"
_COMPARED = "compared"
_FULL = "full"


class Remembered:
    """Safe from any thread. Lies in the cache: who throws that away has nothing left that was compared."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def compared(self, inbox: InboxKey, mailbox: str, *, at: datetime, checked: int, differences: int, mended: int) -> None:
        """A mailbox was compared."""
        facts = {"at": int(at.timestamp()), "checked": checked, "differences": differences, "mended": mended}
        if mended:
            facts |= {"last_mended": mended, "last_mended_at": facts["at"]}

        def work(connection: Connection) -> None:
            for name, value in facts.items():
                connection.execute(_REMEMBER, (_BETWEEN.join((_COMPARED, inbox, mailbox, name)), value))

        self._files.write(work)

    def comparisons(self) -> tuple[Compared, ...]:
        """Of every mailbox that was compared, by inbox and name."""

        def work(connection: Connection) -> dict[tuple[str, str], dict[str, int]]:
            found: dict[tuple[str, str], dict[str, int]] = {}
            for key, value in connection.execute("SELECT key, value FROM fact WHERE key GLOB ?", (f"{_COMPARED}{_BETWEEN}*",)):
                _, inbox, mailbox, name = key.split(_BETWEEN, 3)
                found.setdefault((inbox, mailbox), {})[name] = value
            return found

        return tuple(_compared(inbox, mailbox, facts) for (inbox, mailbox), facts in sorted(self._files.read(work).items()))

    def record_full(self, inbox: InboxKey, mailbox: str, until: datetime | None) -> None:
        """The server had no connection left for watching this mailbox; None: it has one."""

        def work(connection: Connection) -> None:
            if until is None:
                connection.execute("DELETE FROM fact WHERE key = ?", (_full_key(inbox, mailbox),))
            else:
                connection.execute(_REMEMBER, (_full_key(inbox, mailbox), int(until.timestamp())))

        if until is not None or self.full_until(inbox, mailbox) is not None:
            self._files.write(work)

    def full_until(self, inbox: InboxKey, mailbox: str) -> datetime | None:
        """Until when it is not to be asked for one; None: nothing is known."""
        found = self._files.read(lambda connection: connection.value("SELECT value FROM fact WHERE key = ?", (_full_key(inbox, mailbox),)))
        return None if found is None else datetime.fromtimestamp(int(found), UTC)


def _full_key(inbox: InboxKey, mailbox: str) -> str:
    return _BETWEEN.join((_FULL, inbox, mailbox))


def _compared(inbox: str, mailbox: str, facts: dict[str, int]) -> Compared:
    mended_at = facts.get("last_mended_at")
    return Compared(
        inbox=InboxKey(inbox),
        mailbox=mailbox,
        at=datetime.fromtimestamp(facts["at"], UTC),
        checked=facts["checked"],
        differences=facts["differences"],
        mended=facts["mended"],
        last_mended=facts.get("last_mended", 0),
        last_mended_at=None if mended_at is None else datetime.fromtimestamp(mended_at, UTC),
    )

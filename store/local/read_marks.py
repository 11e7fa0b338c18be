"""How far this home's agent has read, in `kept.db`: what was said here and waits for the server, and what the server told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from store.domain.ids import ConversationId, Revision
from store.domain.read_marks import ReadMark, later
from store.local.conversations import now_called
from store.local.files import Files
from store.local.marked import as_mark, mark_of
from store.local.overlay import Overlay
from store.local.times import MICROSECOND, micros, moment
from store.local.waking import Woke, claim_wakes
from store.sqlite.connection import Connection

AT_ONCE = 500
"""Lines that are written anew in one transaction: whoever types meanwhile waits for no more."""

_PUT = "INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, at = excluded.at, waits = excluded.waits"
_REMEMBER = "INSERT OR REPLACE INTO fact VALUES (?, ?)"


class Position(NamedTuple):
    """What the server told last: of which journal, up to where, and when this member's marks began (None: not told yet)."""

    epoch: int | None
    n: int
    begun: datetime | None


class ReadMarks:
    """Of one home. A mark shows in the lists at once, whether the server is there or not."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay

    def read_to(self, conversation_id: ConversationId, revision: Revision, at: datetime) -> bool:
        """The agent has looked at a conversation up to here; False: they had before, or further."""
        return self._put(conversation_id, revision, at, only_on=True)

    def set_back(self, conversation_id: ConversationId, revision: Revision, at: datetime) -> bool:
        """It is read up to here only: what came later is unread again. Also takes that back; False: it was so before."""
        return self._put(conversation_id, revision, at, only_on=False)

    def _put(self, named: ConversationId, revision: Revision, at: datetime, *, only_on: bool) -> bool:
        conversation_id = self._files.read(lambda connection: now_called(connection, named))

        def work(connection: Connection) -> bool:
            known = mark_of(connection, conversation_id)
            if known is not None and (revision == known.revision or (only_on and revision < known.revision)):
                return False
            # A clock that is behind, or was set back, must not make the newest word the older one.
            said = max(at, known.at + MICROSECOND) if known is not None else at
            connection.execute(_PUT, (conversation_id, revision, micros(said), 1))
            return True

        changed = self._files.keep(work)
        if changed or self._is_stale(conversation_id):
            self._overlay.show_again([conversation_id])
        return changed

    def _is_stale(self, conversation_id: ConversationId) -> bool:
        """Whether its line does not show its mark: this process, or another, died between the two files."""
        mark, sql = self.of(conversation_id), "SELECT seen FROM conversation WHERE id = ?"
        shown = self._files.read(lambda connection: connection.value(sql, (conversation_id,)))
        return mark is not None and shown is not None and shown != mark.revision

    def of(self, conversation_id: ConversationId) -> ReadMark | None:
        """The mark of one conversation."""
        return self._files.kept(lambda connection: mark_of(connection, conversation_id))

    def waiting(self, most: int) -> tuple[ReadMark, ...]:
        """What the server has not been told, some of it."""
        sql = "SELECT conversation_id, revision, at FROM seen WHERE waits = 1 LIMIT ?"
        return tuple(as_mark(*row) for row in self._files.kept(lambda connection: connection.execute(sql, (most,))))

    def position(self) -> Position:
        """Where to go on asking."""
        sql = "SELECT key, value FROM fact WHERE key IN ('marks_epoch', 'marks_n', 'marks_begun')"
        facts: dict[str, str] = dict(self._files.kept(lambda connection: connection.execute(sql)))
        epoch = int(facts["marks_epoch"]) if "marks_epoch" in facts else None
        return Position(epoch, int(facts.get("marks_n", 0)), moment(int(facts["marks_begun"])) if "marks_begun" in facts else None)

    def begin_epoch(self, epoch: int) -> None:
        """The journal is another one, in which revisions mean something else: what was read of the old one is forgotten."""

        def work(connection: Connection) -> list[ConversationId]:
            before = connection.value("SELECT value FROM fact WHERE key = 'marks_epoch'")
            connection.execute(_REMEMBER, ("marks_epoch", str(epoch)))
            connection.execute(_REMEMBER, ("marks_n", "0"))
            if before is None:
                return []
            connection.execute("DELETE FROM told")
            return [ConversationId(row[0]) for row in connection.execute("DELETE FROM seen RETURNING conversation_id")]

        self._show(self._files.keep(work))

    def take(self, sent: Sequence[ReadMark], told: Sequence[ReadMark], n: int, begun: datetime) -> None:
        """The server has what was `sent`, and told what counts there; what was said here meanwhile stays."""

        def work(connection: Connection) -> list[ConversationId]:
            for mark in sent:
                sql = "UPDATE seen SET waits = 0 WHERE conversation_id = ? AND revision = ? AND at = ?"
                connection.execute(sql, (mark.conversation_id, mark.revision, micros(mark.at)))
            changed = []
            for mark in told:
                waits = connection.value("SELECT waits FROM seen WHERE conversation_id = ?", (mark.conversation_id,))
                known = mark_of(connection, mark.conversation_id)
                # What the server has is the truth, its times too; only what it has not been told yet may be later.
                if known is None or (known != mark and (not waits or later(known, mark) is mark)):
                    connection.execute(_PUT, (mark.conversation_id, mark.revision, micros(mark.at), 0))
                    changed.append(mark.conversation_id)
            connection.execute(_REMEMBER, ("marks_n", str(n)))
            connection.execute(_REMEMBER, ("marks_begun", str(micros(begun))))
            return changed

        is_first = self.position().begun != begun
        self._show(self._files.keep(work))
        if is_first:
            sql = "SELECT id FROM conversation WHERE last_at >= ?"
            self._show(ConversationId(row[0]) for row in self._files.read(lambda connection: connection.execute(sql, (micros(begun),))))

    def wakes_to_tell(self) -> tuple[Woke, ...]:
        """Holds of one's own that ended, and of which no terminal of this home has told yet; asking counts as telling."""
        return claim_wakes(self._files)

    def _show(self, ids: Iterable[ConversationId]) -> None:
        left = list(ids)
        for start in range(0, len(left), AT_ONCE):
            self._overlay.show_again(left[start : start + AT_ONCE])

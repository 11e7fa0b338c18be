"""What a snapshot's first page left for later: how far it has come, and what the mirror does not hold yet."""

from collections.abc import Collection, Sequence

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import TeamEvent
from store.domain.ids import ConversationId, Seq
from store.domain.people import Member
from store.domain.template import Template, TemplateUses
from store.local.changes import EVERYTHING
from store.local.conversations import ids_of, refresh
from store.local.drafts import follow
from store.local.files import Files
from store.local.folding import drop_unnamed, write_snapshot_page
from store.local.letting_go import hide_led_away
from store.local.overlay import Overlay
from store.local.people import put_uses, save_member, save_team_event, save_template
from store.sqlite.connection import Connection

_REMEMBER = "INSERT OR REPLACE INTO fact VALUES (?, ?)"
_PART, _BELOW = "rest_closed", "rest_below"


class Remaining(msgspec.Struct, frozen=True):
    """Where to go on: among the open or the closed ones, below this number."""

    closed: bool
    below: int


class Remainder:
    """The mirror is right in all that it holds from the first page on; the rest comes page by page, over as many starts as it takes."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay

    def remaining(self) -> Remaining | None:
        """Where to go on; None: everything is here."""

        def work(connection: Connection) -> Remaining | None:
            below: int | None = connection.value("SELECT value FROM fact WHERE key = ?", (_BELOW,))
            closed = connection.value("SELECT value FROM fact WHERE key = ?", (_PART,))
            return None if below is None else Remaining(bool(closed), below)

        return self._files.read(work)

    def begin(
        self,
        seq: Seq,
        members: Sequence[Member],
        templates: Sequence[Template],
        remaining: Remaining,
        team: Sequence[TeamEvent] = (),
        uses: Sequence[TemplateUses] = (),
    ) -> None:
        """After `LocalStore.begin_snapshot` and its first page: events after `seq` may be applied from now on."""

        def work(connection: Connection) -> None:
            connection.execute("DELETE FROM member; DELETE FROM template; DELETE FROM team_fact")
            for member in members:
                save_member(connection, member)
            for template in templates:
                save_template(connection, template)
            for event in team:
                save_team_event(connection, event)
            put_uses(connection, uses)
            connection.execute(_REMEMBER, ("seq", seq))
            connection.execute("INSERT OR REPLACE INTO fact SELECT 'epoch', value FROM fact WHERE key = 'next_epoch'")
            connection.execute("DELETE FROM fact WHERE key = 'next_epoch'")
            _remember(connection, remaining)

        self._files.write(work)
        self._files.changes.publish(EVERYTHING)

    def add(self, conversations: Sequence[Conversation], remaining: Remaining | None) -> None:
        """One more page, and where to go on after it; None: that was the last, and what no page named is gone."""

        def work(connection: Connection) -> frozenset[ConversationId]:
            loading = connection.value("SELECT value FROM fact WHERE key = 'loading'") or 0
            touched = write_snapshot_page(connection, conversations, loading)
            ids = ids_of(connection, touched)
            if remaining is None:
                touched |= drop_unnamed(connection, loading)
                touched |= hide_led_away(connection)
            _remember(connection, remaining)
            predict = self._overlay.predictor(connection)
            for n in touched:
                refresh(connection, n, predict)
            return ids

        touched = self._files.write(work)
        if remaining is None:
            follow(self._files)
            self._files.changes.publish(EVERYTHING)
        if touched:
            self._files.changes.publish(touched)

    def unknown(self, ids: Collection[ConversationId]) -> tuple[ConversationId, ...]:
        """Those of the ids that the mirror holds no state of; one of an earlier epoch is none."""
        sql = "SELECT 1 FROM conversation c JOIN state s ON s.conversation = c.n WHERE c.id = ? AND s.loading >= 0"
        led_on = "SELECT 1 FROM thread WHERE key = ? AND conversation_id <> key"

        def work(connection: Connection) -> tuple[ConversationId, ...]:
            return tuple(one for one in ids if connection.value(sql, (one,)) is None and connection.value(led_on, (one,)) is None)

        return self._files.read(work) if ids else ()


def _remember(connection: Connection, remaining: Remaining | None) -> None:
    if remaining is None:
        connection.execute("DELETE FROM fact WHERE key IN (?, ?)", (_PART, _BELOW))
    else:
        connection.execute(_REMEMBER, (_PART, int(remaining.closed)))
        connection.execute(_REMEMBER, (_BELOW, remaining.below))

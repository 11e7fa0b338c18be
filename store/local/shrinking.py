"""A right is gone: what this home holds of that inbox, or of a conversation that went to one, goes too.

What a person wrote there and had not sent stays as text in the home.
"""

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import msgspec

from store.domain.commands import AddComment, AssignConversation, EditComment
from store.domain.draft import Draft
from store.domain.ids import ConversationId, InboxKey
from store.local.changes import EVERYTHING
from store.local.files import Files
from store.local.holdings import Holdings, as_held, common, lacks
from store.local.letting_go import IS_GOING, drop_mailboxes, foreign, hide_some, take_out_some
from store.local.overlay import Overlay
from store.local.rows import Pending
from store.local.wiping import Written, own_words, set_aside
from store.sqlite.connection import Connection

_read_draft = msgspec.msgpack.Decoder(Draft).decode
_read_pending = msgspec.msgpack.Decoder(Pending).decode

_FORGET = {
    "SELECT conversation_id FROM draft": "DELETE FROM draft WHERE conversation_id = ?",
    "SELECT DISTINCT conversation_id FROM pending": "DELETE FROM pending WHERE conversation_id = ?",
    "SELECT conversation_id FROM seen": "DELETE FROM seen WHERE conversation_id = ?",
}
"""By what names the conversations that have such."""


class Lost(msgspec.Struct, frozen=True):
    """What went. `inboxes`: whole ones, named as far as anything of them was here; `words`: where one's own words are now, None without any."""

    inboxes: tuple[InboxKey, ...]
    conversations: frozenset[ConversationId]
    words: Path | None = None


class Shrinking:
    """Safe from any thread. Every step may be cut off: `keep_only` is asked at each connection, and `let_go` after it; both end what was begun."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay
        self.holdings = Holdings(files)
        self._lost: list[Lost] = []
        self.lacks = False
        """Whether the member sees something that is not held yet."""

    def keep_only(self, inboxes: Collection[InboxKey]) -> bool:
        """A member sees these inboxes now (none: every one). Returns whether something of theirs is not held yet: a snapshot brings it."""
        before, wanted = self.holdings.read(), as_held(inboxes)
        held = common(before, wanted)
        # First: from here on no pull brings anything of the others.
        self.holdings.write(held)
        if held is not None:
            self._drop(held)
        self.lacks = lacks(held, wanted)
        return self.lacks

    @property
    def is_going(self) -> bool:
        """Whether something that is in nobody's sight still lies in the cache."""
        return self._files.read(lambda connection: connection.one("SELECT 1 FROM fact WHERE key = ?", (IS_GOING,))) is not None

    def let_go(self, above: int) -> int | None:
        """Take out the next piece of what went, beginning `above` a row, at first 0. Returns where to go on; None: nothing is left."""
        held = self.holdings.read()

        def work(connection: Connection) -> int | None:
            return take_out_some(connection, held, above, self._overlay.predictor(connection))

        return self._files.write(work)

    def hold(self, inboxes: Collection[InboxKey]) -> None:
        """The snapshot with these inboxes has begun to come in."""
        self.holdings.write(as_held(inboxes))
        self.lacks = False

    def went_away(self, conversations: Collection[ConversationId]) -> None:
        """These are in inboxes that are not ours by now; the cache has let them go already."""
        if conversations:
            self._forget_presence(conversations)
            self._lost.append(Lost((), frozenset(conversations), self.put_aside(conversations)))

    def keep_words(self, waiting: Pending) -> Path | None:
        """What a person wrote in a command that came to nothing stays as text in the home: where, None without any."""
        return set_aside(self._files.kept_path.parent, list(_words_of(waiting)))

    def take_lost(self) -> tuple[Lost, ...]:
        """What went since this was last asked."""
        lost, self._lost = tuple(self._lost), []
        return lost

    def _drop(self, held: tuple[InboxKey, ...]) -> None:
        going = self._files.read(lambda connection: foreign(connection, held))
        inboxes = self._files.read(lambda connection: _foreign_inboxes(connection, held))
        if not inboxes:
            if self.is_going:
                self._hide(held)
            return
        # Before the cache, which alone knows whose these are.
        words = self.put_aside(going)

        self._files.write(lambda connection: drop_mailboxes(connection, held))
        self._hide(held)
        self._forget_presence(going)
        self._lost.append(Lost(inboxes, going, words))
        if going:
            self._files.changes.publish(going)
        self._files.changes.publish(EVERYTHING)

    def _hide(self, held: tuple[InboxKey, ...]) -> None:
        above: int | None = 0
        while above is not None:
            above = self._files.write(partial(hide_some, held=held, above=above))

    def _forget_presence(self, conversations: Collection[ConversationId]) -> None:
        self._files.presences.replace(tuple(conversations), ())

    def put_aside(self, conversations: Collection[ConversationId]) -> Path | None:
        """Drafts, waiting commands and read marks go; what was written in them is text in the home from now on: where, None without any."""
        drafts, waiting = self._files.kept(lambda connection: _of(connection, conversations))
        words = [
            *(line for one in drafts for line in own_words(Written(one.body, one.saved_at))),
            *(line for one in waiting for line in _words_of(one)),
        ]
        place = set_aside(self._files.kept_path.parent, words)

        def work(connection: Connection) -> None:
            for asked, forget in _FORGET.items():
                known = {row[0] for row in connection.execute(asked)}
                connection.execute_many(forget, [(one,) for one in known.intersection(conversations)])

        self._files.keep(work)
        return place


def _of(connection: Connection, conversations: Collection[ConversationId]) -> tuple[list[Draft], list[Pending]]:
    drafts = connection.execute("SELECT conversation_id, packed FROM draft ORDER BY conversation_id")
    waiting = connection.execute("SELECT conversation_id, packed FROM pending ORDER BY n")
    return (
        [_read_draft(packed) for conversation_id, packed in drafts if conversation_id in conversations],
        [_read_pending(packed) for conversation_id, packed in waiting if conversation_id in conversations],
    )


def _foreign_inboxes(connection: Connection, held: Collection[InboxKey]) -> tuple[InboxKey, ...]:
    rows = connection.execute("SELECT inbox FROM conversation WHERE shown >= 0 UNION SELECT inbox FROM mailbox UNION SELECT inbox FROM pulled")
    return tuple(InboxKey(row[0]) for row in rows if row[0] and row[0] not in held)


def _words_of(waiting: Pending) -> Iterator[str]:
    match waiting.command:
        case AddComment(text=text) | EditComment(text=text) | AssignConversation(note=text) if text.strip():
            yield f"--- {waiting.at:%Y-%m-%d %H:%M} UTC"
            yield text
        case _:
            pass

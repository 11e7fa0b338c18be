"""A batch of events, or a page of a snapshot, on its way into the tables. Runs inside a transaction."""

from collections.abc import Sequence

from store.domain.conversation import Comment, Conversation
from store.domain.draft_kind import DraftKind
from store.domain.events import (
    AbsenceSet,
    CheckPolicySaved,
    ConversationAbsorbed,
    ConversationMerged,
    ConversationOpened,
    ConversationRestored,
    FieldSaved,
    GroupSaved,
    MailingMoved,
    MemberChanged,
    MessageArrived,
    MessagesJoined,
    PayloadErased,
    Recorded,
    ReplyQueued,
    StatusSaved,
    TemplateSaved,
    ViewSaved,
    WordSaved,
)
from store.domain.evolve import evolve
from store.domain.ids import ConversationId, InboxKey
from store.local.codec import micros, storable
from store.local.conversations import HIDDEN, OF_ANOTHER_EPOCH, ensure, load_state, number_of, save_state
from store.local.erasing import erase_copies
from store.local.holdings import Inboxes
from store.local.letting_go import hide, hide_led_away
from store.local.people import note_uses, save_member, save_team_event, save_template
from store.local.registry import claim_message, lead_on, let_go, map_thread
from store.local.states import pack_event
from store.local.worded import INSERT_COMMENT, comment_words_of, files_of, said_in
from store.sqlite.connection import Connection


class Folding:
    """Folds events into states. `touched` names the rows whose lines must be written anew after `save`."""

    def __init__(self, connection: Connection, seq: int, loading: int, held: Inboxes = None) -> None:
        self._connection = connection
        self._held = held
        self.seq = seq
        self._loading = loading
        self.touched: set[int] = set()
        self.about_the_team = False
        self.left: set[ConversationId] = set()
        """Conversations that became part of another, and those others."""
        self.erased: set[ConversationId] = set()
        """Their words are to leave the files as well (`store.sqlite.sweeping`)."""
        self.lost: set[ConversationId] = set()
        """They went to inboxes that are not ours."""
        self._before: dict[ConversationId, Conversation] = {}
        self._states: dict[ConversationId, Conversation] = {}
        self._numbers: dict[ConversationId, int] = {}

    def take_in(self, recorded: Recorded) -> None:
        """One event; those that are here already are skipped."""
        if recorded.seq <= self.seq:
            return
        self.seq = recorded.seq
        if not isinstance(recorded.event, MailingMoved):
            # Of a mailing nothing is kept here (`mailing_news`): its remarks could not be taken back from here.
            self._connection.execute(
                "INSERT OR IGNORE INTO event VALUES (?, ?, ?)",
                (recorded.seq, recorded.conversation_id, pack_event(recorded)),
            )
        match recorded.event:
            case MemberChanged(member=member):
                save_member(self._connection, member)
                self.about_the_team = True
            case TemplateSaved(template=template):
                save_template(self._connection, template)
                self.about_the_team = True
            case StatusSaved() | GroupSaved() | AbsenceSet() | WordSaved() | FieldSaved() | CheckPolicySaved() | ViewSaved():
                save_team_event(self._connection, recorded.event)
                self.about_the_team = True
            case ReplyQueued(templates=used) if used:
                note_uses(self._connection, recorded.at, used)
        if recorded.conversation_id is not None:
            self._fold(recorded.conversation_id, recorded)

    def _fold(self, conversation_id: ConversationId, recorded: Recorded) -> None:
        if conversation_id not in self._states:
            inbox = recorded.event.inbox if isinstance(recorded.event, ConversationOpened) else InboxKey("")
            n = ensure(self._connection, conversation_id, inbox)
            state = load_state(self._connection, n) or Conversation(conversation_id)
            self._numbers[conversation_id] = n
            self._states[conversation_id] = self._before[conversation_id] = state
            self.touched.add(n)
        state = self._states[conversation_id] = evolve(self._states[conversation_id], recorded)
        match recorded.event:
            case ConversationOpened(inbox=inbox, thread_key=thread_key):
                self.touched |= map_thread(self._connection, inbox, thread_key, conversation_id)
            case MessageArrived(message_id=message_id, evidence=evidence, inbox=inbox):
                self.touched |= claim_message(self._connection, inbox or state.inbox, message_id, conversation_id, evidence)
            case ReplyQueued(message_id=message_id, kind=DraftKind.NEW):
                # Its copy in Sent names no other mail, and may be pulled before the watcher tells of it.
                self.touched |= claim_message(self._connection, state.inbox, message_id, conversation_id)
            case ConversationAbsorbed(messages=messages) | MessagesJoined(messages=messages):
                for message in messages:
                    self.touched |= claim_message(self._connection, message.inbox or state.inbox, message.message_id, conversation_id)
            case ConversationRestored(other=other):
                self.touched |= let_go(self._connection, state, other)
                self.left |= {conversation_id, other}
            case ConversationMerged(into=into):
                self.left |= {conversation_id, into}
            case PayloadErased():
                erase_copies(self._connection, self._numbers[conversation_id], conversation_id)
                self.erased.add(conversation_id)
            case _:
                pass

    def save(self) -> None:
        """Write the states, and the comments where they changed."""
        for conversation_id, state in self._states.items():
            n = self._numbers[conversation_id]
            if state.merged_into is not None:
                self.touched |= lead_on(self._connection, n, state, state.merged_into)
                continue
            if self._held is not None and state.inbox and state.inbox not in self._held:
                hide(self._connection, n, conversation_id)
                self.lost.add(conversation_id)
                continue
            save_state(self._connection, n, state, loading=self._loading)
            save_comments(self._connection, n, self._before[conversation_id].comments, state.comments)
        merged = any(state.merged_into is not None for state in self._states.values())
        for conversation_id, state in self._states.items():
            # Of a merge the one event may come with this batch and the other with the next.
            if merged or state.absorbed != self._before[conversation_id].absorbed:
                drop_unsaid(self._connection, self._numbers[conversation_id], state)
        if merged:
            self.touched |= self._led_away()

    def _led_away(self) -> set[int]:
        """While a snapshot is still coming in, the other one may only not be here yet."""
        if self._held is None or self._connection.value("SELECT 1 FROM fact WHERE key = 'rest_below'"):
            return set()
        return hide_led_away(self._connection)


def write_snapshot_page(connection: Connection, conversations: Sequence[Conversation], loading: int) -> set[int]:
    """States as the server holds them; a newer one that events brought meanwhile is kept. The answer is the touched rows."""
    touched: set[int] = set()
    for state in conversations:
        n = ensure(connection, state.id, state.inbox)
        touched.add(n)
        row = connection.one("SELECT loading FROM state WHERE conversation = ?", (n,))
        here = load_state(connection, n)
        # The seq of another epoch counts other things.
        if here is not None and row is not None and row[0] != OF_ANOTHER_EPOCH and here.seq >= state.seq:
            connection.execute("UPDATE state SET loading = ? WHERE conversation = ?", (loading, n))
            continue
        if state.merged_into is not None:
            touched |= lead_on(connection, n, state, state.merged_into)
            if (into := number_of(connection, state.merged_into)) is not None:
                drop_unsaid(connection, into, load_state(connection, into))
            continue
        save_state(connection, n, state, loading=loading)
        save_comments(connection, n, here.comments if here else (), state.comments)
        drop_unsaid(connection, n, state)
        if _is_newest_of_thread(connection, state):
            touched |= map_thread(connection, state.inbox, state.thread_key, state.id)
        for message in state.messages:
            touched |= claim_message(connection, message.inbox or state.inbox, message.message_id, state.id, message.evidence)
    return touched


def drop_unnamed(connection: Connection, loading: int) -> set[int]:
    """What no page of the snapshot named is no conversation of the team's any more. What was hidden and not told of stays so. Returns the rows."""
    sql = "DELETE FROM state WHERE loading NOT IN (?, ?) RETURNING conversation"
    return {row[0] for row in connection.execute(sql, (loading, HIDDEN))}


def _is_newest_of_thread(connection: Connection, state: Conversation) -> bool:
    # Pages come in order of id, not of time: of a thread's follow-ups the one with the highest number gets what comes next.
    mapped = connection.value("SELECT conversation_id FROM thread WHERE key = ?", (state.thread_key,))
    n = None if mapped is None else number_of(connection, mapped)
    other = None if n is None else load_state(connection, n)
    return other is None or state.number >= other.number


def save_comments(connection: Connection, n: int, before: Sequence[Comment], after: Sequence[Comment]) -> None:
    """Make table and index agree with the state."""
    kept = {comment.id for comment in after}
    known = {comment.id: comment.text for comment in before}
    for comment in before:
        if comment.id not in kept:
            for (row,) in connection.execute("DELETE FROM comment WHERE id = ? AND conversation = ? RETURNING n", (comment.id, n)):
                connection.execute("DELETE FROM comment_words WHERE rowid = ?", (row,))
    for comment in after:
        if comment.id in known:
            if known[comment.id] != comment.text:
                _say_otherwise(connection, comment)
            continue
        connection.execute(
            "INSERT INTO comment (conversation, id, by, at, text, files) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (n, comment.id, comment.by, micros(comment.at), storable(said_in(comment)), storable(files_of(comment))),
        )
        if not connection.changed_rows:
            # It came with another conversation, or will have: words and mentions go with the row, as it said it there.
            connection.execute("UPDATE comment SET conversation = ? WHERE id = ?", (n, comment.id))
            if connection.value("SELECT text FROM comment WHERE id = ?", (comment.id,)) != storable(said_in(comment)):
                _say_otherwise(connection, comment)
            continue
        row = connection.last_rowid
        connection.execute(INSERT_COMMENT, (row, *comment_words_of(said_in(comment), files_of(comment))))
        connection.execute_many("INSERT OR IGNORE INTO mention VALUES (?, ?)", [(member, row) for member in comment.mentions])


def drop_unsaid(connection: Connection, n: int, state: Conversation | None) -> None:
    """Comments that came with a conversation that is part of this one now, and had been taken away meanwhile."""
    if state is None or not state.absorbed:
        return
    said = {comment.id for comment in state.comments}
    for row, id_ in connection.execute("SELECT n, id FROM comment WHERE conversation = ?", (n,)):
        if id_ not in said:
            connection.execute("DELETE FROM comment WHERE n = ?", (row,))
            connection.execute("DELETE FROM comment_words WHERE rowid = ?", (row,))


def _say_otherwise(connection: Connection, comment: Comment) -> None:
    """An edited comment is found by what it says now, and names whom it names now."""
    for (row,) in connection.execute("UPDATE comment SET text = ? WHERE id = ? RETURNING n", (storable(said_in(comment)), comment.id)):
        connection.execute("DELETE FROM comment_words WHERE rowid = ?", (row,))
        connection.execute("DELETE FROM mention WHERE comment = ?", (row,))
        connection.execute(INSERT_COMMENT, (row, *comment_words_of(said_in(comment), files_of(comment))))
        connection.execute_many("INSERT OR IGNORE INTO mention VALUES (?, ?)", [(member, row) for member in comment.mentions])

"""Replies that wait in the queue for a server that is away: which may still be taken out of it, and their text, a draft again with that."""

from enum import Enum, auto

import msgspec

from store.domain.check_commands import reply_in, reply_of
from store.domain.commands import AgentCommand, CancelReply, RequestCheck, StartConversation, SubmitReply, WithdrawCheck
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import CommandKey, ConversationId, SubmissionId
from store.local.conversations import now_called
from store.local.files import Files
from store.local.overlay import Overlay
from store.local.rows import Pending
from store.sqlite.connection import Connection

NOTED = (SubmitReply, RequestCheck, StartConversation)
"""Before one of these is sent it is noted that the server may know it from then on."""

_pending_reader = msgspec.msgpack.Decoder(Pending)
_draft_reader = msgspec.msgpack.Decoder(Draft)


class Recall(Enum):
    """What came of taking a reply out of the queue."""

    TAKEN = auto()
    """It is not sent, and its text is a draft."""
    ASKED = auto()
    """It was on its way already: only the server can say what became of it."""
    NO_TEXT = auto()
    """Another draft has taken its text's place: it would be lost."""
    ANSWERED = auto()
    """It waits no more."""


class WaitingReplies:
    """Safe from any thread and beside other processes on the same home: one transaction decides whether it is sent or taken back."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay

    def leaves(self, key: CommandKey, command: AgentCommand) -> bool:
        """Whether a waiting command may be sent now. Of a reply it is kept, through a power cut, that it was; False: it was taken back."""
        if not isinstance(command, NOTED):
            return True
        sql = "UPDATE pending SET asked = 1 WHERE key = ? RETURNING 1"
        return bool(self._files.keep(lambda connection: connection.execute(sql, (key,))))

    def of(self, conversation_id: ConversationId) -> SubmitReply | RequestCheck | None:
        """What sends the reply to this conversation, or has it checked, and waits here; None: nothing, or the server is asked already to stop it."""
        here = self._now(conversation_id)
        commands = [each.command for _, _, each in self._files.kept(lambda connection: _waiting(connection, here))]
        stopped = {each.submission_id for each in commands if isinstance(each, CancelReply | WithdrawCheck)}
        sending = [each for each in commands if isinstance(each, SubmitReply | RequestCheck)]
        return next((each for each in reversed(sending) if reply_of(each).submission_id not in stopped), None)

    def take_back(self, conversation_id: ConversationId, submission_id: SubmissionId) -> Recall:
        """Take a reply out of the queue, with what else waits about it, and make its text a draft in work: all at once, or nothing."""
        here = self._now(conversation_id)
        recall = self._files.keep(lambda connection: _take_back(connection, here, submission_id))
        if recall is Recall.TAKEN:
            self._overlay.show_again([here])
        return recall

    def _now(self, conversation_id: ConversationId) -> ConversationId:
        return self._files.read(lambda connection: now_called(connection, conversation_id))


def _take_back(connection: Connection, here: ConversationId, submission_id: SubmissionId) -> Recall:
    waiting = _waiting(connection, here)
    asked = [was_asked for _, was_asked, each in waiting if _is(each, submission_id)]
    packed: bytes | None = connection.value("SELECT packed FROM draft WHERE conversation_id = ?", (here,))
    draft = None if packed is None else _draft_reader.decode(packed)
    if not asked:
        return Recall.ANSWERED
    if any(asked):
        return Recall.ASKED
    if draft is None or draft.submission_id != submission_id:
        return Recall.NO_TEXT
    for key, was_asked, each in waiting:
        # A new mail's conversation begins with the mail.
        begins = draft.kind is DraftKind.NEW and isinstance(each.command, StartConversation) and not was_asked
        if begins or _is(each, submission_id) or getattr(each.command, "submission_id", None) == submission_id:
            connection.execute("DELETE FROM pending WHERE key = ?", (key,))
    free = msgspec.msgpack.encode(msgspec.structs.replace(draft, submission_id=None))
    connection.execute("UPDATE draft SET packed = ? WHERE conversation_id = ?", (free, here))
    return Recall.TAKEN


def _is(waiting: Pending, submission_id: SubmissionId) -> bool:
    reply = reply_in(waiting.command)
    return reply is not None and reply.submission_id == submission_id


def _waiting(connection: Connection, here: ConversationId) -> list[tuple[CommandKey, bool, Pending]]:
    sql = "SELECT key, asked, packed FROM pending WHERE conversation_id = ? ORDER BY n"
    return [(CommandKey(key), bool(asked), _pending_reader.decode(packed)) for key, asked, packed in connection.execute(sql, (here,))]

"""What a command's execution asks first: whether its key was answered before, and the conversation it names."""

from typing import cast

from store.domain.commands import RecordMessage, StartConversation, SubmitReply, TeamCommand
from store.domain.conversation import Conversation
from store.domain.ids import InboxKey, ThreadKey
from store.domain.refusals import AnyRefusal, Malformed, Refusal
from store.team import check_statements as c
from store.team import statements as s
from store.team.connection import Connection, Question, SqlValue
from store.team.fingerprint import fingerprint
from store.team.reading import of_thread, resolve, seq_now
from store.team.rows import question, read_conversation, read_outcome, run, run_all, value
from store.team.sql import Statement
from store.team.values import Order, Outcome, Rejected


def known(connection: Connection, order: Order) -> tuple[Outcome | None, Conversation | None]:
    """What the same key was answered before, and the conversation of the very id that is named; at once, for each alone would be waited for."""
    asked = _first_asked(order)
    found = {statement: rows[0][0] for (statement, _), rows in zip(asked, run_all(connection, asked), strict=True) if rows}
    outcome, state = found.get(s.GET_RESULT), found.get(s.GET_STATE)
    here = None if state is None else read_conversation(state)
    if outcome is None:
        return None, here
    before = read_outcome(outcome)
    if before.of in {"", fingerprint(order.command)}:
        return before, here
    return rejected(connection, Malformed("this key was used for another command")), here


def answered(connection: Connection, *, order: Order) -> Outcome | None:
    """What the same key was answered before; None: nothing."""
    return known(connection, order)[0]


def questions_of(order: Order, dialect: str) -> list[Question]:
    """The same questions, for a writer that asks those of several commands at once. Whatever changes an answer names its key, or its id."""
    return [question(dialect, statement, given, cast("SqlValue", given[NAMED_BY[statement]])) for statement, given in _first_asked(order)]


NAMED_BY = {s.GET_RESULT: "command_key", s.GET_STATE: "id"}


def _first_asked(order: Order) -> list[tuple[Statement, dict[str, object]]]:
    asked: list[tuple[Statement, dict[str, object]]] = []
    if order.key is not None:
        asked.append((s.GET_RESULT, {"member": order.actor.key, "command_key": order.key}))
    if not isinstance(order.command, RecordMessage | TeamCommand):
        asked.append((s.GET_STATE, {"id": order.command.conversation_id}))
    return asked


def rejected(connection: Connection, refusal: Refusal) -> Rejected:
    """The rules' no, as of now."""
    # `decide` says Refusal, the base; every one it gives is in the union (a test of the domain counts them).
    return Rejected(seq_now(connection), cast("AnyRefusal", refusal))


def taken_elsewhere(connection: Connection, command: SubmitReply, inbox: InboxKey) -> Malformed | None:
    """A reply that bears another conversation's name: answers to a mail there would come here, and one reply would be told for the other."""
    if run(connection, s.GET_SUBMISSION, id=command.submission_id) or run(connection, c.GET_CHECK, id=command.submission_id):
        return Malformed("this submission id is taken")
    where = value(connection, s.ID_OF_MESSAGE, inbox=inbox, message_id=command.message_id)
    return None if where is None else Malformed("this Message-ID is taken")


def is_free_id(connection: Connection, command: StartConversation) -> bool:
    """Whether nothing bears the id that a client made: no conversation, no alias, and no thread, whose mail would come here."""
    named = resolve(connection, command.conversation_id)
    return named is None and of_thread(connection, command.inbox, ThreadKey(command.conversation_id)) is None

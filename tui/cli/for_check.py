"""Handing a mail to a checker instead of sending it, for the verbs that write one: the command, and what is said of it."""

from store.domain.commands import RequestCheck, SubmitReply
from tui.cli.output import Output
from tui.words import _


def as_asked(reply: SubmitReply, note: str | None) -> SubmitReply | RequestCheck:
    """What is handed over."""
    return reply if note is None else RequestCheck(conversation_id=reply.conversation_id, reply=reply, note=note)


def waits_for_check(output: Output, reply: SubmitReply) -> int:
    """Say that it lies with the checkers now."""
    facts = {"check": "waiting", "id": reply.conversation_id, "submission_id": reply.submission_id, "message_id": reply.message_id}
    output.row(facts, _("waits for a check"))
    return 0

"""Handing a mail to a checker instead of sending it, for the verbs that write one: the options, the command, and what is said of it."""

import click

from store.domain.commands import RequestCheck, SubmitReply
from tui.cli.output import Output
from tui.words import _

CHECK = click.option("--check", is_flag=True, help="Hand it to a checker instead; it is sent once they say yes.")
NOTE = click.option("--note", default="", help="What the checker should know; never mailed.")


def note_for(*, check: bool, note: str, wait: bool = False) -> str | None:
    """The note for a checker; None: it is not for one.

    Raises:
        click.UsageError: The options contradict each other.
    """
    if note and not check:
        raise click.UsageError(_("--note is for the checker of --check"))
    if check and wait:
        raise click.UsageError(_("--wait does not wait for a checker"))
    return note if check else None


def as_asked(reply: SubmitReply, note: str | None) -> SubmitReply | RequestCheck:
    """What is handed over."""
    return reply if note is None else RequestCheck(conversation_id=reply.conversation_id, reply=reply, note=note)


def waits_for_check(output: Output, reply: SubmitReply) -> int:
    """Say that it lies with the checkers now."""
    facts = {"check": "waiting", "id": reply.conversation_id, "submission_id": reply.submission_id, "message_id": reply.message_id}
    output.row(facts, _("waits for a check"))
    return 0

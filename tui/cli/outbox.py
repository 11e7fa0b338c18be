"""`mado outbox`: what waits to be sent and what became of the rest, at the server and here."""

import asyncio

import click
import msgspec

from mailsync.link.errors import ServerAway
from mailsync.link.protocol import OutboxRow
from store.domain.commands import SubmitReply
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.output import Output
from tui.cli.shapes import utc
from tui.cli.team import open_team, opened_store
from tui.words import _

CANNOT_REACH = 3


@click.command(cls=Verb)
@click.pass_obj
def outbox(invocation: Invocation) -> int:
    """List replies on their way; those queued here while the server is away have the state `local`."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            try:
                async with open_team(invocation.home, store, invocation.output) as team:
                    for row in await team.client.outbox():
                        _print(invocation.output, row)
                    return 0
            except ServerAway as error:
                _print_local(invocation.output, store)
                invocation.output.message(_("mado: {problem}").format(problem=error))
                return CANNOT_REACH

    return asyncio.run(work())


def _print(output: Output, row: OutboxRow) -> None:
    facts = {**msgspec.to_builtins(row), "send_at": utc(row.send_at)}
    output.row(facts, f"#{row.number}  {row.state}  {row.by}  {', '.join(row.to)}  {row.subject}  {row.why}".rstrip())


def _print_local(output: Output, store: LocalStore) -> None:
    for waiting in store.pending():
        if not isinstance(waiting.command, SubmitReply):
            continue
        reply = waiting.command
        row = store.row(reply.conversation_id)
        facts = {
            "conversation_id": reply.conversation_id,
            "number": row.number if row else None,
            "subject": row.subject if row else "",
            "submission_id": reply.submission_id,
            "message_id": reply.message_id,
            "by": store.me(),
            "state": "local",
            "send_at": None,
            "to": list(reply.envelope.rcpt_to),
            "then_status": reply.then_status,
            "results": [],
            "why": "",
            "attempts": 0,
            "filed": False,
        }
        output.row(facts, f"{reply.conversation_id}  local  {', '.join(reply.envelope.rcpt_to)}")

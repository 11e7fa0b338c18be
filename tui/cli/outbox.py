"""`mado outbox`: what waits to be sent and what became of the rest, at the server and here; and what a person decides about it."""

import asyncio
from collections.abc import Callable, Sequence

import click
import msgspec

from mailsync.link.errors import ServerAway
from mailsync.link.protocol import OutboxRow, Refused
from store.domain.commands import AgentCommand, CancelReply, ScheduleReply, SettleReply, SubmitReply
from store.domain.conversation import Conversation
from store.domain.decide_schedule import WAITING_FOR_A_TIME
from store.domain.refusals import UnknownSubmission
from store.local.store import LocalStore
from store.settings.settings import load_settings
from tui.cli.given import InboxNotHere
from tui.cli.invocation import Invocation, Verb, VerbGroup
from tui.cli.output import Output
from tui.cli.shapes import utc
from tui.cli.team import open_team, opened_store
from tui.cli.times import meant_time
from tui.view.banner import held_words
from tui.view.bounced import reasons_of
from tui.view.sending_times import sending_time
from tui.view.trouble import problem_words
from tui.words import _

CANNOT_REACH = 3


@click.group(cls=VerbGroup)
@click.pass_context
def outbox(context: click.Context) -> int:
    """List replies on their way, or decide about one; those queued here while the server is away have the state `local`."""
    invocation = context.find_object(Invocation)
    assert invocation is not None
    return _list(invocation) if context.invoked_subcommand is None else 0


def _list(invocation: Invocation) -> int:

    async def work() -> int:
        with opened_store(invocation.home) as store:
            try:
                async with open_team(invocation.home, store, invocation.output) as team:
                    for row in await team.client.outbox():
                        _print(invocation.output, row)
                    return 0
            except ServerAway as error:
                _print_local(invocation.output, store)
                invocation.output.message(_("mado: {problem}").format(problem=problem_words(error)))
                return CANNOT_REACH

    return asyncio.run(work())


@outbox.command(cls=Verb)
@click.argument("submission", metavar="SUBMISSION")
@click.pass_obj
def cancel(invocation: Invocation, submission: str) -> int:
    """Take back a reply that has not left; its text is a draft again. One's own, or as a leader."""
    return _decide(invocation, submission, lambda row, _store: CancelReply(conversation_id=row.conversation_id, submission_id=row.submission_id))


@outbox.command(cls=Verb)
@click.argument("submission", metavar="SUBMISSION")
@click.argument("answer", metavar="sent|not-sent", type=click.Choice(["sent", "not-sent"]))
@click.pass_obj
def settle(invocation: Invocation, submission: str, answer: str) -> int:
    """Say of a reply whose outcome is unknown that it did leave, or did not. One's own, or as a leader."""

    def make(row: OutboxRow, _store: LocalStore) -> SettleReply:
        return SettleReply(conversation_id=row.conversation_id, submission_id=row.submission_id, sent=answer == "sent")

    return _decide(invocation, submission, make)


@outbox.command("send-at", cls=Verb)
@click.argument("submission", metavar="SUBMISSION")
@click.argument("when", metavar="TIME")
@click.pass_obj
def send_at(invocation: Invocation, submission: str, when: str) -> int:
    """Send a reply that waits at TIME: `tomorrow 9`, 明日9時, or 営業開始 for the inbox's next opening."""

    def make(row: OutboxRow, store: LocalStore) -> ScheduleReply:
        state = store.conversation(row.conversation_id) or Conversation(row.conversation_id)
        inbox = next((one for one in load_settings(invocation.home).inboxes if one.key == state.inbox), None)
        if inbox is None:
            raise InboxNotHere(state.inbox)
        at = meant_time(when, state, store.messages(row.conversation_id), inbox)
        return ScheduleReply(conversation_id=row.conversation_id, submission_id=row.submission_id, send_at=at)

    return _decide(invocation, submission, make)


@outbox.command("try-now", cls=Verb)
@click.argument("submission", metavar="SUBMISSION")
@click.pass_obj
def try_now(invocation: Invocation, submission: str) -> int:
    """Send a scheduled reply, or one that the mail server deferred, now."""
    return _decide(invocation, submission, lambda row, _store: ScheduleReply(conversation_id=row.conversation_id, submission_id=row.submission_id))


def _decide(invocation: Invocation, name: str, make: Callable[[OutboxRow, LocalStore], AgentCommand]) -> int:
    """Give one command about one reply, and print what it has become; 1 if it was refused."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                row = _meant(await team.client.outbox(), name)
                if row is None:
                    return invocation.output.refused(UnknownSubmission(submission_id=name))
                answer = await team.ask(make(row, store))
                if isinstance(answer, Refused):
                    return invocation.output.refused(answer.refusal, id=row.conversation_id)
                _print(invocation.output, _meant(await team.client.outbox(), row.submission_id) or row)
                return 0

    return asyncio.run(work())


def _meant(rows: Sequence[OutboxRow], name: str) -> OutboxRow | None:
    """The reply of that id, or whose id alone begins so."""
    found = [row for row in rows if row.submission_id == name] or [row for row in rows if row.submission_id.startswith(name)]
    return found[0] if len(found) == 1 else None


def _print(output: Output, row: OutboxRow) -> None:
    facts = {**msgspec.to_builtins(row), "send_at": utc(row.send_at)}
    why = reasons_of(row.results) or held_words(row.why)
    when = f" {sending_time(row.send_at, near=False)}" if row.state in WAITING_FOR_A_TIME else ""
    output.row(facts, f"{row.submission_id}  #{row.number}  {row.state}{when}  {row.by}  {', '.join(row.to)}  {row.subject}  {why}".rstrip())


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
        output.row(facts, f"{reply.submission_id}  {reply.conversation_id}  local  {', '.join(reply.envelope.rcpt_to)}")

"""`mado show`: one conversation whole, or the raw source of its messages."""

import click

from store.clock import SystemClock
from store.domain.ids import ConversationId
from store.domain.refusals import UnknownConversation
from store.errors import MadoError
from store.local.rows import ConversationRow, StoredMessage
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import load_settings
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.shapes import whole_shape
from tui.view.statuses import status_name
from tui.view.threading_words import also_in_words, evidence_words
from tui.view.timeline import event_words
from tui.view.trouble import problem_words
from tui.words import _


@click.command("show", cls=Verb)
@click.argument("conversation", metavar="ID")
@click.option("--raw", is_flag=True, help="The messages' source, as it came.")
@click.pass_obj
def show(invocation: Invocation, conversation: str, *, raw: bool) -> int | None:
    """Show a conversation with its messages, comments and timeline."""
    store = LocalStore.open(invocation.home)
    try:
        catch_up_briefly(invocation.home, store, invocation.output)
        conversation_id = store.resolve(conversation)
        row = store.row(conversation_id) if conversation_id is not None else None
        if conversation_id is None or row is None:
            return invocation.output.refused(UnknownConversation(conversation_id=conversation))
        if raw:
            return _show_raw(invocation, store, conversation_id)
        _show(invocation, store, row)
        return 0
    finally:
        store.close()


def _show(invocation: Invocation, store: LocalStore, row: ConversationRow) -> None:
    state = store.conversation(row.id)
    messages = store.messages(row.id)
    timeline = store.timeline(row.id)
    also_in = store.also_in([row.id]).get(row.id, ())
    names = {member.key: member.name for member in store.members()}
    status = status_name(row.status, store.team().every_status())
    lines = [
        f"#{row.number or '-'}  {row.id}  {row.subject}",
        f"{status}  {names.get(row.owner, row.owner) if row.owner else '-'}  {also_in_words(also_in)}".rstrip(),
        "",
    ]
    for stored in messages:
        lines += _message_lines(stored)
    for comment in state.comments if state else ():
        files = [f"  [{file.name}  {file.size_bytes} B]" for file in comment.files]
        lines += [f"-- {names.get(comment.by, comment.by)}  {comment.at:%Y-%m-%d %H:%M}", *comment.text.splitlines(), *files, ""]
    lines += [f"{event.at:%Y-%m-%d %H:%M}  {names.get(event.by, event.by)}: {event_words(event.event, names)}" for event in timeline]
    invocation.output.row(whole_shape(row, state, messages, timeline, also_in), lines)


def _message_lines(stored: StoredMessage) -> list[str]:
    message = stored.message
    senders = ", ".join(f"{who.name} <{who.address}>" if who.name else who.address for who in message.from_)
    head = [
        f"{'→' if stored.outgoing else '←'} {senders}",
        f"  {message.date or stored.internaldate:%Y-%m-%d %H:%M}  {message.subject}  ({evidence_words(stored.evidence)})",
    ]
    files = [f"  [{attachment.name}  {attachment.content_type}  {attachment.size_bytes} B]" for attachment in message.attachments]
    return [*head, *files, "", *message.text.splitlines(), ""]


def _show_raw(invocation: Invocation, store: LocalStore, conversation_id: ConversationId) -> int:
    """Each message's source, oldest first; under --json an object each, `raw` as text and null where the source cannot be had."""
    code = _fetch_rest(invocation, store, conversation_id)
    for stored in store.messages(conversation_id):
        raw = store.raw(stored.message_id, stored.inbox, stored.content_sha256)
        if invocation.json:
            text = None if raw is None else raw.decode("utf-8", "replace")
            invocation.output.row({"message_id": stored.message_id, "inbox": stored.inbox, "raw": text}, "")
        elif raw is not None:
            invocation.output.raw(raw)
    return code


def _fetch_rest(invocation: Invocation, store: LocalStore, conversation_id: ConversationId) -> int:
    """Bring what is not here of large messages; the exit code of what hindered it, 0 for nothing."""
    if not any(stored.header_only for stored in store.messages(conversation_id)):
        return 0
    # Start-up cost: most messages are here whole.
    from mailsync.engine.engine import Engine

    engine = Engine(store, load_settings(invocation.home).inboxes, Secrets(invocation.home), SystemClock())
    try:
        engine.fetch_whole(conversation_id).result()
    except MadoError as error:
        invocation.output.message(_("mado: {problem}").format(problem=problem_words(error)))
        return error.exit_code
    return 0

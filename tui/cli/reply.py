"""`mado reply`: draft an answer, or send it through the same lease, checks and fence as the screen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from mailsync.link.errors import ServerAway
from mailsync.link.threads import in_thread
from store.clock import SystemClock
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import PASSES_ON, DraftKind
from store.domain.fence import news_since
from store.domain.finding import has_errors
from store.domain.ids import ConversationId, MemberKey, Revision, StatusKey
from store.domain.merge_fields import fields_for
from store.domain.people import Member
from store.domain.refusals import UnknownConversation
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.kept import Kept
from store.settings.settings import InboxSettings, Settings, load_settings
from tui.cli.checked import Checked, finding_shape, findings_of
from tui.cli.for_check import CHECK, NOTE, note_for
from tui.cli.given import Begin, InboxNotHere, NothingWritten, existing, read_body
from tui.cli.invocation import Invocation, Verb
from tui.cli.sending import Sending, queue_here, send_now
from tui.cli.team import Team, open_team, opened_store
from tui.cli.template import find_template
from tui.cli.times import meant_time
from tui.identity import own_addresses, signature_of
from tui.reply import apply_template, start_draft
from tui.templating import filled
from tui.view.findings import compiler_lines
from tui.view.trouble import problem_words
from tui.words import _

HOLD_SECONDS = 20.0


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    name: str
    body: str | None
    template: str | None
    attachments: tuple[str, ...]
    send: bool
    yes: bool
    hold_seconds: float
    wait: bool
    then_status: str
    seen: int | None
    take_over: bool
    reason: str
    at: str | None = None
    utf_8: bool = False
    begin: Begin | None = None
    """How its draft begins; None: as an answer to the customer."""
    fields: tuple[tuple[str, str], ...] = ()
    """Merge fields by name, and what they are filled with."""
    receipt: bool | None = None
    check_note: str | None = None
    """For whoever checks it; None: it is to be sent. With one, `send` is true."""


@dataclass(frozen=True)
class Known:
    """What was on this machine when the command started: nobody can have seen more."""

    revision: Revision
    messages: frozenset[str]


@click.command(cls=Verb)
@click.argument("name", metavar="ID")
@click.option("--template", metavar="T", help="A template's key or name; its fields are filled.")
@click.option("--field", "given", metavar="NAME=VALUE", multiple=True, help="Fill a merge field; an empty value takes it out. May be repeated.")
@click.option("--body", metavar="FILE|-", help="The whole text, in UTF-8.")
@click.option("--attach", "attachments", metavar="FILE", multiple=True, help="May be repeated.")
@click.option("--send", is_flag=True, help="Send it; else it is kept as a draft.")
@click.option("--yes", "--force", "yes", is_flag=True, help="Send it although the check warns; its errors always stop it.")
@click.option("--hold", type=click.FloatRange(min=0), default=HOLD_SECONDS, show_default=True, help="Seconds in which `undo` takes it back.")
@click.option("--at", metavar="TIME", help="Send it then, in the customer's zone: `tomorrow 9`, 明日9時, or 営業開始 for the inbox's next opening.")
@click.option("--wait", is_flag=True, help="Return when the mail server has answered.")
@click.option("--then", "then_status", metavar="STATUS", default="done", show_default=True, help="The status once it was accepted.")
@click.option("--seen", type=click.IntRange(min=0), metavar="REVISION", help="The revision you have read (default: this machine's when it starts).")
@click.option("--take-over", is_flag=True, help="Write although a lease is held: your own on another terminal, or, with --reason, a colleague's.")
@click.option("--reason", default="", help="Why a colleague's lease is broken.")
@click.option("--receipt/--no-receipt", default=None, help="Ask to be told when it is opened, or not (default: as the inbox does).")
@click.option("--utf-8", "utf_8", is_flag=True, help="Send in UTF-8 what the recipient's charset cannot hold.")
@CHECK
@NOTE
@click.pass_obj
def reply(
    invocation: Invocation,
    /,
    *,
    name: str,
    template: str | None,
    given: tuple[str, ...],
    body: str | None,
    attachments: tuple[str, ...],
    send: bool,
    yes: bool,
    hold: float,
    at: str | None,
    wait: bool,
    then_status: str,
    seen: int | None,
    take_over: bool,
    reason: str,
    receipt: bool | None,
    utf_8: bool,
    check: bool,
    note: str,
) -> int:
    """Answer the customer: keep a draft, --send it, or ask for its --check."""
    check_note, send = note_for(check=check, note=note, wait=wait), send or check
    if (wait or at) and not send:
        raise click.UsageError(_("--wait and --at are about what --send sends"))
    text = None if body is None else read_body(body)
    files = tuple(str(existing(Path(file).expanduser())) for file in attachments)
    fields = tuple((each.partition("=")[0], each.partition("=")[2]) for each in given)
    wish = Wish(
        name,
        text,
        template,
        files,
        send,
        yes,
        hold,
        wait,
        then_status,
        seen,
        take_over,
        reason,
        at,
        utf_8,
        fields=fields,
        receipt=receipt,
        check_note=check_note,
    )
    with opened_store(invocation.home) as store:
        return asyncio.run(answer(invocation, store, wish))


async def answer(invocation: Invocation, store: LocalStore, wish: Wish) -> int:
    """Do what is asked for about the conversation that is named: at the server, or, while that is away, here."""
    settings = load_settings(invocation.home)
    known = known_here(store, wish.name)
    try:
        async with open_team(invocation.home, store, invocation.output) as team:
            conversation_id = store.resolve(wish.name)
            if conversation_id is None or not await team.heard(conversation_id):
                return invocation.output.refused(UnknownConversation(conversation_id=wish.name), id=wish.name)
            return await _with_team(invocation, team, conversation_id, wish, known)
    except ServerAway as error:
        invocation.output.message(_("mado: {problem}").format(problem=problem_words(error)))
    return await _without_team(invocation, store, settings, wish, known)


def known_here(store: LocalStore, name: str) -> Known:
    """What could be read here before anything was asked of the server."""
    conversation_id = store.resolve(name)
    if conversation_id is None:
        return Known(Revision(0), frozenset())
    state = store.conversation(conversation_id)
    messages = frozenset(stored.message_id for stored in store.messages(conversation_id))
    return Known(state.revision if state else Revision(0), messages)


def seen_revision(wish: Wish, known: Known, now: Conversation, me: MemberKey) -> Revision:
    """What the sender has seen: as told, else what was here at the start.

    Mail that lay here could be read, though the server spoke of it only later.
    """
    if wish.seen is not None:
        return Revision(wish.seen)
    return now.revision if known.messages.issuperset(news_since(now, known.revision, me)) else known.revision


async def _with_team(invocation: Invocation, team: Team, conversation_id: ConversationId, wish: Wish, known: Known) -> int:
    state = team.store.conversation(conversation_id)
    assert state is not None, "known() has seen it"
    writing = write(invocation.home, team.store, team.settings, state, team.me, wish, seen_revision(wish, known, state, team.me.key))
    await in_thread(team.store.save_draft, writing.draft)
    if not wish.send:
        return kept(invocation, writing.draft)
    if code := await in_thread(stopped_by_check, invocation, writing, team.settings, team.store, yes=wish.yes):
        return code
    at = meant_time(wish.at, state, writing.messages, writing.inbox)
    sending = Sending(
        writing.draft, state, writing.messages, writing.inbox, wish.hold_seconds, wish.take_over, wish.reason, wish.wait, at, wish.check_note
    )
    return await send_now(team, invocation.output, sending)


async def _without_team(invocation: Invocation, store: LocalStore, settings: Settings, wish: Wish, known: Known) -> int:
    """The server is away: a draft is kept all the same, and a send waits here and passes the fence later."""
    conversation_id = store.resolve(wish.name)
    row = store.row(conversation_id) if conversation_id else None
    if conversation_id is None or row is None:
        return invocation.output.refused(UnknownConversation(conversation_id=wish.name), id=wish.name)
    state = store.conversation(conversation_id) or Conversation(conversation_id, inbox=row.inbox, subject=row.subject)
    key = store.me() or MemberKey(settings.member or "me")
    me = next((member for member in store.members() if member.key == key), Member(key, key))
    writing = write(invocation.home, store, settings, state, me, wish, Revision(wish.seen if wish.seen is not None else known.revision))
    store.save_draft(writing.draft)
    if not wish.send:
        return kept(invocation, writing.draft)
    if code := await in_thread(stopped_by_check, invocation, writing, settings, store, yes=wish.yes):
        return code
    at = meant_time(wish.at, state, writing.messages, writing.inbox)
    sending = Sending(
        writing.draft, state, writing.messages, writing.inbox, wish.hold_seconds, wish.take_over, wish.reason, wish.wait, at, wish.check_note
    )
    return await queue_here(store, me, invocation.output, sending)


@dataclass(frozen=True)
class Writing:
    """A draft and what it answers."""

    draft: Draft
    conversation: Conversation
    messages: Sequence[StoredMessage]
    inbox: InboxSettings


def sending_of(writing: Writing, wish: Wish) -> Sending:
    """How it is to go."""
    return Sending(
        draft=writing.draft,
        conversation=writing.conversation,
        messages=writing.messages,
        inbox=writing.inbox,
        hold_seconds=wish.hold_seconds,
        take_over=wish.take_over,
        reason=wish.reason,
        wait=wish.wait,
        send_at=meant_time(wish.at, writing.conversation, writing.messages, writing.inbox),
        check_note=wish.check_note,
    )


def write(home: Path, store: LocalStore, settings: Settings, state: Conversation, me: Member, wish: Wish, seen: Revision) -> Writing:
    """The draft in work here, or a new one, with what the command line adds.

    Raises:
        InboxNotHere, NoSuchTemplate, NothingWritten: It cannot be written.
    """
    inbox = next((inbox for inbox in settings.inboxes if inbox.key == state.inbox), None)
    if inbox is None:
        raise InboxNotHere(state.inbox)
    messages = store.messages(state.id)
    earlier, signature = store.draft(state.id), signature_of(Kept(home), inbox, me.name)
    if wish.begin is not None:
        draft = wish.begin(state, messages, inbox, me.name, signature)
    elif wish.send and earlier is None and wish.body is None and wish.template is None:
        raise NothingWritten
    else:
        draft = earlier or start_draft(state, messages, inbox, me.name, signature, own_addresses=own_addresses(settings.inboxes))
    if wish.body is not None:
        draft = msgspec.structs.replace(draft, body=f"{wish.body}{draft.body}" if draft.kind in PASSES_ON else wish.body, inserted=())
    elif wish.template is not None and earlier is not None:
        draft = msgspec.structs.replace(draft, body="", inserted=())
    if wish.template is not None:
        answered = next((stored.message for stored in messages if stored.message_id == draft.answers), None)
        now = SystemClock().now()
        fields = fields_for(state, answered, me.name, inbox.name, now.astimezone(), store.team().fields, me.key)
        draft, _unresolved = apply_template(draft, find_template(store, wish.template), fields)
    for name, value in wish.fields:
        draft = filled(draft, name, value)
    draft = msgspec.structs.replace(
        draft,
        attachments=(*draft.attachments, *wish.attachments),
        seen_revision=seen,
        then_status=StatusKey(wish.then_status),
        submission_id=None,
        utf_8=wish.utf_8 or draft.utf_8,
        receipt=draft.receipt if wish.receipt is None else wish.receipt,
        saved_at=SystemClock().now(),
    )
    return Writing(draft, state, messages, inbox)


def stopped_by_check(invocation: Invocation, writing: Writing, settings: Settings, store: LocalStore, *, yes: bool) -> int:
    """Say what the send check found; the exit code when something must not go out, or only with `yes`, else 0."""
    findings = findings_of(invocation.home, store, settings, Checked(writing.draft, writing.conversation, writing.messages))
    for finding in findings:
        for said in compiler_lines(finding, writing.draft):
            invocation.output.message(said)
    if not findings or (yes and not has_errors(findings)):
        return 0
    facts = {"refused": "SendCheck", "id": writing.draft.conversation_id, "findings": [finding_shape(finding) for finding in findings]}
    if not has_errors(findings):
        return invocation.output.stopped(facts, _("not sent; it is kept as a draft, and `--yes` sends it all the same"))
    return invocation.output.stopped(facts, _("not sent; it is kept as a draft"))


def kept(invocation: Invocation, draft: Draft) -> int:
    """Say that it is a draft, and what it holds."""
    facts = {
        "id": draft.conversation_id,
        "draft": True,
        "to": list(draft.to),
        "cc": list(draft.cc),
        "subject": draft.subject,
        "body": draft.body,
        "seen_revision": draft.seen_revision,
    }
    said = _("kept as a draft; `--send` sends it")
    if draft.kind is DraftKind.NEW:
        said = _("kept as a draft; `mado new --draft {id} --send` sends it").format(id=draft.conversation_id)
    invocation.output.row(facts, [said, "", *draft.body.splitlines()])
    return 0

"""`mado reply`: draft an answer, or send it through the same lease, checks and fence as the screen."""

import asyncio
import sys
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
from store.domain.ids import ConversationId, MemberKey, Revision, StatusKey
from store.domain.merge_fields import fields_for
from store.domain.people import Member
from store.domain.refusals import UnknownConversation
from store.domain.send_check import check_draft, has_errors
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.kept import Kept
from store.settings.settings import InboxSettings, Settings, load_settings
from tui.cli.invocation import Invocation, Verb
from tui.cli.sending import Sending, queue_here, send_now
from tui.cli.team import Team, open_team, opened_store
from tui.cli.template import find_template
from tui.reply import AttachmentUnreadable, apply_template, start_draft
from tui.said_before import said_before
from tui.templating import filled
from tui.view.findings import finding_words
from tui.view.trouble import problem_words
from tui.words import _

HOLD_SECONDS = 20.0


class NothingWritten(BadInput):
    """A reply needs words."""

    def __init__(self) -> None:
        super().__init__("there is nothing to send: give --body or --template, or write a draft first")


class BodyUnreadable(BadInput):
    """The text to send cannot be read."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"--body {name}: {problem}", name=name, problem=problem)


class InboxNotHere(BadInput):
    """The conversation belongs to an inbox this home knows nothing of."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the settings here know no inbox `{key}`: nobody knows what address to answer from", inbox=key)


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    name: str
    body: str | None
    template: str | None
    attachments: tuple[str, ...]
    send: bool
    force: bool
    hold_seconds: float
    wait: bool
    then_status: str
    seen: int | None
    take_over: bool
    reason: str
    fields: tuple[tuple[str, str], ...] = ()
    """Merge fields by name, and what they are filled with."""


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
@click.option("--force", is_flag=True, help="Send it although this customer was sent much the same within a day.")
@click.option("--hold", type=click.FloatRange(min=0), default=HOLD_SECONDS, show_default=True, help="Seconds in which `undo` takes it back.")
@click.option("--wait", is_flag=True, help="Return when the mail server has answered.")
@click.option("--then", "then_status", metavar="STATUS", default="done", show_default=True, help="The status once it was accepted.")
@click.option("--seen", type=click.IntRange(min=0), metavar="REVISION", help="The revision you have read (default: this machine's when it starts).")
@click.option("--take-over", is_flag=True, help="Write although a lease is held: your own on another terminal, or, with --reason, a colleague's.")
@click.option("--reason", default="", help="Why a colleague's lease is broken.")
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
    force: bool,
    hold: float,
    wait: bool,
    then_status: str,
    seen: int | None,
    take_over: bool,
    reason: str,
) -> int:
    """Answer the customer: keep a draft, or --send it."""
    if wait and not send:
        raise click.UsageError(_("--wait waits for what --send sends"))
    text = None if body is None else read_body(body)
    files = tuple(str(existing(Path(file).expanduser())) for file in attachments)
    fields = tuple((each.partition("=")[0], each.partition("=")[2]) for each in given)
    wish = Wish(name, text, template, files, send, force, hold, wait, then_status, seen, take_over, reason, fields)
    with opened_store(invocation.home) as store:
        return asyncio.run(_reply(invocation, store, wish))


def read_body(name: str) -> str:
    """The text of a file, or of stdin for `-`.

    Raises:
        BodyUnreadable: It cannot be read, or is not UTF-8: better said than sent garbled.
    """
    try:
        return (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise BodyUnreadable(name, error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise BodyUnreadable(name, _("it is not UTF-8")) from error


def existing(path: Path) -> Path:
    """The absolute path of a file to attach; said now, not when the mail is frozen.

    Raises:
        AttachmentUnreadable: There is no such file.
    """
    if not path.is_file():
        raise AttachmentUnreadable(path, _("there is no such file"))
    return path.absolute()


async def _reply(invocation: Invocation, store: LocalStore, wish: Wish) -> int:
    settings = load_settings(invocation.home)
    known = known_here(store, wish.name)
    try:
        async with open_team(invocation.home, store, invocation.output) as team:
            conversation_id = store.resolve(wish.name)
            if conversation_id is None or not await team.known(conversation_id):
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


def seen_revision(wish: Wish, known: Known, now: Conversation) -> Revision:
    """What the sender has seen: as told, else what was here at the start.

    Where the mirror knew nothing of it yet, but every message of it lay here and nobody had commented, all of it could be seen.
    """
    if wish.seen is not None:
        return Revision(wish.seen)
    if known.revision == 0 and not now.comments and {message.message_id for message in now.messages} <= known.messages:
        return now.revision
    return known.revision


async def _with_team(invocation: Invocation, team: Team, conversation_id: ConversationId, wish: Wish, known: Known) -> int:
    state = team.store.conversation(conversation_id)
    assert state is not None, "known() has seen it"
    writing = write(invocation.home, team.store, team.settings, state, team.me, wish, seen_revision(wish, known, state))
    await in_thread(team.store.save_draft, writing.draft)
    if not wish.send:
        return _kept(invocation, writing.draft)
    if code := await in_thread(stopped_by_check, invocation, writing, team.settings, team.store, force=wish.force):
        return code
    sending = Sending(writing.draft, state, writing.messages, writing.inbox, wish.hold_seconds, wish.take_over, wish.reason, wish.wait)
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
        return _kept(invocation, writing.draft)
    if code := await in_thread(stopped_by_check, invocation, writing, settings, store, force=wish.force):
        return code
    sending = Sending(writing.draft, state, writing.messages, writing.inbox, wish.hold_seconds, wish.take_over, wish.reason, wish.wait)
    return await queue_here(store, me, invocation.output, sending)


@dataclass(frozen=True)
class Writing:
    """A draft and what it answers."""

    draft: Draft
    messages: Sequence[StoredMessage]
    inbox: InboxSettings


def write(home: Path, store: LocalStore, settings: Settings, state: Conversation, me: Member, wish: Wish, seen: Revision) -> Writing:
    """The draft in work here, or a new one, with what the command line adds.

    Raises:
        InboxNotHere, NoSuchTemplate, NothingWritten: It cannot be written.
    """
    inbox = next((inbox for inbox in settings.inboxes if inbox.key == state.inbox), None)
    if inbox is None:
        raise InboxNotHere(state.inbox)
    messages = store.messages(state.id)
    own = [known.address for known in settings.inboxes]
    earlier = store.draft(state.id)
    if wish.send and earlier is None and wish.body is None and wish.template is None:
        raise NothingWritten
    draft = earlier or start_draft(state, messages, inbox, me.name, Kept(home).signature(inbox.key), own_addresses=own)
    if wish.body is not None:
        draft = msgspec.structs.replace(draft, body=wish.body, inserted=())
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
        saved_at=SystemClock().now(),
    )
    return Writing(draft, messages, inbox)


def stopped_by_check(invocation: Invocation, writing: Writing, settings: Settings, store: LocalStore, *, force: bool) -> int:
    """Say what the send check found; the exit code when something must not go out, or only with `force`, else 0."""
    own = frozenset(inbox.address.lower() for inbox in settings.inboxes)
    said = said_before(store, writing.draft, own, SystemClock().now())
    findings = (*check_draft(writing.draft, own), *(() if said is None else (said,)))
    for finding in findings:
        invocation.output.message(f"{finding.severity}: {finding_words(finding)}")
    if not has_errors(findings) and (said is None or force):
        return 0
    facts = {"refused": "SendCheck", "id": writing.draft.conversation_id, "findings": [msgspec.to_builtins(finding) for finding in findings]}
    if not has_errors(findings):
        return invocation.output.stopped(facts, _("not sent; it is kept as a draft, and `--force` sends it all the same"))
    return invocation.output.stopped(facts, _("not sent; it is kept as a draft"))


def _kept(invocation: Invocation, draft: Draft) -> int:
    facts = {
        "id": draft.conversation_id,
        "draft": True,
        "to": list(draft.to),
        "cc": list(draft.cc),
        "subject": draft.subject,
        "body": draft.body,
        "seen_revision": draft.seen_revision,
    }
    invocation.output.row(facts, [_("kept as a draft; `--send` sends it"), "", *draft.body.splitlines()])
    return 0

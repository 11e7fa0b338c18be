"""What the command line wants of a mail: the draft that it becomes, what the send check says of it, and how it is to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mailsync.link.threads import in_thread
from store.clock import SystemClock
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import PASSES_ON, DraftKind
from store.domain.finding import has_errors
from store.domain.ids import MemberKey, Revision
from store.domain.merge_fields import fields_for
from store.domain.people import Member
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.kept import Kept
from store.settings.settings import InboxSettings, Settings
from tui.cli.checked import Checked, finding_shape, findings_of
from tui.cli.given import Begin, InboxNotHere, NothingWritten
from tui.cli.going import Going
from tui.cli.invocation import Invocation
from tui.cli.sending import Sending
from tui.cli.template import find_template
from tui.cli.times import meant_time
from tui.identity import own_addresses, signature_of
from tui.reply import apply_template, start_draft
from tui.templating import filled
from tui.view.findings import compiler_lines
from tui.words import _


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    name: str
    body: str | None
    attachments: tuple[str, ...]
    going: Going
    template: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    """Merge fields by name, and what they are filled with."""
    begin: Begin | None = None
    """How its draft begins; None: as an answer to the customer."""
    seen: int | None = None
    take_over: bool = False
    reason: str = ""
    at: str | None = None


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
        hold_seconds=wish.going.hold_seconds,
        take_over=wish.take_over,
        reason=wish.reason,
        wait=wish.going.wait,
        send_at=meant_time(wish.at, writing.conversation, writing.messages, writing.inbox),
        check_note=wish.going.check_note,
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
    elif wish.going.send and earlier is None and wish.body is None and wish.template is None:
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
        then_status=wish.going.then_status,
        submission_id=None,
        utf_8=wish.going.utf_8 or draft.utf_8,
        delivered=draft.delivered if wish.going.delivered is None else wish.going.delivered,
        receipt=draft.receipt if wish.going.receipt is None else wish.going.receipt,
        saved_at=SystemClock().now(),
    )
    return Writing(draft, state, messages, inbox)


def me_here(store: LocalStore, settings: Settings) -> Member:
    """Who writes, as far as this machine knows without the server."""
    key = store.me() or MemberKey(settings.member or "me")
    return next((member for member in store.members() if member.key == key), Member(key, key))


async def kept_or_stopped(invocation: Invocation, writing: Writing, settings: Settings, store: LocalStore, wish: Wish) -> int | None:
    """Keep the draft; the exit code where it does not leave now, None: it does."""
    await in_thread(store.save_draft, writing.draft)
    if not wish.going.send:
        return kept(invocation, writing.draft)
    return await in_thread(stopped_by_check, invocation, writing, settings, store, yes=wish.going.yes) or None


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

"""Writing that answers nobody: a new mail, and a mail passed on to somebody else."""

import asyncio

from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import InboxKey
from store.errors import MadoError
from store.local.rows import StoredMessage
from store.settings.settings import InboxSettings
from tui.actions.port import Desk
from tui.actions.replying import take_lease
from tui.composing import Composing
from tui.forwarding import forwardable, start_forward, start_redirect
from tui.new_mail import new_conversation_id, opened_new, start_new
from tui.opened import Opened
from tui.screens.picker import Picking
from tui.view.banner import conversation_words, open_submission
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.trouble import trouble_words
from tui.words import _

ANEW = "new"


async def new(desk: Desk, argument: str) -> None:
    """A mail that begins a conversation; one that was left half written is offered first."""
    store = desk.session.store
    drafts = await asyncio.to_thread(store.drafts)
    begun = {each.conversation_id: each for each in drafts if each.kind is DraftKind.NEW and each.submission_id is None}
    begun = {key: each for key, each in begun.items() if desk.session.inbox(each.inbox) is not None}
    if begun and not argument:
        kept = (Choice(key, clean(each.subject) or _("(no subject)"), _whom(each)) for key, each in begun.items())
        picked = await desk.choose(Picking(_("Go on writing"), (Choice(ANEW, _("a new mail")), *kept)))
        if picked is None:
            return
        if (draft := next((each for key, each in begun.items() if key == picked), None)) is not None:
            await _open(desk, draft)
            return
    inbox = await _inbox_for(desk, argument)
    if inbox is not None:
        signature = await asyncio.to_thread(desk.session.signature, inbox.key)
        await _open(desk, start_new(new_conversation_id(), inbox, _my_name(desk), signature), fresh=True)


def _whom(draft: Draft) -> str:
    return clean(", ".join((*draft.to, *draft.cc, *draft.bcc))) or _("(no recipient yet)")


async def _open(desk: Desk, draft: Draft, *, fresh: bool = False) -> None:
    inbox = desk.session.inbox(draft.inbox)
    if inbox is not None:
        opened = opened_new(draft)
        # Nothing is kept of a mail in which nothing was written.
        opened = Opened(opened.row, opened.conversation, (), (), None if fresh else draft)
        await desk.open_composer(Composing(desk.session, opened, inbox, draft, None))


async def _inbox_for(desk: Desk, argument: str) -> InboxSettings | None:
    """The one that is named; else the only one, or the one that is picked, that of the conversation under the cursor first."""
    inboxes = desk.session.settings.inboxes
    if argument:
        found = desk.session.inbox(InboxKey(argument.strip()))
        if found is None:
            desk.say(_("The inbox {inbox} is not set up on this machine.").format(inbox=clean(argument)), "alarm")
        return found
    if len(inboxes) <= 1:
        return next(iter(inboxes), None)
    here = desk.row.inbox if desk.row is not None else None
    ordered = sorted(inboxes, key=lambda each: each.key != here)
    picked = await desk.choose(Picking(_("New mail from"), tuple(Choice(each.key, each.name or each.key, each.address) for each in ordered)))
    return None if picked is None else desk.session.inbox(InboxKey(picked))


async def forward(desk: Desk, argument: str) -> None:
    """The message one is at, quoted with its attachments, to somebody else."""
    await _pass_on(desk, DraftKind.FORWARD, argument)


async def redirect(desk: Desk, argument: str) -> None:
    """The message one is at, as it is, to somebody else."""
    await _pass_on(desk, DraftKind.REDIRECT, argument)


async def _pass_on(desk: Desk, kind: DraftKind, argument: str) -> None:
    row = desk.row
    opened = await desk.read(row.id) if row else None
    if opened is None:
        return
    inbox = desk.session.inbox(opened.row.inbox)
    stored = await _at(desk, opened)
    if inbox is None:
        desk.say(_("The inbox {inbox} is not set up on this machine.").format(inbox=opened.row.inbox), "alarm")
    elif open_submission(opened.conversation) is not None:
        desk.say(conversation_words(opened.conversation, desk.session.me, desk.session.names, desk.session.keys.shown))
    elif opened.draft is not None and (opened.draft.kind is not kind or opened.draft.submission_id is not None):
        desk.say(_("A draft is begun here; {key} goes on with it.").format(key=desk.session.keys.shown("reply")))
    elif stored is None:
        desk.say(_("There is no message here to pass on."))
    else:
        to = (argument.strip(),) if argument.strip() else ()
        draft = opened.draft or await _passed_on(desk, opened, stored, inbox, kind, to)
        may = await take_lease(desk, opened)
        if may is not None:
            await desk.open_composer(Composing(desk.session, opened, inbox, draft, may.token))


async def _passed_on(desk: Desk, opened: Opened, stored: StoredMessage, inbox: InboxSettings, kind: DraftKind, to: tuple[str, ...]) -> Draft:
    if kind is DraftKind.REDIRECT:
        return start_redirect(opened.conversation, stored, inbox, to=to)
    signature = await asyncio.to_thread(desk.session.signature, inbox.key)
    return start_forward(opened.conversation, stored, inbox, _my_name(desk), signature, to=to)


async def _at(desk: Desk, opened: Opened) -> StoredMessage | None:
    """The message one is reading; else the newest that came in."""
    try:
        here = await desk.mail.here()
    except MadoError as error:
        desk.say(trouble_words(error), "alarm")
        return None
    at = here.message if here is not None else None
    return forwardable(opened.messages, at.message_id if at is not None else None) or forwardable(opened.messages)


def _my_name(desk: Desk) -> str:
    return desk.session.names.get(desk.session.me, "") if desk.session.me else ""

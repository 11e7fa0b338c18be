"""What joins and parts conversations: merge, split, move to another inbox. `u` takes each of them back."""

import asyncio

from store.domain.commands import MergeConversations, MoveToInbox, SplitConversation
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.query import parse_query
from store.local.rows import ConversationRow
from store.settings.settings import InboxSettings
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.view.ages import age_label
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.statuses import status_name
from tui.words import _, ngettext

OFFERED = 30
"""Other conversations of the same customer that can be picked from."""
ALONE, WITH_LATER = "one", "rest"


async def merge(desk: Desk, argument: str) -> None:
    """Make it one with another: named by its number, or picked among those of the same customer."""
    row = desk.row
    if row is None:
        return
    wanted = argument.strip() or await _pick_other(desk, row)
    if not wanted:
        return
    other = await asyncio.wrap_future(desk.session.store.ask(lambda: _found(desk, wanted)))
    if other is None or other.id == row.id or not (other.number and row.number):
        desk.say(_("There is no other conversation {number}.").format(number=clean(wanted)), "alarm")
        return
    goes, stays = max(row.number, other.number), min(row.number, other.number)
    said = _("#{goes} is part of #{stays} now ({undo} takes it back)").format(undo=desk.session.undo_key, goes=goes, stays=stays)
    await carry_out(desk, MergeConversations(conversation_id=row.id, other=other.id), said=said)


def _found(desk: Desk, wanted: str) -> ConversationRow | None:
    store = desk.session.store
    found = store.resolve(wanted)
    return store.row(found) if found is not None else None


async def _pick_other(desk: Desk, row: ConversationRow) -> str | None:
    store, now = desk.session.store, desk.session.clock.now()
    query = parse_query(f'from:"{row.customer_address}"' if row.customer_address else "")
    page = await asyncio.wrap_future(store.ask(lambda: store.page(query, limit=OFFERED)))

    def choice(each: ConversationRow) -> Choice:
        age = age_label(now - each.last_at) if each.last_at is not None else ""
        return Choice(f"#{each.number}", f"#{each.number} {clean(each.subject)}", f"{status_name(each.status, desk.session.statuses)}  {age}")

    def typed(text: str) -> Choice | None:
        found = _found(desk, text) if text.removeprefix("#").isdecimal() else None
        return choice(found) if found is not None and found.id != row.id and found.number else None

    choices = tuple(choice(each) for each in page.rows if each.id != row.id and each.number)
    title = _("Make #{number} one with (another of {who}, or any number)")
    who = clean(row.customer_name or row.customer_address) or _("(no sender)")
    return await desk.choose(Picking(title.format(number=row.number, who=who), choices, making=typed))


async def split(desk: Desk, argument: str) -> None:
    """Make a conversation of its own out of the message one is at: `one`, or with all that came after it: `rest`."""
    row, here = desk.row, await desk.mail.here()
    if row is None or here is None or here.message is None:
        return
    if len(here.messages) < 2:
        desk.say(_("There is only one message here: nothing to split off."), "alarm")
        return
    later = len(here.messages) - here.current - 1
    choices = [Choice(ALONE, _("message {n} of {count} alone").format(n=here.current + 1, count=len(here.messages)))]
    if later and here.current:
        words = ngettext("it and the one after it", "it and the {n} after it", later).format(n=later)
        choices.append(Choice(WITH_LATER, words))
    picked = argument.strip() if argument.strip() in (ALONE, WITH_LATER) else await desk.choose(Picking(_("Split off"), tuple(choices)))
    if picked is None:
        return
    end = here.current + 1 if picked == ALONE else len(here.messages)
    messages = tuple(dict.fromkeys(MessageId(each.message_id) for each in here.messages[here.current : end]))
    if await carry_out(desk, SplitConversation(conversation_id=row.id, messages=messages)):
        _say_split(desk, row.id, messages)


def _say_split(desk: Desk, conversation_id: ConversationId, messages: tuple[MessageId, ...]) -> None:
    """The number of the new one, once the mirror has it; a split that waits for the server has none yet."""
    store = desk.session.store
    state = store.conversation(conversation_id)
    gone = (
        next((each.to for each in reversed(state.away) if each.message is not None and each.message.message_id in messages), None) if state else None
    )
    new = store.row(gone) if gone is not None else None
    if new is not None and new.number:
        desk.say(_("Split off as #{number} ({undo} takes it back)").format(undo=desk.session.undo_key, number=new.number))


async def move(desk: Desk, argument: str) -> None:
    """Move it to another inbox, picked or named by its key or address."""
    row = desk.row
    if row is None:
        return
    others = [inbox for inbox in desk.session.settings.inboxes if inbox.key != row.inbox]
    if argument:
        named = next((inbox.key for inbox in others if argument.strip().lower() in (inbox.key.lower(), inbox.address.lower())), None)
        if named is None:
            # What lies in an inbox that nobody has would be lost to everybody.
            desk.say(_("There is no inbox {inbox}.").format(inbox=clean(argument)), "alarm")
            return
        key = named
    elif not others:
        desk.say(_("There is no other inbox here."))
        return
    else:
        choices = tuple(Choice(inbox.key, clean(inbox.name or inbox.key), _hint(desk, inbox)) for inbox in others)
        picked = await desk.choose(Picking(_("Move to"), choices))
        if picked is None:
            return
        key = InboxKey(picked)
    goes = InboxKey(key)
    comes_back = desk.session.may_see(goes)
    said = (
        _("Moved to {inbox} ({undo} takes it back)").format(undo=desk.session.undo_key, inbox=clean(goes))
        if comes_back
        else _("Moved to {inbox}, which you do not see: you cannot take it back").format(inbox=clean(goes))
    )
    await carry_out(desk, MoveToInbox(conversation_id=row.id, inbox=goes), said=said, counts=comes_back)


def _hint(desk: Desk, inbox: InboxSettings) -> str:
    return inbox.address if desk.session.may_see(inbox.key) else _("{address} (out of your sight)").format(address=inbox.address)

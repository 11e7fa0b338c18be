"""The next best conversation: found, opened and leased in one stroke; what one only looked at is given back when one goes on."""

import asyncio
from contextlib import suppress

from mailsync.link.errors import ServerAway
from mailsync.link.protocol import Done
from store.domain.commands import ReleaseLease, TakeLease
from store.domain.ids import ConversationId, MemberKey
from store.domain.lease import Token
from store.domain.next_best import ranked
from store.errors import MadoError
from store.local.rows import ConversationRow
from tui.acted import Reserved
from tui.actions.carrying import ask_known
from tui.actions.port import Desk
from tui.actions.replying import own_token
from tui.view.commands.command import Place
from tui.view.next_words import why_words
from tui.words import _

TRIES = 5
"""So many are tried where colleagues were quicker."""


async def next_best(desk: Desk, _argument: str) -> None:
    """Go to the conversation that should be done now, and keep colleagues from replying to it."""
    session, me = desk.session, desk.session.me
    if me is None:
        desk.say(_("The desk is still looking for its server; try again in a moment."))
        return
    give_back(desk)
    found = await asyncio.wrap_future(session.store.ask(session.store.candidates))
    best = ranked(found, me, desk.passed)
    if not best and desk.passed:
        desk.passed.clear()
        best = ranked(found, me)
    for row in best[:TRIES]:
        desk.passed.add(row.id)
        reserved = await _reserve(desk, row)
        if reserved is not None:
            await _open(desk, row, me, reserved)
            return
    desk.say(_("Nothing waits for you: the rest is colleagues', on hold, or being written."))


async def _reserve(desk: Desk, row: ConversationRow) -> Reserved | None:
    """None: somebody was quicker, or it may not be."""
    opened = await desk.read(row.id)
    if opened is None:
        return None
    has_text = opened.draft is not None
    command = TakeLease(conversation_id=row.id, seen_revision=opened.conversation.revision, terminal=desk.session.terminal_id)
    if await desk.session.heard_link() is None:
        return Reserved(row.id, None, has_text)
    try:
        answer = await ask_known(desk, command)
    except ServerAway:
        return Reserved(row.id, None, has_text)
    if not isinstance(answer, Done):
        return None
    token = own_token(desk, row.id)
    if token is not None and desk.session.keeper is not None:
        desk.session.keeper.hold(row.id, token)
    return Reserved(row.id, token, has_text)


async def _open(desk: Desk, row: ConversationRow, me: MemberKey, reserved: Reserved) -> None:
    window = desk.pager.window
    at = next((index for index, each in enumerate(window.rows) if each.id == row.id), None)
    if at is not None:
        desk.pager.show(window.placed(at))
    else:
        await desk.views.only(row)
    # Only now: whatever was still on its way to the screen would give it back.
    desk.reserved = reserved
    desk.go(Place.READING)
    desk.look(anew=True)
    words = _("Next: {why}").format(why=why_words(row, me, desk.session.clock.now()))
    if reserved.token is None:
        words = _("{words} (server away: colleagues may reply too)").format(words=words)
    desk.say(words)


def give_back(desk: Desk) -> None:
    """Whoever goes on without having written leaves it as it was found."""
    reserved, desk.reserved = desk.reserved, None
    if reserved is not None and reserved.token is not None:
        if desk.session.keeper is not None:
            desk.session.keeper.drop()
        desk.spawn(_release(desk, reserved.conversation_id, reserved.token, has_text=reserved.has_text))


async def _release(desk: Desk, conversation_id: ConversationId, token: Token, *, has_text: bool) -> None:
    link = desk.session.link
    if link is not None:
        # It may have lapsed, or become a reply meanwhile; by itself it ends within two minutes.
        with suppress(MadoError):
            await link.send(ReleaseLease(conversation_id=conversation_id, token=token, has_text=has_text))

"""Unread again, or read: for oneself alone, so that one comes back to it."""

import asyncio

from tui.actions.port import Desk
from tui.reading_marks import Marked, set_back, unread_from
from tui.view.commands.command import Place
from tui.words import _


async def unread(desk: Desk, _argument: str) -> None:
    """Turn it round: what is read is unread again by its last news, what is unread is read."""
    row = desk.row
    if row is None:
        return
    last_news = await unread_from(desk.session, row.id)
    if last_news is None:
        desk.say(_("Nobody but you has said anything here: it cannot be unread."))
        return
    mark = await asyncio.to_thread(desk.session.store.marks.of, row.id)
    before = mark.revision if mark is not None else last_news if row.unread else row.revision
    await set_back(desk.session, row.id, row.revision if row.unread else last_news)
    desk.marked.append(Marked(row.id, before, len(desk.acted_on)))
    if row.unread:
        desk.say(_("Read (u takes it back)"))
        return
    if desk.place is not Place.LIST:
        # Whoever stays would have read it at once.
        desk.perform("back")
    desk.say(_("Unread again, for you alone (u takes it back)"))


async def take_back(desk: Desk) -> bool:
    """Undo the last turn, where nothing else was done since; False: there is none."""
    if not desk.marked or desk.marked[-1].after < len(desk.acted_on):
        return False
    marked = desk.marked.pop()
    await set_back(desk.session, marked.conversation_id, marked.before)
    desk.say(_("Taken back."))
    return True

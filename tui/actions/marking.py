"""Unread again, or read: for oneself alone, so that one comes back to it."""

import asyncio

from tui.actions.many import marked_ids
from tui.actions.port import Desk
from tui.reading_marks import Marked, set_back, turn_all, unread_from
from tui.view.commands.command import Place
from tui.view.marks import NONE
from tui.words import _, ngettext


async def unread(desk: Desk, _argument: str) -> None:
    """Turn it round: what is read is unread again by its last news, what is unread is read."""
    row = desk.row
    if row is None:
        return
    if desk.marks and desk.place is Place.LIST:
        await _turn_marked(desk, unread=not row.unread)
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
        desk.say(_("Read ({undo} takes it back)").format(undo=desk.session.undo_key))
        return
    if desk.place is not Place.LIST:
        # Whoever stays would have read it at once.
        desk.perform("back")
    desk.say(_("Unread again, for you alone ({undo} takes it back)").format(undo=desk.session.undo_key))


async def _turn_marked(desk: Desk, *, unread: bool) -> None:
    ids = await marked_ids(desk, desk.marks)
    changed = await turn_all(desk.session, ids, unread=unread)
    desk.mark(NONE)
    if changed:
        (first, before), *others = changed
        desk.marked.append(Marked(first, before, len(desk.acted_on), tuple(others)))
    words = ngettext("{n} unread again ({undo} takes it back)", "{n} unread again ({undo} takes it back)", len(changed))
    words = words if unread else ngettext("{n} read ({undo} takes it back)", "{n} read ({undo} takes it back)", len(changed))
    desk.say(words.format(n=f"{len(changed):,}", undo=desk.session.undo_key))


async def take_back(desk: Desk) -> bool:
    """Undo the last turn, where nothing else was done since; False: there is none."""
    if not desk.marked or desk.marked[-1].after < len(desk.acted_on):
        return False
    marked = desk.marked.pop()
    for conversation_id, before in ((marked.conversation_id, marked.before), *marked.others):
        await set_back(desk.session, conversation_id, before)
    desk.say(_("Taken back."))
    return True

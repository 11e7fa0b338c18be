"""The comments that name one: where they are, and going there."""

import asyncio

from store.domain.ids import CommentId
from tui.actions.port import Desk
from tui.called import Called, mentions_of
from tui.screens.picker import Picking
from tui.view.ages import day_and_time
from tui.view.beside import Beside
from tui.view.choosing import Choice
from tui.view.commands.command import Place
from tui.view.gate import clean
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _


async def mentions(desk: Desk, _argument: str) -> None:
    """Pick one: its conversation opens at the comment, which is read by that."""
    session = desk.session
    me, store = session.me, session.store
    called = await asyncio.wrap_future(store.ask(lambda: mentions_of(store, me))) if me is not None else ()
    if not called:
        desk.say(_("Nobody has called you yet: in a comment, @ and a name calls somebody."))
        return
    unread = sum(one.unread for one in called)
    title = _("You were called ({n} unread)").format(n=unread) if unread else _("You were called")
    texts = {one.mention.comment_id: clean(one.mention.text, lines=True) for one in called}

    def whole(choice: Choice, width: int) -> tuple[Line, ...]:
        return tuple(line(piece) for each in texts[CommentId(choice.key)].split("\n") for piece in wrap(each, width))

    picked = await desk.choose(Picking(title, tuple(_choice(desk, one) for one in called), preview=whole))
    found = next((one for one in called if one.mention.comment_id == picked), None)
    row = await asyncio.wrap_future(store.ask(lambda: store.row(found.mention.conversation_id))) if found is not None else None
    if found is None or row is None:
        return
    await desk.views.only(row)
    desk.beside = Beside.COMMENTS
    desk.mail.talk.begin_at(CommentId(found.mention.comment_id))
    desk.go(Place.COMMENTS)
    desk.look(anew=True)


def _choice(desk: Desk, called: Called) -> Choice:
    mention = called.mention
    who, when = clean(desk.session.names.get(mention.by, mention.by)), day_and_time(mention.at, desk.session.clock.now())
    mark = "@" if called.unread else " "
    return Choice(mention.comment_id, f"{mark} {when} {who}: {clean(mention.text)}", f"#{called.number} {clean(called.subject)}")

"""Moving about: these never wait for anything, so that a key is one frame."""

import asyncio
from collections.abc import Callable

from store.domain.ids import ConversationId, MessageId
from tui.actions.port import Desk
from tui.view.beside import Beside
from tui.view.commands.command import Place
from tui.view.marks import NONE
from tui.widgets.lines_pane import LinesPane
from tui.words import _


def _pane(desk: Desk) -> LinesPane:
    return desk.comments if desk.place is Place.COMMENTS else desk.reading


def _step(desk: Desk, by: int) -> None:
    if desk.place is Place.LIST:
        desk.pager.show(desk.pager.window.moved(by))
    elif desk.place is Place.COMMENTS and desk.beside is Beside.COMMENTS:
        desk.mail.talk.step(by)
        desk.status.paint()
    else:
        _scroll(desk, by)


def _page(desk: Desk, pages: int) -> None:
    if desk.place is Place.LIST:
        desk.pager.show(desk.pager.window.paged(pages))
    else:
        _scroll(desk, pages * max(1, _pane(desk).text_height - 1))


def _scroll(desk: Desk, lines: int) -> None:
    if _pane(desk).scroll_by(lines) and desk.place is Place.READING:
        desk.mail.scrolled()


def _match(desk: Desk, by: int) -> None:
    found = desk.mail.step_match(by)
    if found is None:
        keys = desk.session.keys
        desk.say(
            _("Nothing is marked here: {search} searches all mail, {find} this one.").format(search=keys.shown("search"), find=keys.shown("find"))
        )
    else:
        desk.say(_("{n} of {count}").format(n=found[0], count=found[1]))


def other_conversation(desk: Desk, by: int) -> None:
    """The neighbour in the list, shown where one is reading."""
    before = desk.row
    desk.pager.show(desk.pager.window.moved(by))
    if desk.place is not Place.LIST:
        if desk.row is before:
            desk.go(Place.LIST)
        else:
            desk.look(anew=True)


async def go_to_message(desk: Desk, conversation_id: ConversationId, message_id: MessageId) -> None:
    """Another conversation, or this one, at that message."""
    store = desk.session.store
    row = await asyncio.wrap_future(store.ask(lambda: store.row(conversation_id)))
    if row is None:
        desk.say(_("There is no conversation here."), "alarm")
        return
    if desk.row is None or desk.row.id != conversation_id:
        await desk.views.only(row)
    desk.mail.wanted_message = message_id
    desk.go(Place.READING)
    desk.look(anew=True)


def advance(desk: Desk) -> None:
    """On to the next one after a decision."""
    other_conversation(desk, 1)


def _enter(desk: Desk) -> None:
    if desk.place is Place.LIST:
        # The pane comes when the mail is laid out: two frames would be two repaints of the whole screen.
        desk.place = Place.READING
        desk.look(anew=True)
    elif desk.place is Place.READING:
        desk.go(Place.COMMENTS)


def _back(desk: Desk) -> None:
    if desk.place is Place.LIST and desk.marks:
        desk.mark(NONE)
    elif desk.place is Place.LIST:
        desk.perform("view-back")
    else:
        desk.go(Place.READING if desk.place is Place.COMMENTS else Place.LIST)


def _fold(desk: Desk) -> None:
    desk.unfolded = not desk.unfolded
    desk.look()
    if desk.unfolded:
        # It is so until the key is pressed again, wherever one goes.
        desk.say(_("Quotations are open in every mail; {key} folds them.").format(key=desk.session.keys.shown("fold")))


def _timeline(desk: Desk) -> None:
    _put_beside(desk, Beside.TIMELINE)


def _put_beside(desk: Desk, what: Beside) -> None:
    """In the place of the comments; once more: they are back."""
    desk.beside = Beside.COMMENTS if desk.beside is what else what
    desk.look()
    # Other keys matter at a timeline than at a comment.
    desk.status.paint()


def _pane_on(desk: Desk) -> None:
    order = (Place.LIST, Place.READING, Place.COMMENTS)
    desk.go(order[(order.index(desk.place) + 1) % len(order)])
    if desk.place is Place.READING:
        desk.look()


MOVES: dict[str, Callable[[Desk], None]] = {
    "down": lambda desk: _step(desk, 1),
    "up": lambda desk: _step(desk, -1),
    "page-down": lambda desk: _page(desk, 1),
    "page-up": lambda desk: _page(desk, -1),
    "enter": _enter,
    "back": _back,
    "pane": _pane_on,
    "next": lambda desk: other_conversation(desk, 1),
    "previous": lambda desk: other_conversation(desk, -1),
    "next-message": lambda desk: desk.mail.step(1),
    "previous-message": lambda desk: desk.mail.step(-1),
    "next-match": lambda desk: _match(desk, 1),
    "previous-match": lambda desk: _match(desk, -1),
    "fold": _fold,
    "timeline": _timeline,
    "customer": lambda desk: _put_beside(desk, Beside.CUSTOMER),
    "help": lambda desk: desk.show_help(),
}
"""By the names of `tui.view.commands`."""

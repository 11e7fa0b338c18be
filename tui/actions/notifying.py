"""How one is called: asked for, changed, tried."""

import asyncio

from tui.actions.port import Desk
from tui.actions.text_pages import TextPages
from tui.view.gate import clean
from tui.view.wishes import changed, usage, wishes_words
from tui.wished import wishes_of
from tui.words import _

TRY = "test"


async def notify(desk: Desk, argument: str) -> None:
    """Without words: how it is, on a page. `test` calls."""
    wishes = await asyncio.to_thread(wishes_of, desk.session.home)
    if argument.strip() == TRY:
        desk.calling.call_for_a_try(wishes)
        return
    if not argument.strip():
        lines = (*wishes_words(wishes), "", *(f":notify {words}" for words in (*usage(), TRY)))
        desk.show_page(_("How you are called"), TextPages(lines))
        return
    wished = changed(wishes, argument)
    if wished is None:
        desk.say(_("{words}: that is no wish; :notify shows what can be said.").format(words=clean(argument)), "alarm")
        return
    await desk.calling.wished(wished)
    desk.say(_("From now on: {words}").format(words=clean(argument)))

"""The page of mailings."""

from typing import cast

from tui.actions.port import Desk
from tui.words import _


async def mailing(desk: Desk, _argument: str) -> None:
    """How far each is, and pausing, resuming or ending one."""
    from tui.screens.mailings import MailingCalls, MailingsScreen  # start-up cost: few look at it

    link = await desk.session.found_link()
    if link is None:
        desk.say(_("The desk is still looking for its server; try again in a moment."))
        return
    desk.show_over(MailingsScreen(cast("MailingCalls", link.client), desk.session.names))

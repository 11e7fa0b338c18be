"""Giving the right to reply back, and with it the server's copy of the text."""

from store.domain.commands import ReleaseLease
from store.domain.lease import Token
from store.errors import MadoError
from tui.line import Line
from tui.opened import Opened


async def give_back(link: Line, opened: Opened, token: Token | None, *, keep: bool) -> None:
    """Best effort: a lease nobody gives back lapses after two minutes."""
    if not keep:
        await link.drop_draft_at_server(opened.row.id)
    if token is None:
        return
    try:
        await link.send(ReleaseLease(conversation_id=opened.row.id, token=token, has_text=keep))
    except MadoError:
        return

"""Talking to the team: comments, and asking for a lease."""

from store.domain.commands import AddComment, AskForLease
from store.domain.ids import CommentId
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.view.completing import of_words
from tui.words import _


async def comment(desk: Desk, argument: str) -> None:
    """Say something to the team; Tab completes a name after @."""
    row = desk.row
    if row is None:
        return
    names = tuple(f"@{member.key}" for member in desk.session.members)
    text = argument or await desk.ask_line(_("Comment: "), complete=of_words((*names, "@all")))
    if text and text.strip():
        command = AddComment(conversation_id=row.id, comment_id=CommentId(desk.session.new_key()), text=text.strip())
        await carry_out(desk, command, said=_("Commented."))


async def ask(desk: Desk, _argument: str) -> None:
    """Ask whoever writes to let go."""
    row = desk.row
    if row is not None:
        await carry_out(desk, AskForLease(conversation_id=row.id), said=_("Asked. It stands for a minute."))

"""A line asked for at the bottom of the composer."""

from tui.screens.asking import line_of
from tui.screens.composer_port import Writer
from tui.widgets.prompt import Question


async def line_typed(writer: Writer, question: Question) -> str | None:
    """What is typed; None: given up. The cursor is where it was before."""
    before = writer.screen.focused
    try:
        return await line_of(writer.screen, question)
    finally:
        (before or writer.body).focus()

"""From the desk into the composer: the one that stands ready is given the mail, then shown."""

from collections.abc import Callable

from textual.screen import Screen

from tui.composing import Composing
from tui.screens.composer import Composer
from tui.screens.program import program_of


async def show_composer(desk: Screen[None], composing: Composing, left: Callable[[str | None], None]) -> None:
    """Write; comes back when it is on the screen. `left` hears the sentence with which it is left."""
    composer = await program_of(desk).standing(Composer, Composer)
    if not composer.writes:
        composer.begin(composing)
        await desk.app.push_screen(composer, left)
        return
    # Somebody is writing there already: a command that was given up, and came through all the same.
    another = Composer()
    await desk.app.push_screen(another, left)
    another.begin(composing)

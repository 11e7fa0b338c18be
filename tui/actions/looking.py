"""How the screen looks, changed while one works."""

from dataclasses import replace

from tui.actions.port import Desk
from tui.view.look import THEMES
from tui.words import _


async def theme(desk: Desk, argument: str) -> None:
    """Other colours, for as long as the program runs: `:theme light`."""
    name, session = argument.strip().lower(), desk.session
    if name in THEMES:
        session.look = replace(session.look, theme=name)
        desk.perform("redraw")
        desk.say(_("Theme {name}, for now; [screen] theme in settings.toml keeps it.").format(name=name))
    else:
        desk.say(_("Themes: {names}; now {name}.").format(names=", ".join(THEMES), name=session.look.theme))

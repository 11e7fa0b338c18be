"""One run of the terminal, from the home to the exit code; what it says stands on the shell's own screen."""

import sys
from pathlib import Path

from mailsync.engine.apart import Apart
from store.errors import MadoError
from store.local.wiping import Written
from store.settings.settings import home_folder
from tui.app import Mado
from tui.crash import write_report
from tui.first_picture import FirstPicture
from tui.session import open_session
from tui.shutting import shut
from tui.splash import UNSPLASH
from tui.taking import Taken
from tui.view.ambiguous import widen
from tui.view.trouble import trouble_words


def run(
    explicit_home: str | None, taken: Taken | None = None, picture: FirstPicture | None = None, apart: Apart | None = None, *, tour: bool = False
) -> int:
    """Run the terminal in a home; the exit code. `tour`: it begins with the tour. Every sentence it says comes after the terminal is itself again."""
    try:
        session = open_session(home_folder(Path(explicit_home) if explicit_home else None))
    except MadoError as error:
        leave_splash(taken)
        print(trouble_words(error), file=sys.stderr)
        return error.exit_code
    session.apart, session.begins_with_tour = apart, tour
    if picture is not None:
        session.first_window, session.first_count = picture.window, picture.count
    if session.look.ambiguous == 2:
        widen()
    app = Mado(session, taken, picture)
    try:
        code = app.run(mouse=session.settings.screen.mouse)
    except Exception as error:  # noqa: BLE001 - the last resort: one sentence instead of a traceback on the agent's screen
        app.crashed = app.crashed or write_report(session.home, error)
        code = 1
    if taken is not None:
        taken.give_back()
    if app.left_behind is not None:
        print(_shut(session.home, app.left_behind), file=sys.stderr)
    if app.crashed:
        print(app.crashed, file=sys.stderr)
    return code or (app.return_code or 0)


def _shut(home: Path, written: tuple[Written, ...]) -> str:
    try:
        return shut(home, written)
    except MadoError as error:
        return trouble_words(error)


def leave_splash(taken: Taken | None) -> None:
    """Back to the shell's screen, with the app never begun."""
    if taken is not None:
        taken.give_back()
    else:
        sys.stdout.write(UNSPLASH)
        sys.stdout.flush()

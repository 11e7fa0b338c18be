"""`mado` at a moment that does not pass: standing_still.py HOME MOMENT. Without the first picture, which is painted before there is a clock.

Signals change what no key of every screen can: the theme (`THEMED`, counted from there), and the screen (`POSED`), see `poses.py`.
"""

import asyncio
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from store import clock
from store.clock import SystemClock
from tui.splash import prepare_environment

THEMED = signal.SIGRTMIN + 1
THEMES = ("dark", "light", "contrast")
POSED = THEMED + len(THEMES)


class StoodStill(SystemClock):
    """It is always that moment."""

    moment: datetime

    def now(self) -> datetime:
        """That moment."""
        return self.moment


def stand_still(home: str, moment: datetime) -> int:
    """Run the terminal there; the exit code."""
    prepare_environment()
    StoodStill.moment = moment
    clock.SystemClock = StoodStill  # type: ignore[misc]  # the one door through which time comes in
    clock.local_now = lambda: moment.astimezone(clock.LocalZone())
    from tests.tui.poses import POSES
    from tui import running
    from tui.app import Mado

    class Posed(Mado):
        """The program, and what it does at a signal."""

        CSS_PATH = Path(running.__file__).with_name("styles") / "desk.tcss"

        def on_mount(self) -> None:
            """Listen."""
            loop = asyncio.get_running_loop()
            for number, name in enumerate(THEMES):
                loop.add_signal_handler(THEMED + number, self.in_theme, name)
            for number in range(len(POSES)):
                loop.add_signal_handler(POSED + number, self.pose, number)

        def in_theme(self, name: str) -> None:
            """All that can be seen in its colours, as if the program had begun with them."""
            self.session.look = replace(self.session.look, theme=name)
            for screen in self.screen_stack:
                for widget in screen.query("*"):
                    widget.refresh()
            self.paint_anew()

        def pose(self, number: int) -> None:
            """That screen over the desk."""
            assert self.desk is not None
            self.desk.spawn(POSES[number](self.desk))

    running.Mado = Posed  # type: ignore[misc]
    return running.run(home)


if __name__ == "__main__":
    sys.exit(stand_still(sys.argv[1], datetime.fromisoformat(sys.argv[2])))

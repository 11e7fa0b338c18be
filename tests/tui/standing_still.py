"""`mado` at a moment that does not pass: standing_still.py HOME MOMENT. Without the first picture, which is painted before there is a clock."""

import sys
from datetime import datetime

from store import clock
from store.clock import SystemClock
from tui.splash import prepare_environment

MOMENT = datetime.fromisoformat(sys.argv[2])


class StoodStill(SystemClock):
    """It is always that moment."""

    def now(self) -> datetime:
        """That moment."""
        return MOMENT


if __name__ == "__main__":
    prepare_environment()
    clock.SystemClock = StoodStill  # type: ignore[misc]  # the one door through which time comes in
    clock.local_now = lambda: MOMENT.astimezone(clock.LocalZone())
    from tui.running import run

    sys.exit(run(sys.argv[1]))

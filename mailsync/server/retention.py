"""What is older than the house keeps it loses its words, a little at a time, while the server runs."""

import asyncio
import logging

from store.team.desk import TeamDesk
from store.team.erasing import YEAR

STEP_EVERY_SECONDS = 60.0
"""A step looks at some hundred conversations: a million in two or three days."""

_log = logging.getLogger(__name__)


class Retention:
    """Steps for ever; cancel it to stop. `years` 0: the house keeps everything."""

    def __init__(self, desk: TeamDesk, years: int, *, every_seconds: float = STEP_EVERY_SECONDS) -> None:
        self._desk = desk
        self._keep = years * YEAR
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Return at once where nothing is ever to go.

        Raises:
            StoreError: The journal cannot be written.
        """
        while self._keep:
            await asyncio.sleep(self._every_seconds)
            erased = await self._desk.erasing.apply_retention(self._keep)
            if erased:
                _log.info("retention", extra={"conversations": erased})

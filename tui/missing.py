"""A home that is removed while one works in it: said at once, for what is not sent yet lies nowhere else."""

import asyncio

from tui.session import Listener, Session

LOOK_EVERY_SECONDS = 2.0


async def watch_home(session: Session, listener: Listener, *, every_seconds: float = LOOK_EVERY_SECONDS) -> None:
    """For ever: say when it goes, and when it is back."""
    session.store.hold()
    while True:
        gone = not await asyncio.to_thread(session.store.is_there)
        if gone != session.home_is_gone:
            session.home_is_gone = gone
            listener.on_sync()
            session.home_changed()
        await asyncio.sleep(every_seconds)

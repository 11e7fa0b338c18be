"""Starting what runs behind the desk, once a first page is on the screen."""

import asyncio
import gc
from importlib import import_module

from tui.session import Listener, Session


async def start(session: Session, listener: Listener) -> None:
    """Begin to sync and to follow the server. Trouble is told to the listener, never raised."""
    # On a thread: it takes a quarter of a second, and keys are pressed meanwhile. What the first mail is read with comes first.
    for name in ("mailsync.mime.quotes", "tui.behind"):
        await asyncio.to_thread(import_module, name)
    # What was imported is never looked through: that would be a pause of a screen at work, again and again.
    gc.freeze()
    gc.enable()
    await asyncio.to_thread(session.opened_files.clear)
    # Local import: the first page does not wait for HTTP and IMAP.
    from tui.behind import Behind

    behind = Behind(session, listener)
    if session.settings.inboxes:
        session.spawn(behind.sync(), "engine")
    if session.has_team:
        session.spawn(behind.follow(), "link")

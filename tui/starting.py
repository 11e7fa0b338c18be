"""Starting what runs behind the desk, once a first page is on the screen."""

import asyncio
import gc
import sys
from contextlib import suppress
from importlib import import_module

from mailsync.engine.apart import Apart
from store.domain.ids import ConversationId
from store.local.rows import Cursor
from store.settings.kept import Kept
from tui.advancing import ADVANCE, STAY
from tui.missing import watch_home
from tui.session import Listener, Session

SWITCH_SECONDS = 0.0005
SELDOM = 1_000
"""Rounds over the young objects until Python looks through all of them by itself: with ten thousand commands under way that is a pause
of a tenth of a second and more. `ListingScreen.time_goes_by` has it done while nobody is at the keys.
"""
FIRST_LIST_SECONDS = 2.0
"""So long the link waits for the first list of a home without mail; a mail server that does not answer keeps nobody from the team."""


async def start(session: Session, listener: Listener) -> None:
    """Begin to sync and to follow the server. Trouble is told to the listener, never raised."""
    # Whoever wants to paint a key waits at most so long for a thread that imports, or stores mail.
    sys.setswitchinterval(SWITCH_SECONDS)
    # On a thread: it takes a quarter of a second, and keys are pressed meanwhile. What the first mail is read with comes first.
    for name in ("mailsync.mime.quoting.quotes", "tui.behind"):
        await asyncio.to_thread(import_module, name)
    # What was imported is never looked through: that would be a pause of a screen at work, again and again.
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
    gc.enable()
    # Local imports: the first page does not wait for IMAP, and the first mail not for HTTP.
    from tui.behind import Behind

    behind = Behind(session, listener)
    session.spawn(watch_home(session, listener), "home")
    if session.settings.inboxes:
        is_empty = await asyncio.to_thread(_was_never_pulled, session)
        if session.apart is None and await asyncio.to_thread(_lacks_mail, session):
            session.apart = Apart.begin(session.home)
        session.spawn(behind.sync(), "engine")
        if is_empty:
            await _first_list(session)
    await asyncio.to_thread(session.opened_files.clear)
    session.stays = await asyncio.to_thread(lambda: Kept(session.home).preference(ADVANCE) == STAY)
    if session.has_team:
        await asyncio.to_thread(import_module, "tui.following")
        from tui.following import Following

        session.spawn(Following(session, listener, behind.pull_now, behind.look_at_sent).follow(), "link")


def _cursors(session: Session) -> list[Cursor | None]:
    return [session.store.cursor(inbox.key, mailbox) for inbox in session.settings.inboxes for mailbox in inbox.mailboxes]


def _was_never_pulled(session: Session) -> bool:
    return all(cursor is None for cursor in _cursors(session))


def _lacks_mail(session: Session) -> bool:
    """Whether the past of a mailbox is still to come."""
    return any(cursor is None or cursor.lowest_uid > 1 for cursor in _cursors(session))


async def _first_list(session: Session) -> None:
    """Wait until some mail is here."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()

    def hear(_ids: frozenset[ConversationId]) -> None:
        loop.call_soon_threadsafe(arrived.set)

    end = session.store.changes.subscribe(hear)
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(arrived.wait(), FIRST_LIST_SECONDS)
    finally:
        end()

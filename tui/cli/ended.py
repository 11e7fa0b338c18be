"""A verb heard that access to the team has ended: where that is sure the home is emptied, as at an open terminal."""

from pathlib import Path

from mailsync.link.errors import AccessEnded
from store.clock import SystemClock
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.settings import Settings, load_settings
from tui.shutting import is_to_be_emptied, shut, unsent


def raise_if_over(home: Path, settings: Settings, store: LocalStore, error: MadoError) -> None:
    """A verb that gets by without a server ends with this error nevertheless.

    Raises:
        AccessEnded: It is one, and sure.
    """
    if isinstance(error, AccessEnded) and is_to_be_emptied(home, settings, store, error.ending, SystemClock().now()):
        raise error


def shut_if_over(home: Path, error: MadoError) -> str | None:
    """What to tell the home's owner after it was emptied; None: it was not, and the error says enough.

    Raises:
        AccessOver: It was already.
        WordsNotKept: Nothing was removed.
        SettingsError, StoreError: It cannot be looked into.
    """
    if not isinstance(error, AccessEnded) or error.ending is None:
        return None
    settings = load_settings(home)
    store = LocalStore.open(home)
    try:
        if not is_to_be_emptied(home, settings, store, error.ending, SystemClock().now()):
            return None
        written = unsent(store.drafts(), store.pending())
    finally:
        store.close()
    return shut(home, written)

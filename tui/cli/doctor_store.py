"""What `mado doctor` says of the mail cache: whether it agrees with itself. Whether it agrees with the server, `mado sync --verify` says."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from store.errors import MadoError
from store.local.store import LocalStore
from tui.view.trouble import problem_words
from tui.view.verify_words import compared_words, flaw_words
from tui.words import _

FOUND = 1
"""Exit code: something is wrong that a verb mends."""


class StoreSaid(NamedTuple):
    """`exit_code` 0: it is well."""

    words: str
    exit_code: int = 0


def look_at_store(home: Path) -> StoreSaid:
    """Look only; a home without a cache gets none."""
    if not (home / "cache" / "mail.db").exists():
        return StoreSaid(_("no mail was fetched yet"))
    try:
        store = LocalStore.open(home, readonly=True)
        try:
            flaws = store.ledger.check()
        finally:
            store.close()
    except MadoError as error:
        return StoreSaid(problem_words(error), error.exit_code)
    if not flaws:
        return StoreSaid(_("it agrees with itself; `mado sync --verify` compares it with the server"))
    words = "; ".join(flaw_words(flaw) for flaw in flaws)
    return StoreSaid(_("{flaws}: `mado sync --verify` mends it").format(flaws=words), FOUND)


def look_at_comparisons(home: Path, now: datetime) -> StoreSaid:
    """When the cache was compared with the servers, and what had to be mended; a home without a cache gets none."""
    if not (home / "cache" / "mail.db").exists():
        return StoreSaid(_("no mail was fetched yet"))
    try:
        store = LocalStore.open(home, readonly=True)
        try:
            compared = store.ledger.remembered.comparisons()
        finally:
            store.close()
    except MadoError as error:
        return StoreSaid(problem_words(error), error.exit_code)
    if not compared:
        return StoreSaid(_("not yet: an open terminal does it once an hour, `mado sync --verify` at once"))
    words = "; ".join(compared_words(each, now) for each in compared)
    return StoreSaid(words, FOUND if any(each.differences > each.mended for each in compared) else 0)

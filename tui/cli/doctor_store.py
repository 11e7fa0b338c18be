"""What `mado doctor` says of the mail cache: whether it agrees with itself. Whether it agrees with the server, `mado sync --verify` says."""

from pathlib import Path
from typing import NamedTuple

from store.errors import MadoError
from store.local.store import LocalStore
from tui.view.trouble import problem_words
from tui.view.verify_words import flaw_words
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

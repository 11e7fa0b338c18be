"""How the sync is getting on, in a word or two for the status bar."""

from tui.words import _


def sync_words(done: int, total: int, *, failed: bool) -> str:
    """`mail 1,200/5,000` while there is much to load, a word of trouble, nothing when all is well."""
    if total > done:
        return _("mail {done:,}/{total:,}").format(done=done, total=total)
    return _("mail: no connection") if failed else ""

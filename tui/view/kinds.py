"""What kind of mail is being written, in words."""

from store.domain.draft_kind import DraftKind
from tui.words import _


def kind_words(kind: DraftKind) -> str:
    """For the bar below it."""
    words = {DraftKind.NEW: _("New mail"), DraftKind.FORWARD: _("Forward"), DraftKind.REDIRECT: _("Redirect")}
    return words.get(kind) or _("Reply")

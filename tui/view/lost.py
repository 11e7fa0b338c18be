"""What is said when a right is gone, and with it what was here."""

from collections.abc import Collection
from pathlib import Path

from tui.view.gate import clean
from tui.words import _


def lost_words(inboxes: Collection[str], own_words: Path | None) -> str:
    """One or two sentences: what went, whole inboxes or (none named) a conversation, and where one's own words are."""
    if inboxes:
        names = ", ".join(clean(inbox) for inbox in inboxes)
        said = _("The inbox {inboxes} is not yours any more: it was removed from this machine.").format(inboxes=names)
    else:
        said = _("A conversation went to an inbox that is not yours.")
    return said + kept_words(own_words)


def kept_words(own_words: Path | None) -> str:
    """A sentence to stand behind another: where what one wrote is now; "" where there was nothing."""
    return "" if own_words is None else " " + _("What you wrote and had not sent is in {path}.").format(path=clean(str(own_words)))

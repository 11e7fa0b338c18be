"""What a list without a line says: that there is no inbox, that mail is on its way, or why there is nothing, and what to do. Pure."""

import re
from enum import Enum, auto

from store.domain.query import VIEWS
from tui.view.keys.keymap import DEFAULT, KeyOf
from tui.words import _

_FIELD = re.compile(r"-?(?:is|has|status|owner|due):\S+")
"""A query of these alone is a view, not a search for words."""


class Mail(Enum):
    """How far the mail of a home has come."""

    NO_INBOX = auto()
    FETCHING = auto()
    """Some inbox was never pulled to its end."""
    UNREACHABLE = auto()
    """The same, and it cannot be reached."""
    HERE = auto()


def empty_words(mail: Mail, progress: str = "", *, query: str = "", key: KeyOf = DEFAULT.shown) -> tuple[str, ...]:
    """One sentence a line, the first one loud. `progress`: how far the fetching is, "" when nobody knows yet; `query`: what the list shows."""
    match mail:
        case Mail.NO_INBOX:
            return (
                _("There is no inbox here yet."),
                _("To try it:            mado demo"),
                _("With an invitation:   mado join INVITATION"),
                _("Leave with {key}.").format(key=key("quit")),
            )
        case Mail.FETCHING:
            return (_("Mail is being fetched; the newest comes first."), *([progress] if progress else []))
        case Mail.UNREACHABLE:
            return (
                _("Not all mail is here yet: the mailbox cannot be reached."),
                _("`mado doctor` says what is wrong; what is here can be searched."),
            )
        case Mail.HERE:
            return _nothing(query, key)


def _nothing(query: str, key: KeyOf) -> tuple[str, ...]:
    """All mail is here, and the list is empty."""
    tray = key("view-tray")
    views = _("{tray} is the work tray, {mine} yours, {all} all; {search} searches.").format(
        tray=tray, mine=key("view-mine"), all=key("view-all"), search=key("search")
    )
    if query == VIEWS["tray"]:
        return (_("Nothing waits for anybody: all is answered, on hold or done."), views)
    if query == VIEWS["mine"]:
        first = _("{tray} is the work tray: {take} takes the conversation under the cursor.").format(tray=tray, take=key("take"))
        return (_("Nothing is yours just now."), first, views)
    if query == VIEWS["all"]:
        return (_("There is no mail yet."), _("New mail comes by itself; :sync looks for it now."))
    if query == "status:awaiting_check":
        return (_("No reply waits for a check."), views)
    if not all(_FIELD.fullmatch(each) for each in query.split()):
        return (
            _("Nothing was found."),
            _("Fewer words find more; 請求* finds every word that begins so."),
            _("↑ after {search} brings the search back to change it; {back} leads back.").format(search=key("search"), back=key("back")),
        )
    return (_("Nothing here."), views)

"""What a list without a line says: that there is no inbox, that mail is on its way, or that there is nothing. Pure."""

from enum import Enum, auto

from tui.words import _


class Mail(Enum):
    """How far the mail of a home has come."""

    NO_INBOX = auto()
    FETCHING = auto()
    """Some inbox was never pulled to its end."""
    UNREACHABLE = auto()
    """The same, and it cannot be reached."""
    HERE = auto()


def empty_words(mail: Mail, progress: str = "") -> tuple[str, ...]:
    """One sentence a line, the first one loud. `progress`: how far the fetching is, "" when nobody knows yet."""
    match mail:
        case Mail.NO_INBOX:
            return (
                _("There is no inbox here yet."),
                _("To try it:            mado demo"),
                _("With an invitation:   mado join INVITATION"),
                _("Leave with q."),
            )
        case Mail.FETCHING:
            return (_("Mail is being fetched; the newest comes first."), *([progress] if progress else []))
        case Mail.UNREACHABLE:
            return (_("Not all mail is here yet: the mailbox cannot be reached."),)
        case Mail.HERE:
            return (_("Nothing here."), _("1 is the work tray, 2 what is yours, 3 everything; / searches."))

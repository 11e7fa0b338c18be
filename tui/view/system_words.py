"""What the operating system says of a failure, in the agent's language: it speaks English only."""

import errno
import os

from tui.words import _, language


def system_words(said: str) -> str:
    """The same in the agent's language where it is one of what a person meets; else as it is."""
    if language() == "en":
        return said
    known = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EACCES: _("access is denied"),
        errno.EPERM: _("access is denied"),
        errno.ENOSPC: _("the disk is full"),
        errno.EDQUOT: _("the disk is full"),
        errno.EISDIR: _("it is a folder"),
        errno.ENOTDIR: _("a part of the path is no folder"),
        errno.EROFS: _("nothing can be written there"),
        errno.ENAMETOOLONG: _("the name is too long"),
        errno.EIO: _("the disk could not be read or written"),
        errno.ECONNREFUSED: _("the connection was refused"),
        errno.ECONNRESET: _("the connection was lost"),
        errno.ETIMEDOUT: _("no answer in time"),
        errno.EHOSTUNREACH: _("there is no way to that host"),
        errno.ENETUNREACH: _("there is no network"),
    }
    return next((words for code, words in known.items() if os.strerror(code) == said), said)

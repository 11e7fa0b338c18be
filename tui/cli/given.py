"""What a command line gives a mail: its text, its files, how its draft begins; or why they cannot be taken."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.settings.settings import InboxSettings
from tui.freezing import AttachmentUnreadable
from tui.words import _


class NothingWritten(BadInput):
    """A reply needs words."""

    def __init__(self) -> None:
        super().__init__("there is nothing to send: give --body or --template, or write a draft first")


class BodyUnreadable(BadInput):
    """The text to send cannot be read."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"--body {name}: {problem}", name=name, problem=problem)


class InboxNotHere(BadInput):
    """The conversation belongs to an inbox this home knows nothing of."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the settings here know no inbox `{key}`: nobody knows what address to answer from", inbox=key)


class Begin(Protocol):
    """Makes the draft that a verb begins with."""

    def __call__(self, state: Conversation, messages: Sequence[StoredMessage], inbox: InboxSettings, name: str, signature: str) -> Draft:
        """`name` and `signature` are of whoever writes."""
        ...


def read_body(name: str) -> str:
    """The text of a file, or of stdin for `-`.

    Raises:
        BodyUnreadable: It cannot be read, or is not UTF-8: better said than sent garbled.
    """
    try:
        return (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise BodyUnreadable(name, error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise BodyUnreadable(name, _("it is not UTF-8")) from error


def existing(path: Path) -> Path:
    """The absolute path of a file to attach; said now, not when the mail is frozen.

    Raises:
        AttachmentUnreadable: There is no such file.
    """
    if not path.is_file():
        raise AttachmentUnreadable(path, _("there is no such file"))
    return path.absolute()

"""The clipboard of the terminal in front of the agent, also over SSH: OSC 52 (xterm's control sequences, "Manipulate Selection Data"). Pure."""

import base64
import re
from collections.abc import Mapping

from tui.view.gate import writable

MOST_BYTES = 74_994
"""What xterm, and most that follow it, take at once; more is left out by some of them without a word."""
WHAT = ("address", "number", "text", "link")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"“”「」『』（）、。]+", re.IGNORECASE)
_BEHIND = ".,;:!?)]}'’”"
"""What stands behind a link in a sentence and belongs to the sentence."""


def to_clipboard(text: str, environ: Mapping[str, str]) -> str | None:
    """What puts a text on the clipboard; None: it is too long for one.

    tmux takes it itself where `set-clipboard` is on, and lets it through where `allow-passthrough` is: it gets both. GNU screen lets it through.
    """
    data = writable(text).encode("utf-8")
    if len(data) > MOST_BYTES:
        return None
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"
    if environ.get("TMUX"):
        return sequence + "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        return "".join(f"\x1bP{sequence[at : at + SCREENS_PIECE]}\x1b\\" for at in range(0, len(sequence), SCREENS_PIECE))
    return sequence


SCREENS_PIECE = 250
"""GNU screen's own limit for one string that it passes on is 256."""


def links_in(text: str) -> tuple[str, ...]:
    """The links of a text as they stand there, each once, in order."""
    found = (_ended(each[0]) for each in _LINK.finditer(writable(text)))
    return tuple(dict.fromkeys(found))


def _ended(link: str) -> str:
    """Without what belongs to the sentence; a bracket that the link itself opens is the link's."""
    while link and link[-1] in _BEHIND and not (link[-1] == ")" and link.count("(") >= link.count(")")):
        link = link[:-1]
    return link

"""The one gate between text from outside and the terminal: nothing that steers a terminal passes."""

import re
from functools import cache

TAB_COLUMNS = 4

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001f3fb-\U0001f3ff\U000e0000-\U000e01ef"
)
"""Characters that show nothing, or about whose width terminals disagree: fillers, skin tones, what ties emoji together."""
_SUSPECT = re.compile(f"[\x00-\x1f\x7f-\x9f{UNSEEN}\ud800-\udfff]")

_MARKS = {
    "\u061c": "[ALM]",
    "\u200e": "[LRM]",
    "\u200f": "[RLM]",
    "\u202a": "[LRE]",
    "\u202b": "[RLE]",
    "\u202c": "[PDF]",
    "\u202d": "[LRO]",
    "\u202e": "[RLO]",
    "\u2066": "[LRI]",
    "\u2067": "[RLI]",
    "\u2068": "[FSI]",
    "\u2069": "[PDI]",
}
"""Unicode's bidi controls (UAX #9) by name: silently dropped they would hide that a sender tried to turn a file name round."""

_LINE_ENDS = frozenset("\n\x85\u2028\u2029")


def clean(text: str, *, lines: bool = False) -> str:
    """The text, safe to write to a terminal.

    C0, DEL and C1 are dropped; so is what is `UNSEEN`, but bidi controls become marks such as `[RLO]` and a lone surrogate U+FFFD.
    Without `lines` every line end and tab is a space; with it, line ends are LF and a tab goes to the next multiple of four columns.
    """
    if not _SUSPECT.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines and "\t" in text:
        text = text.expandtabs(TAB_COLUMNS)
    return _SUSPECT.sub(lambda found: _instead_of(found[0], lines=lines), text)


def _instead_of(character: str, *, lines: bool) -> str:
    if character in _LINE_ENDS:
        return "\n" if lines else " "
    if character == "\t":
        return " "
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return _MARKS.get(character, "")


@cache
def _not_to_be_written() -> re.Pattern[str]:
    """Compiled when it is first needed: a short command needs `clean` alone."""
    return re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def writable(text: str) -> str:
    """Text to be edited and sent: what steers a terminal or turns text round is left out, what people type, emoji's joiners too, stays.

    Line ends of any kind become LF, which a field of one line does not take.
    """
    if not _not_to_be_written().search(text):
        return text
    text = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text)
    return _not_to_be_written().sub(lambda found: "\ufffd" if "\ud800" <= found[0] <= "\udfff" else "", text)

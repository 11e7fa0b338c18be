"""Letters about whose width terminals disagree (Devanagari, Thai, emoji): what stands behind them comes where it belongs all the same. Pure."""

import re
from collections.abc import Iterator

from tui.view.width import columns_of

_SURE = (
    r" -~\u00a1-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2460-\u25ff\u2605\u2606\u270e"
    r"\u3000-\u3029\u3030-\u3098\u309b-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6\U00020000-\U0003fffd"
)
"""As wide on every terminal as we think, or in the hands of the setting for ambiguous ones."""
_UNSURE = re.compile(f"[^{_SURE}\x1b]")
_CELL = re.compile("(?P<text>(?: ?[^ ])+)(?P<gap> *)|(?P<blank> +)")
"""What stands together, and the gap behind it: one blank parts nothing."""
_RESET = "\x1b[0m"
_SEEN_ON_BLANKS = re.compile(r"[\[;](4|7|9|4[0-8]|10[0-7])[;m]|\]8;")
"""Underlined, reversed, struck, on a background; a link."""
_CODE = re.compile(r"(\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\)")


def anchored(x: int, text: str) -> str:
    """The text, to be written from column `x` (from 0) on, with the cursor set to where the next column begins behind such letters.

    Below them lie blanks in their style: where the terminal takes fewer columns, nothing that was there before is left standing; where it takes
    more, they reach into the gap.
    """
    return "".join(_pieces(x, text))


def is_unsure(text: str) -> bool:
    """Whether a terminal may take it to be wider or narrower than we do."""
    # The codes in it are of sure letters.
    return not text.isascii() and _UNSURE.search(text) is not None


def _pieces(x: int, text: str) -> Iterator[str]:
    for index, piece in enumerate(_with_gaps(_CODE.split(text))):
        if index % 2:
            yield piece
            continue
        for cell in _CELL.finditer(piece):
            columns = columns_of(cell[0])
            first = _UNSURE.search(cell[0])
            if first is None:
                yield cell[0]
            else:
                # The letter before it too: a mark joins it.
                sure = cell[0][: max(0, first.start() - 1)]
                begin = x + columns_of(sure)
                end = x + columns
                yield f"{sure}{' ' * (end - begin)}{_at_column(begin)}{cell['text'][len(sure) :]}{_at_column(end)}"
            x += columns


def _with_gaps(pieces: list[str]) -> list[str]:
    """Texts and the codes between them; the blanks behind a reset are counted to the text before it where its style shows nothing on blanks."""
    style = ""
    for at in range(1, len(pieces), 2):
        if pieces[at] != _RESET:
            style += pieces[at]
            continue
        if style and not _SEEN_ON_BLANKS.search(style):
            bare = pieces[at + 1].lstrip(" ")
            pieces[at - 1] += pieces[at + 1][: len(pieces[at + 1]) - len(bare)]
            pieces[at + 1] = bare
        style = ""
    return pieces


def _at_column(x: int) -> str:
    """CHA (ECMA-48 8.3.9)."""
    return f"\x1b[{x + 1}G"

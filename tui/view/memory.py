"""What stands on the terminal already: over SSH every byte is felt, so only what is new is written, and as briefly as can be."""

import re

from tui.view.anchoring import anchored, is_unsure
from tui.view.width import character_columns, columns_of

BLANKS_TO_ERASE = 6
"""From so many blanks at the end of a piece on, erasing them (ECH, ECMA-48 8.3.38) is shorter than writing them."""
BLANKS_TO_SKIP = 11
"""The same within a piece, where the cursor must go on behind them (CUF, ECMA-48 8.3.20)."""
RESET = "\x1b[0m"
LINK = "\x1b]8;id=m;"
"""What opens a link. One id for all: pieces of the same address, a broken line's, are one link then, and no others are."""
_RESET_AND_STYLE = re.compile(r"\x1b\[0m\x1b\[(?=[0-9;]+m)")
_CODE = re.compile(r"\x1b\[[0-9;]*m")
_CERTAIN = re.compile("[ -~…●✎◦│─\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]*")
"""Letters that are as wide on every terminal as we think, or in a setting's hands: behind others what is new is not written alone."""
_GAP = " " * BLANKS_TO_SKIP
_PLAIN_GAP = re.compile(rf"(?P<style>\x1b\[[0-9;]*m)|(?P<gap> {{{BLANKS_TO_SKIP},}})")


class TerminalMemory:
    """What stands where on the terminal, in the pieces it was written in."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[int, str]]] = {}

    def forget(self) -> None:
        """Something else wrote there: an editor, a shell, a resize."""
        self._rows.clear()

    def put(self, y: int, x: int, width: int, text: str) -> str:
        """Note a piece; what must be written for it to stand there, "": nothing. Of one that was there already, only what is another."""
        row = self._rows.setdefault(y, {})
        before = row.get(x)
        if before == (width, text):
            return ""
        for other, (other_width, _text) in list(row.items()):
            if other < x + width and other + other_width > x:
                del row[other]
        row[x] = (width, text)
        whole = written_at(y, x, text)
        if before is None or before[0] != width:
            return whole
        changed = _changed(before[1], text)
        brief = written_at(y, x + changed[0], changed[1]) if changed is not None else whole
        return brief if len(brief) < len(whole) else whole


def _changed(before: str, now: str) -> tuple[int, str] | None:
    """Where the new text becomes another, in columns, and what stands there up to where both go on alike, in the style it has; None: all of it.

    Where a link stands in either, all of it: it is opened and closed within what is written.
    """
    if LINK in before or LINK in now:
        return None
    start = _common_start(before, now)
    alike = _CODE.sub("", now[:start])
    if not alike or not _CERTAIN.fullmatch(alike):
        return None
    style = _style_at(now, start)
    end = _common_end(before, now, start)
    middle = now[start : len(now) - end]
    if is_unsure(middle) or is_unsure(before[start : len(before) - end]):
        # One may reach over what stands behind it, the other has.
        return None
    left = _style_at(now, len(now) - end)
    return columns_of(alike), style + middle + (RESET if left else "")


def _common_start(before: str, now: str) -> int:
    """So many characters both begin with; not within a code, and not before a mark that joins the letter before it."""
    at = 0
    for one, other in zip(before, now, strict=False):
        if one != other:
            break
        at += 1
    if _within_code(now, at):
        at = now.rfind("\x1b", 0, at)
    while at and (_joins(before, at) or _joins(now, at)):
        at -= 1
    return at


def _common_end(before: str, now: str, start: int) -> int:
    """So many characters both end with, in the same style; not within a code, and not beginning with a mark that joins the letter before it."""
    most = min(len(before), len(now)) - start
    end = 0
    while end < most and before[-1 - end] == now[-1 - end]:
        end += 1
    while end and (_within_code(now, len(now) - end) or _within_code(before, len(before) - end) or _joins(now, len(now) - end)):
        end -= 1
    if not end:
        return 0
    same_style = _style_at(before, len(before) - end) == _style_at(now, len(now) - end)
    same_width = columns_of(_CODE.sub("", before[start : len(before) - end])) == columns_of(_CODE.sub("", now[start : len(now) - end]))
    return end if same_style and same_width else 0


def _joins(text: str, at: int) -> bool:
    return at < len(text) and text[at] != "\x1b" and not text[at].isascii() and character_columns(text[at]) == 0


def _within_code(text: str, at: int) -> bool:
    code = text.rfind("\x1b", 0, at)
    return code >= 0 and text.find("m", code) >= at


def _style_at(text: str, at: int) -> str:
    """The codes in force there; "" after a reset."""
    codes = _CODE.findall(text, 0, at)
    found = ""
    for code in codes:
        found = "" if code == RESET else found + code
    return found


def written_at(y: int, x: int, text: str) -> str:
    """What puts a piece there, in few bytes; `text` begins and ends without a style.

    Blanks in no style are erased instead of written where that is shorter; those in a style stay. A style that follows
    the reset of another takes the reset along (SGR, ECMA-48 8.3.117). A parameter that is not said is 0 there, and 1 in CUP (8.3.21).
    What stands behind letters of doubtful width is set in its column.
    """
    if is_unsure(text):
        # Such letters may reach into the blanks behind them.
        bare, shown = text, anchored(x, text)
    else:
        bare = shown = text.rstrip(" ")
    blanks = len(text) - len(bare)
    end = f"\x1b[{blanks}X" if blanks >= BLANKS_TO_ERASE else " " * blanks
    place = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    return place + _RESET_AND_STYLE.sub("\x1b[;", _without_gaps(shown)).replace(RESET, "\x1b[m") + end


def _without_gaps(text: str) -> str:
    """The text with its long plain gaps erased and stepped over."""
    if _GAP not in text:
        return text
    plain = True

    def written(found: re.Match[str]) -> str:
        nonlocal plain
        gap = found["gap"]
        if gap is None:
            plain = found["style"] == RESET
            return found[0]
        return f"\x1b[{len(gap)}X\x1b[{len(gap)}C" if plain else gap

    return _PLAIN_GAP.sub(written, text)

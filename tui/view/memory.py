"""What stands on the terminal already: over SSH every byte is felt, so only what is new is written, and as briefly as can be."""

import re
from collections.abc import Callable

BLANKS_TO_ERASE = 6
"""From so many blanks at the end of a piece on, erasing them (ECH, ECMA-48 8.3.38) is shorter than writing them."""
BLANKS_TO_SKIP = 11
"""The same within a piece, where the cursor must go on behind them (CUF, ECMA-48 8.3.20)."""
RESET = "\x1b[0m"
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_RESET_AND_STYLE = re.compile(r"\x1b\[0m\x1b\[(?=[0-9;]+m)")
_PLAIN_GAP = re.compile(rf"(?P<style>\x1b\[[0-9;]*m)|(?P<gap> {{{BLANKS_TO_SKIP},}})")


class TerminalMemory:
    """What stands where on the terminal, in the pieces it was written in."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[int, str]]] = {}

    def forget(self) -> None:
        """Something else wrote there: an editor, a shell, a resize."""
        self._rows.clear()

    def at(self, y: int, x: int, width: int) -> str | None:
        """The piece of this width that stands there; None: another, or nobody knows."""
        found = self._rows.get(y, {}).get(x)
        return found[1] if found is not None and found[0] == width else None

    def put(self, y: int, x: int, width: int, text: str) -> bool:
        """Note a piece; True: it is not there yet and must be written."""
        row = self._rows.setdefault(y, {})
        if row.get(x) == (width, text):
            return False
        for other, (other_width, _text) in list(row.items()):
            if other < x + width and other + other_width > x:
                del row[other]
        row[x] = (width, text)
        return True


def changed_part(before: str, after: str, columns_of: Callable[[str], int]) -> tuple[int, str]:
    """From which column on a piece must be written anew where another of its width stands, and what: an age that has grown is not the row."""
    same = next((place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), min(len(before), len(after)))
    begun = after.rfind("\x1b", 0, same)
    if begun >= 0 and (found := _STYLE.match(after, begun)) is not None and found.end() > same:
        same = begun
    # What has no width of its own belongs to the letter before it.
    while same and same < len(after) and after[same] != "\x1b" and not columns_of(after[same]):
        same -= 1
    styles = _STYLE.findall(after, 0, same)
    style = styles[-1] if styles and styles[-1] != RESET else ""
    return columns_of(_STYLE.sub("", after[:same])), style + after[same:]


def written_at(y: int, x: int, text: str) -> str:
    """What puts a piece there, in few bytes; `text` begins and ends without a style.

    Blanks in no style are erased instead of written where that is shorter; those in a style stay. A style that follows
    the reset of another takes the reset along (SGR, ECMA-48 8.3.117). A parameter that is not said is 0 there, and 1 in CUP (8.3.21).
    """
    bare = text.rstrip(" ")
    blanks = len(text) - len(bare)
    end = f"\x1b[{blanks}X" if blanks >= BLANKS_TO_ERASE else " " * blanks
    place = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    return place + _RESET_AND_STYLE.sub("\x1b[;", _without_gaps(bare)).replace(RESET, "\x1b[m") + end


def _without_gaps(text: str) -> str:
    """The text with its long plain gaps erased and stepped over."""
    plain = True

    def written(found: re.Match[str]) -> str:
        nonlocal plain
        gap = found["gap"]
        if gap is None:
            plain = found["style"] == RESET
            return found[0]
        return f"\x1b[{len(gap)}X\x1b[{len(gap)}C" if plain else gap

    return _PLAIN_GAP.sub(written, text)

"""What stands on the terminal already: over SSH every byte is felt, so only what is new is written, and as briefly as can be."""

import re

BLANKS_TO_ERASE = 6
"""From so many blanks at the end of a piece on, erasing them (ECH, ECMA-48 8.3.38) is shorter than writing them."""
BLANKS_TO_SKIP = 11
"""The same within a piece, where the cursor must go on behind them (CUF, ECMA-48 8.3.20)."""
RESET = "\x1b[0m"
_RESET_AND_STYLE = re.compile(r"\x1b\[0m\x1b\[(?=[0-9;]+m)")
_PLAIN_GAP = re.compile(rf"(?P<style>\x1b\[[0-9;]*m)|(?P<gap> {{{BLANKS_TO_SKIP},}})")


class TerminalMemory:
    """What stands where on the terminal, in the pieces it was written in."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[int, str]]] = {}

    def forget(self) -> None:
        """Something else wrote there: an editor, a shell, a resize."""
        self._rows.clear()

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


def written_at(y: int, x: int, text: str) -> str:
    """What puts a piece there, in few bytes; `text` begins and ends without a style.

    Blanks in no style are erased instead of written where that is shorter; those in a style stay. A style that follows
    the reset of another takes the reset along (SGR, ECMA-48 8.3.117).
    """
    bare = text.rstrip(" ")
    blanks = len(text) - len(bare)
    end = f"\x1b[{blanks}X" if blanks >= BLANKS_TO_ERASE else " " * blanks
    return f"\x1b[{y + 1};{x + 1}H" + _RESET_AND_STYLE.sub("\x1b[0;", _without_gaps(bare)) + end


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

"""What stands on the terminal already: over SSH every byte is felt, so only what is new is written."""

BLANKS_TO_ERASE = 6
"""From so many blanks at the end of a piece on, erasing them (ECH, ECMA-48 8.3.38) is shorter than writing them."""


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
    """What puts a piece there.

    Blanks in no style at the end of a piece are erased instead of written; in a style they end with its reset and stay.
    """
    bare = text.rstrip(" ")
    blanks = len(text) - len(bare)
    return f"\x1b[{y + 1};{x + 1}H" + (f"{bare}\x1b[{blanks}X" if blanks >= BLANKS_TO_ERASE else text)

"""Telling pasted text from keys in what a terminal sends. Pure; `tui.driver` feeds it."""

START = "\x1b[200~"
END = "\x1b[201~"


class PasteSplitter:
    """Takes decoded input in pieces of any length; gives back what are keys, and each finished paste whole.

    Textual's own parser reads escape sequences inside a bracketed paste: a pasted ESC ends it, and the rest of the text arrives as
    commands. Here nothing between the brackets is ever looked at.
    """

    def __init__(self) -> None:
        self._tail = ""
        self._pasting = False
        self._held = ""

    def feed(self, data: str) -> tuple[str, tuple[str, ...]]:
        """Keys (with the brackets, so that the parser's own state stays right) and the texts of finished pastes."""
        keys: list[str] = []
        pasted: list[str] = []
        while data:
            data = self._in_paste(data, keys, pasted) if self._pasting else self._in_keys(data, keys)
        return "".join(keys), tuple(pasted)

    def _in_keys(self, data: str, keys: list[str]) -> str:
        joined = self._tail + data
        at = joined.find(START)
        if at < 0:
            keys.append(data)
            self._tail = joined[-(len(START) - 1) :]
            return ""
        end = at + len(START) - len(self._tail)
        keys.append(data[:end])
        self._pasting, self._tail, self._held = True, "", ""
        return data[end:]

    def _in_paste(self, data: str, keys: list[str], pasted: list[str]) -> str:
        searched_from = max(0, len(self._held) - len(END) + 1)
        self._held += data
        at = self._held.find(END, searched_from)
        if at < 0:
            return ""
        pasted.append(self._held[:at])
        keys.append(END)
        rest = self._held[at + len(END) :]
        self._pasting, self._held = False, ""
        return rest

"""Telling pasted text from keys in what a terminal sends, in the order it was sent. Pure; `tui.driver` feeds it."""

from dataclasses import dataclass

START = "\x1b[200~"
END = "\x1b[201~"


@dataclass(frozen=True, slots=True)
class Part:
    """Keys (with the brackets of a paste, so that a parser's own state stays right), or the text of a finished paste."""

    text: str
    is_pasted: bool


class PasteSplitter:
    """Takes decoded input in pieces of any length; gives back keys, and each finished paste whole, as they came.

    Textual's own parser reads escape sequences inside a bracketed paste: a pasted ESC ends it, and the rest of the text arrives as
    commands. Here nothing between the brackets is ever looked at.
    """

    def __init__(self) -> None:
        self._tail = ""
        self._pasting = False
        self._held = ""

    def feed(self, data: str) -> tuple[Part, ...]:
        """What is known by now: an unfinished paste is held back."""
        parts: list[Part] = []
        while data:
            data = self._in_paste(data, parts) if self._pasting else self._in_keys(data, parts)
        return tuple(parts)

    def _in_keys(self, data: str, parts: list[Part]) -> str:
        joined = self._tail + data
        at = joined.find(START)
        if at < 0:
            parts.append(Part(data, is_pasted=False))
            self._tail = joined[-(len(START) - 1) :]
            return ""
        end = at + len(START) - len(self._tail)
        parts.append(Part(data[:end], is_pasted=False))
        self._pasting, self._tail, self._held = True, "", ""
        return data[end:]

    def _in_paste(self, data: str, parts: list[Part]) -> str:
        searched_from = max(0, len(self._held) - len(END) + 1)
        self._held += data
        at = self._held.find(END, searched_from)
        if at < 0:
            return ""
        parts += (Part(self._held[:at], is_pasted=True), Part(END, is_pasted=False))
        rest = self._held[at + len(END) :]
        self._pasting, self._held = False, ""
        return rest

"""Sentences as a page to read and to search."""

from collections.abc import Sequence

from tui.view.highlight import Findings, find_in_lines
from tui.view.matching import words_matcher
from tui.view.spans import Line, line
from tui.view.wrapping import wrap


class TextPages:
    """Sentences, each wrapped by itself; already cleaned."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._sentences = sentences

    def lines(self, width: int) -> Sequence[Line]:
        """All of it."""
        return tuple(line(piece) for each in self._sentences for piece in wrap(each, width))

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As it is read."""
        return find_in_lines(lines, words_matcher(words))

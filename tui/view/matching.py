"""Where words stand in a text that a person reads: widths and capitals make no difference. For pages; a query has a matcher of its own."""

import re

from store.local.normalise import folded
from tui.view.highlight import Matcher


def words_matcher(words: str) -> Matcher:
    """Finds the words as they were typed, blanks of any length between them."""
    pieces = [re.escape(each) for each in folded(words).split()]
    pattern = re.compile(r"\s+".join(pieces)) if pieces else None

    def matches(text: str) -> tuple[tuple[int, int], ...]:
        if pattern is None:
            return ()
        letters = [folded(each) for each in text]
        if all(len(each) == 1 for each in letters):
            return tuple(found.span() for found in pattern.finditer("".join(letters)))
        origin = [index for index, each in enumerate(letters) for _ in each]
        return tuple((origin[found.start()], origin[found.end() - 1] + 1) for found in pattern.finditer("".join(letters)))

    return matches

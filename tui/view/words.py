"""Where a word begins and ends for a cursor, also in Japanese, which has no blanks: by runs of one script."""

import re
from functools import cache

_RUNS = (
    r"(?P<blank>\s+)"
    r"|(?P<kanji>[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
    r"|(?P<hiragana>[\u3041-\u309f]+)"
    r"|(?P<katakana>[\u30a0-\u30ff\uff66-\uff9f]+)"
    r"|(?P<letters>[^\W\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+)"
    r"|(?P<signs>[^\w\s]+)"
)


@cache
def _runs() -> re.Pattern[str]:
    """Compiled when it is first needed: the classes are large."""
    return re.compile(_RUNS)


def word_left(text: str, column: int) -> int:
    """Where the run before the cursor begins; blanks before the cursor are passed over."""
    starts = [run.start() for run in _runs().finditer(text) if run.start() < column and run.lastgroup != "blank"]
    return starts[-1] if starts else 0


def word_right(text: str, column: int) -> int:
    """Where the next run begins, the end of the text included."""
    return next((run.start() for run in _runs().finditer(text) if run.start() > column and run.lastgroup != "blank"), len(text))


def word_end(text: str, column: int) -> int:
    """Where the run under the cursor, or the next one behind blanks, ends: what is deleted to the right."""
    return next((run.end() for run in _runs().finditer(text) if run.end() > column and run.lastgroup != "blank"), len(text))

"""The house's list of words as a text file that people edit and git compares: `error 絶対に => 必ず @sales`, one a line."""

import re

from store.domain.house_words import CARELESS, FORBIDDEN, HouseWord, problem_of, tidied
from store.domain.ids import InboxKey

_LINE = re.compile(rf"(?P<level>{FORBIDDEN}|{CARELESS})\s+(?P<text>\S.*?)(?:\s+=>\s+(?P<instead>\S.*?))?(?:\s+@(?P<inbox>[\w-]+))?\s*")


def word_line(word: HouseWord) -> str:
    """A word as a line of the file."""
    instead = f" => {word.instead}" if word.instead else ""
    return f"{word.level} {word.text}{instead}{f' @{word.inbox}' if word.inbox else ''}"


def words_in(text: str) -> tuple[tuple[HouseWord, ...], tuple[int, ...]]:
    """The words of a file, each once (its last line counts), and the numbers of the lines that are none. `#` begins a comment."""
    words: dict[tuple[str, str], HouseWord] = {}
    wrong: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        word = match and tidied(HouseWord(match["text"], match["level"], match["instead"] or "", InboxKey(match["inbox"] or "")))
        if not word or problem_of(word) is not None:
            wrong.append(number)
        else:
            words[word.key] = word
    return tuple(words.values()), tuple(wrong)

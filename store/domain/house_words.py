"""Words that the house forbids or avoids in its mail: the team's list, kept by its leaders, and the rules about it."""

import re
from unicodedata import category

import msgspec
from msgspec.structs import replace

from store.domain.ids import InboxKey

FORBIDDEN = "error"
CARELESS = "warning"
LONGEST = 80
MOST_AT_ONCE = 2_000


class HouseWord(msgspec.Struct, frozen=True):
    """A word or phrase as it is written. `level`: `error` stops a mail that has it, `warning` asks; `inbox` "": in every inbox."""

    text: str
    level: str = CARELESS
    instead: str = ""
    """What to write in its place; "": nothing was named."""
    inbox: InboxKey = InboxKey("")
    removed: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """A word stands once for each inbox, whatever its level."""
        return self.inbox, self.text


def tidied(word: HouseWord) -> HouseWord:
    """The same without the space around it."""
    return replace(word, text=word.text.strip(), instead=word.instead.strip())


def problem_of(word: HouseWord) -> str | None:
    """Why it cannot be on the list, as a sentence; None: it can."""
    if not 0 < len(word.text) <= LONGEST or len(word.instead) > LONGEST:
        return f"a word has 1 to {LONGEST} letters, and its replacement at most as many"
    if any(category(letter)[0] == "C" for letter in (*word.text, *word.instead)):
        return "a word has no control characters"
    if any("=>" in text or re.search(r"(?:^|\s)@", text) for text in (word.text, word.instead)):
        return "a word has no `=>`, and no word in it begins with `@`: the list's text file could not be read back"
    return None if word.level in {FORBIDDEN, CARELESS} else f"a word's level is {FORBIDDEN} or {CARELESS}"

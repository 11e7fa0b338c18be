"""The lines in which a mail addresses somebody: `佐藤様`, `株式会社アオイ 御中`, `Dear Laura,`."""

import re
from dataclasses import dataclass

from store.domain.checks.draft_text import DraftText, OwnLine

MOST_LINES = 6
LONGEST = 45

_JA = re.compile(r"(?P<lead>\s*)(?P<who>\S(?:.*?\S)?)\s*(?P<honorific>様方|様|さま|さん|殿|先生|御中|各位)(?P<rest>\s*(?:[、,へ]|\(.{0,20}\))?\s*)")
_EN = re.compile(
    r"\s*(?:Dear|Hello|Hi|Hey|Greetings|Good (?:morning|afternoon|evening)|To)\s+(?P<who>[^,:!\n]{1,70}?)\s*(?:[,:!.]|-|–|—|$).{0,3}", re.IGNORECASE
)
_PROSE = re.compile(r"[。]|(?:です|ます|ました|ません)[。!]?\s*$|お世話|平素|拝啓|ありがとう|いつも|\S\s+\S+\s+\S.*[.!?]\s*$")
_TITLES = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof|sir|madam|professor|doctor)\b\.?", re.IGNORECASE)
_NOBODY = frozenset(
    [
        "all",
        "team",
        "everyone",
        "everybody",
        "both",
        "there",
        "customer",
        "customers",
        "sir",
        "madam",
        "colleagues",
        "colleague",
        "friends",
        "friend",
        "support",
        "sales",
        "folks",
        "user",
        "users",
        "client",
        "valued",
        "whom",
        "it",
        "may",
        "concern",
        "again",
        "or",
        "dear",
    ]
)


@dataclass(frozen=True)
class Addressed:
    """One line of the greeting: whom it names, where in the line, and the honorific behind the name ("" for none)."""

    line: OwnLine
    who: str
    start: int
    honorific: str

    @property
    def end(self) -> int:
        """Behind the name."""
        return self.start + len(self.who)


def greeting(text: DraftText) -> tuple[OwnLine, ...]:
    """The first lines, up to the first one that is a sentence."""
    found: list[OwnLine] = []
    for line in text.own[:MOST_LINES]:
        english = _EN.fullmatch(line.narrow)
        if english or not (len(line.text.strip()) > LONGEST or _PROSE.search(line.narrow)):
            found.append(line)
        if english or found[-1:] != [line]:
            break
    return tuple(found)


def addressed(lines: tuple[OwnLine, ...]) -> tuple[Addressed, ...]:
    """Everybody whom the greeting names in a form that can be read."""
    found: list[Addressed] = []
    for at, line in enumerate(lines):
        if (english := _EN.fullmatch(line.narrow)) and at < 2:
            found.extend(_english(line, english.start("who"), english["who"]))
        elif japanese := _JA.fullmatch(line.narrow):
            found.append(Addressed(line, japanese["who"], japanese.start("who"), japanese["honorific"]))
    return tuple(found)


def _english(line: OwnLine, start: int, who: str) -> list[Addressed]:
    """`Ms. Green and Sam` names two."""
    found: list[Addressed] = []
    for match in re.finditer(r"(?:(?!\s+(?:and|&)\s+|[,/]).)+", who):
        name = _TITLES.sub("", match[0]).strip(" .")
        if not name or all(word in _NOBODY for word in name.casefold().split()):
            continue
        found.append(Addressed(line, name, start + match.start() + match[0].find(name), "dear"))
    return found

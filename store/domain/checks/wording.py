"""Words of the house's list, found however wide, in whichever kana and case they are written."""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from store.domain.checks.draft_text import DraftText
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.finding import ERROR, WARNING, Finding
from store.domain.house_words import FORBIDDEN, HouseWord

_MARKS = "ﾞﾟ\u3099\u309a"


def house_words(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Every word of the list in the subject and in the writer's own text."""
    words = [(word, _wanted(word.text)) for word in facts.words if not word.removed and word.inbox in {"", facts.inbox}]
    if not words:
        return
    places = [("subject", 1, draft.subject), *(("body", line.number, line.text) for line in text.own)]
    read = [(where, number, line, *folded(line)) for where, number, line in places]
    everything = "\n".join(plain for _, _, _, plain, _ in read)
    for word, wanted in words:
        if not wanted or wanted not in everything:
            continue
        for where, number, line, plain, at in read:
            for start in _starts(plain, wanted):
                first, end = at[start], at[start + len(wanted)]
                yield _finding(word, where, number, first, line[first:end])


@lru_cache(maxsize=4_096)
def _wanted(text: str) -> str:
    return folded(text)[0]


def _finding(word: HouseWord, where: str, number: int, start: int, said: str) -> Finding:
    forbidden = word.level == FORBIDDEN
    code, severity = ("forbidden_word", ERROR) if forbidden else ("careless_word", WARNING)
    return Finding(code, severity, number, start + 1, where, (said, word.instead), len(said))


def folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its letters (and for its end) where it stands in `text`."""
    plain: list[str] = []
    at: list[int] = []
    for start, letter in enumerate(text):
        if letter in _MARKS and plain:
            # A half-width kana's own sign: it belongs to the letter before it.
            plain[-1] = _plain(normalize("NFC", plain[-1] + normalize("NFKC", letter).strip()))[:1]
            continue
        for one in _plain(letter):
            plain.append(one)
            at.append(start)
    return "".join(plain), [*at, len(text)]


@lru_cache(maxsize=8_192)
def _plain(letter: str) -> str:
    plain = normalize("NFKC", letter).lower()
    return "".join(chr(ord(one) + 0x60) if "ぁ" <= one <= "ゖ" else one for one in plain)


def _starts(plain: str, wanted: str) -> Iterator[int]:
    """Where it begins; a word in Latin letters is no part of a longer one."""
    start = plain.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        before, after = plain[start - 1 : start], plain[end : end + 1]
        if not (_latin(wanted[0]) and before and _latin(before)) and not (_latin(wanted[-1]) and after and _latin(after)):
            yield start
        start = plain.find(wanted, start + 1)


def _latin(letter: str) -> bool:
    return letter.isalnum() and letter < "\u0250"

"""200 queries as people at a desk type them, in our language and in notmuch's: two and four characters of Japanese, English words, phrases,
names, exclusions and combinations."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bench.corpus import ENGLISH, FAMILY, GIVEN, GOODS, GOODS_EN, JAPANESE, LAST

COUNTS = {"two": 60, "four": 30, "english": 40, "phrase": 20, "from": 20, "without": 15, "together": 15}
KANA_AND_KANJI = range(0x3041, 0x9FFF)
OPERATORS = frozenset({"and", "or", "not", "xor", "near", "adj"})
"""Words that notmuch takes for something else."""


@dataclass(frozen=True)
class Asked:
    """One query. `wanted` are the parts that a mail must have, `unwanted` those it must not: (field, text) each, field "" for anywhere."""

    kind: str
    ours: str
    theirs: str
    wanted: tuple[tuple[str, str], ...]
    unwanted: tuple[tuple[str, str], ...] = ()


def queries() -> list[Asked]:
    """The same ones every time."""
    chance = random.Random(200)
    return [one for kind, count in COUNTS.items() for one in _some(chance, kind, count)]


def beginnings() -> list[Asked]:
    """Beginnings of words and order numbers, of two to four letters; beside the 200, for notmuch is not asked them."""
    words = dict.fromkeys(word.casefold() for goods in (*GOODS_EN, *LAST) for word in goods.split())
    return [Asked("beginning", f"{start}*", "", ()) for start in dict.fromkeys(("ab", *(word[:length] for word in words for length in (2, 3, 4))))]


def _some(chance: random.Random, kind: str, count: int) -> Iterator[Asked]:
    seen: set[str] = set()
    while len(seen) < count:
        made = _MAKERS[kind](chance)
        if made.ours not in seen:
            seen.add(made.ours)
            yield made


def _japanese(chance: random.Random, length: int) -> str:
    """So many characters from somewhere in what customers write."""
    while True:
        sentence = chance.choice((*JAPANESE, *GOODS, *FAMILY, *GIVEN)).replace("髙", "高")
        at = chance.randrange(len(sentence))
        piece = sentence[at : at + length]
        if len(piece) == length and all(ord(letter) in KANA_AND_KANJI and letter not in "①、。" for letter in piece):
            return piece


def _word(kind: str, text: str, field: str = "") -> Asked:
    quoted = f'"{text}"' if " " in text or not text.isascii() else text
    # notmuch takes two characters without quotation marks for two words in some versions and for a phrase in others: always quoted.
    prefix = f"{field}:" if field else ""
    return Asked(kind, f"{prefix}{text if ' ' not in text else quoted}", f"{prefix}{quoted}", ((field, text),))


def _english(chance: random.Random) -> str:
    words = [word.strip(".,?:{}") for sentence in ENGLISH for word in sentence.split() if "{" not in word and "'" not in word]
    return chance.choice(
        [word for word in (*words, *(part for goods in GOODS_EN for part in goods.split())) if len(word) > 1 and word not in OPERATORS]
    ).lower()


def _phrase(chance: random.Random) -> Asked:
    if chance.random() < 0.5:
        return _word("phrase", _japanese(chance, chance.randrange(6, 10)))
    while True:
        words = [word.strip(".,?:") for word in chance.choice(ENGLISH).split()]
        at = chance.randrange(len(words))
        piece = words[at : at + chance.randrange(2, 4)]
        if len(piece) > 1 and not any("{" in word for word in piece):
            return _word("phrase", " ".join(piece).lower())


def _without(chance: random.Random) -> Asked:
    wanted, unwanted = _either(chance), _either(chance)
    if wanted == unwanted:
        return _without(chance)
    return Asked("without", f"{wanted} -{unwanted}", f'"{wanted}" and not "{unwanted}"', (("", wanted),), (("", unwanted),))


def _together(chance: random.Random) -> Asked:
    name, word = chance.choice((*FAMILY, *LAST)), _either(chance)
    return Asked("together", f"from:{name} {word}", f'from:"{name}" and "{word}"', (("from", name), ("", word)))


def _either(chance: random.Random) -> str:
    return _japanese(chance, 2) if chance.random() < 0.6 else _english(chance)


def _person(chance: random.Random) -> Asked:
    who = f"c{chance.randrange(20_000):05d}" if chance.random() < 0.2 else chance.choice((*FAMILY, *GIVEN, *LAST))
    return _word("from", who, "from")


_MAKERS = {
    "two": lambda chance: _word("two", _japanese(chance, 2)),
    "four": lambda chance: _word("four", _japanese(chance, 4)),
    "english": lambda chance: _word("english", _english(chance)),
    "phrase": _phrase,
    "from": _person,
    "without": _without,
    "together": _together,
}

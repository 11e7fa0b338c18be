"""In which language a text is, by its script and its commonest words; a short text is in none."""

import re
from collections.abc import Iterable, Iterator

from store.domain.checks.draft_text import DraftText
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.finding import WARNING, Finding

FEWEST_KANA = 12
FEWEST_HAN = 24
FEWEST_LETTERS = 60
FEWEST_HITS = 4

NAMES = {
    "ja": "Japanese",
    "zh": "Chinese",
    "ko": "Korean",
    "ru": "Russian",
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
}
COMMON = {
    "en": [
        "the",
        "and",
        "you",
        "your",
        "for",
        "with",
        "this",
        "that",
        "have",
        "has",
        "we",
        "are",
        "is",
        "our",
        "not",
        "will",
        "please",
        "be",
        "to",
        "of",
        "in",
        "it",
        "on",
        "can",
        "from",
        "thank",
        "as",
    ],
    "de": [
        "der",
        "die",
        "das",
        "und",
        "sie",
        "ihr",
        "ihre",
        "für",
        "mit",
        "ist",
        "nicht",
        "wir",
        "haben",
        "den",
        "dem",
        "ein",
        "eine",
        "zu",
        "auf",
        "von",
        "ich",
        "bitte",
        "werden",
        "auch",
        "uns",
    ],
    "fr": [
        "le",
        "la",
        "les",
        "et",
        "vous",
        "votre",
        "pour",
        "avec",
        "est",
        "nous",
        "avons",
        "une",
        "un",
        "des",
        "du",
        "que",
        "ne",
        "pas",
        "dans",
        "sur",
        "merci",
        "bonjour",
        "je",
        "qui",
    ],
    "es": [
        "el",
        "los",
        "las",
        "y",
        "usted",
        "su",
        "para",
        "con",
        "es",
        "no",
        "hemos",
        "una",
        "un",
        "de",
        "que",
        "por",
        "en",
        "gracias",
        "hola",
        "se",
        "lo",
        "nos",
        "del",
    ],
    "it": [
        "il",
        "gli",
        "e",
        "lei",
        "suo",
        "per",
        "con",
        "è",
        "non",
        "abbiamo",
        "una",
        "un",
        "di",
        "che",
        "in",
        "grazie",
        "buongiorno",
        "si",
        "la",
        "della",
        "sono",
    ],
    "pt": [
        "o",
        "os",
        "as",
        "e",
        "você",
        "seu",
        "para",
        "com",
        "é",
        "não",
        "temos",
        "uma",
        "um",
        "de",
        "que",
        "em",
        "obrigado",
        "do",
        "da",
        "nos",
        "por",
    ],
    "nl": [
        "de",
        "het",
        "een",
        "en",
        "u",
        "uw",
        "voor",
        "met",
        "is",
        "niet",
        "wij",
        "hebben",
        "van",
        "dat",
        "op",
        "ik",
        "bedankt",
        "zijn",
        "te",
        "aan",
    ],
}
_COMMON = {language: frozenset(words) for language, words in COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+")
# An address is looked for from the beginning of a run without blanks only: a Japanese text would be read to its end from each letter.
_NO_PROSE = re.compile(r"https?://\S+|(?<![^\s`])\S+@\S+|`[^`]*`")
_KANA = re.compile(r"[ぁ-ゖァ-ヺｦ-ﾝ]")
_HAN = re.compile(r"[一-鿿]")
_HANGUL = re.compile(r"[가-힣]")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-zà-öø-ÿ]", re.IGNORECASE)


def language_of(text: str) -> str:
    """The language's code (ISO 639-1); "" where the text is too short or says nothing."""
    prose = _NO_PROSE.sub(" ", text)
    if len(_KANA.findall(prose)) >= FEWEST_KANA:
        return "ja"
    if len(_HANGUL.findall(prose)) >= FEWEST_KANA:
        return "ko"
    if _KANA.search(prose):
        return ""
    if len(_HAN.findall(prose)) >= FEWEST_HAN:
        return "zh"
    if len(_CYRILLIC.findall(prose)) >= FEWEST_LETTERS:
        return "ru"
    return _of_words(prose) if len(_LATIN.findall(prose)) >= FEWEST_LETTERS else ""


def newest_language(texts: Iterable[str]) -> str:
    """The language of the first of these texts that is in one; where all are too short, a few kana are Japanese."""
    kept = tuple(texts)
    found = next((language for text in kept if (language := language_of(text))), "")
    return found or ("ja" if any(_KANA.search(text) for text in kept) else "")


def _of_words(prose: str) -> str:
    words = [word.casefold() for word in _WORD.findall(prose)]
    hits = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    best, second = sorted(hits, key=lambda language: hits[language], reverse=True)[:2]
    return best if hits[best] >= FEWEST_HITS and hits[best] > hits[second] and hits[best] * 8 >= len(words) else ""


def other_language(_draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Where the customer's side never wrote the language of this text."""
    if not facts.languages or not text.own:
        return
    written = language_of("\n".join(line.text for line in text.own))
    if written and written not in facts.languages:
        theirs = min(facts.languages)
        yield Finding("other_language", WARNING, text.own[0].number, 1, "body", (NAMES[written], NAMES.get(theirs, theirs)))

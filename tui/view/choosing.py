"""Choosing by typing a few letters: which choices match, and in which order."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. `hint` stands behind the label; `letter` chooses it at once where the picker allows it."""

    key: str
    label: str
    hint: str = ""
    letter: str = ""


_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def folded(text: str) -> str:
    """The text as it is compared: NFKC (full-width letters and half-width kana are the same), casefolded, hiragana for katakana."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)


def matches(typed: str, text: str) -> bool:
    """Whether every word typed occurs in the text."""
    inside = folded(text)
    return all(word in inside for word in folded(typed).split())


def matching(choices: Sequence[Choice], typed: str) -> tuple[Choice, ...]:
    """Those that match, the ones beginning so first; in their own order otherwise."""
    found = [choice for choice in choices if matches(typed, f"{choice.label} {choice.key} {choice.hint}")]
    start = folded(typed.strip())
    return tuple(sorted(found, key=lambda choice: not (folded(choice.label).startswith(start) or folded(choice.key).startswith(start))))

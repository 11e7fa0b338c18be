"""What a question may be written like in a mail: the forms of its folded text that the index is asked for."""

import re
from functools import lru_cache
from itertools import islice, product

from store.local.normalise import CODE, folded, has_words, is_number, without_hinges

MOST_FORMS = 16
_LONG_WORD = re.compile("[\u30a1-\u30fa\u30fc]{3,}")
"""Katakana of three letters or more. JIS Z 8301 and many makers leave out the long mark at the end of a word of more than three (サーバ,
プリンタ), never of キー. What ends so in the question may be the whole word; エラー may be the end of システムエラー, and keeps its mark."""


@lru_cache(64)
def spellings(text: str) -> tuple[str, ...]:
    """The forms, folded, the one that was typed first: with and without those long marks, and with its numbers without hyphens."""
    plain = folded(text)
    forms = dict.fromkeys(_long_forms(plain) if _LONG_WORD.search(plain) else (plain,))
    if CODE.search(plain):
        forms |= dict.fromkeys(CODE.sub(_joined, form) for form in tuple(forms))
    return tuple(islice(forms, MOST_FORMS))


def _long_forms(plain: str) -> tuple[str, ...]:
    pieces: list[tuple[str, ...]] = []
    at = 0
    for word in _LONG_WORD.finditer(plain):
        pieces.append((plain[at : word.start()],))
        at = word.end()
        bare = word[0].removesuffix("ー")
        if len(bare) < 3:
            pieces.append((word[0],))
        elif has_words(plain[at:]):
            pieces.append((word[0], bare if word[0] != bare else f"{bare}ー"))
        else:
            # At the end whatever follows is left open.
            pieces.append((bare,))
    return tuple("".join(form) for form in islice(product(*pieces, (plain[at:],)), MOST_FORMS // 2))


def _joined(code: re.Match[str]) -> str:
    return without_hinges(code[0]) if is_number(code[0]) else code[0]

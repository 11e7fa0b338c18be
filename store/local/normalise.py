"""What text looks like to the index: one form for all widths and cases, and every CJK character a word of its own.

So a phrase finds Japanese words of one or two characters, which no tokenizer of SQLite's does.
"""

import re
import unicodedata

CJK = (
    "\u1100-\u11ff"  # Hangul Jamo
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c"  # radicals, 々〆〇, numerals, repeat marks
    "\u3040-\u30ff\u3105-\u318f\u31a0-\u31ff"  # kana, bopomofo, Hangul
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"  # ideographs, Hangul syllables
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"  # old kana, rarer ideographs
)
_RUN = re.compile(f"[{CJK}]+")


def folded(text: str) -> str:
    """NFKC and case folding: `ＡＢＣ`, `ｶﾅ`, `ß` become `abc`, `カナ`, `ss`. Lone surrogates become `?`."""
    if text.isascii():
        return text.lower()
    text = text.encode("utf-8", "replace").decode("utf-8")
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    # Folding can take a letter out of NFKC again (U+0345 and a few more): once more, so that both sides always agree.
    text = text.casefold()
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def indexed(text: str) -> str:
    """The text as it is handed to FTS5."""
    if text.isascii():
        return text.lower()
    return _RUN.sub(lambda run: f" {' '.join(run.group())} ", folded(text))


def has_words(text: str) -> bool:
    """Whether anything in it can be found at all: letters, digits, ideographs."""
    return any(unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Co" for character in folded(text))


def phrase(text: str, *, prefix: bool = False) -> str:
    """An FTS5 phrase that matches the text wherever it stands, in quotes, so that nothing in it is read as an operator."""
    quoted = indexed(text).replace('"', " ").replace("\0", " ").strip()
    return f'"{quoted}"{"*" if prefix else ""}'

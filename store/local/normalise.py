"""What text looks like to the index: one form for what people take for one, and every character of a script without spaces a word of its own.

So a phrase finds Japanese words of one or two characters, which no tokenizer of SQLite's does. Folded are width and case (NFKC), accents,
signs for vowels that are left out as often as written (Arabic, Hebrew), old and new forms of ideographs (`variants`), ways to write a long
vowel (サーバ, サーバー, ｻｰﾊﾞ, サ－バ－), skin tones and characters nobody sees. Hiragana and katakana stay apart: of words as short as
がん and ガン precision is worth more.
"""

import re
import unicodedata
from functools import cached_property

from store.local.spreading import apart, spread
from store.local.variants import VARIANTS

KANA = "\u3041-\u3096\u30a1-\u30fa"
_SIGNS = "\u231a\u231b\u23e9-\u23fa\u25b6\u25c0\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\u3012\U0001f000-\U0001faff"
"""Signs and emoji."""
_SPACELESS = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
"""Thai, Lao, Myanmar, Khmer: no spaces between words; vowels and tones are characters like any other."""
SINGLE = (
    f"{_SPACELESS}"
    "\u1100-\u11ff"  # Hangul Jamo
    "\u2e80-\u2fdf\u3005-\u3007\u3012\u3021-\u3029\u3031-\u303c"  # radicals, 々〆〇, 〒, numerals, repeat marks
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u318f\u31a0-\u31ff"  # kana, bopomofo, Hangul
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"  # ideographs, Hangul syllables
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"  # old kana, rarer ideographs
    f"{_SIGNS}"
)
"""Characters that are words of their own."""
FIRST_SINGLE = "\u0e01"
MARKS = "\u0900-\u0963\u0970-\u0dff"
"""Indic scripts, whose signs for vowels belong to the word though they are no letters."""

_INVISIBLE = "\u00ad\u034f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
_DASHES = "－‐‑−―—–─〜～~"
_LETTERS = {
    **VARIANTS,
    **dict(zip("øłđðħŧıþæœ", ("o", "l", "d", "d", "h", "t", "i", "th", "ae", "oe"), strict=True)),
    **dict(zip("أإآٱىیةکۀ", "اااايىهكه", strict=True)),
    **dict.fromkeys("ىی", "ي"),
    **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९๐๑๒๓๔๕๖๗๘๙", "0123456789" * 4, strict=True)),
    **dict(zip("ヶヵ।॥", "ケカ  ", strict=True)),
    "\u0640": "",  # tatweel, which only makes a word wider
}
COMMON = "\\x00-\x7fぁ-ゖァ-ヺー一-\u9fff가-\ud7a3、。「」『』々※・"
"""What NFKC leaves as it is, in the scripts that most mail is written in: so that most of a mail need not be looked at again."""


class Patterns:
    """Each compiled when it is first needed: large classes take longer than all the rest of a short command."""

    @cached_property
    def early(self) -> re.Pattern[str]:
        """What must be settled before NFKC, which would take it apart or make it look like something else."""
        return re.compile(f"[゛゜{_INVISIBLE}\ud800-\udfff]")

    @cached_property
    def unsettled(self) -> re.Pattern[str]:
        """What `settled` may change: most texts have none of it, and are looked through once."""
        return re.compile(f"[゛゜{_INVISIBLE}\ud800-\udfff{_DASHES}\uff66-\uff9f]")

    @cached_property
    def joining(self) -> re.Pattern[str]:
        """What may become one with a common character before it."""
        return re.compile("[\u0300-\u036f\u1160-\u11ff\u3099\u309a\uff9e-\uffdc]")

    @cached_property
    def uncommon(self) -> re.Pattern[str]:
        """What NFKC may change."""
        return re.compile(f"[^{COMMON}]+")

    @cached_property
    def variable(self) -> re.Pattern[str]:
        """What is common and yet not always itself."""
        return re.compile(f"[ー~{''.join(_LETTERS)}]")

    @cached_property
    def late(self) -> re.Pattern[str]:
        """What is one letter of another, when all else is folded."""
        return re.compile(
            f"[{''.join(_LETTERS)}"
            "\u00df-\u024f\u0390\u03ac-\u03b0\u03ca-\u03ce\u0450\u0451\u0453\u0457\u045c\u045e\u1e00-\u1fff"  # letters with accents
            "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a"  # accents left alone
            "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc]"  # vowel signs
        )

    @cached_property
    def separators(self) -> re.Pattern[str]:
        """What stands between words and is not ASCII, of which the tokenizer knows that itself."""
        return re.compile(f"[^\\x00-\\x7f\\w{MARKS}{SINGLE}]+")

    @cached_property
    def run(self) -> re.Pattern[str]:
        """Words of one character, one after the other."""
        return re.compile(f"[{SINGLE}][{SINGLE} \n]*")

    @cached_property
    def token(self) -> re.Pattern[str]:
        """A word of folded text."""
        return re.compile(f"[{SINGLE}]|(?:[^\\W_{SINGLE}]|[{MARKS}])+")


_PATTERNS = Patterns()
_DASH_RUN = re.compile(f"[{_DASHES}]+")
_HALF_WIDTH = re.compile("[\uff66-\uff9f]")
_HALF_WIDTH_LONG = re.compile("(?<=[\uff66-\uff9f])-")
_KANA = re.compile(f"[{KANA}ー\u3099\u309a\uff66-\uff9f]")
_PLAIN = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]")
LONG = re.compile("ー+")
CODE = re.compile(r"[0-9a-z]+(?:(?:-|(?<=[0-9])[()](?=[0-9]))[0-9a-z]+)+")
_HINGE = re.compile(r"[-()](?=[0-9a-z])(?<=[0-9a-z][-()])")
CODE_CHARACTERS = 40
"""A longer thing with hyphens is no number that anybody types."""


def folded(text: str) -> str:
    """One form for all that is taken for the same; lone surrogates become `?`."""
    plain = folded_plain(text)
    if plain is not None:
        return plain
    text = letters(settled(text))
    return LONG.sub(shortened, text) if "ー" in text else text


def folded_plain(text: str) -> str | None:
    """The same for a text that `is_plain`; None for any other. Most text is, and needs little of what else is done."""
    if text.isascii():
        return text.lower()
    if _PATTERNS.uncommon.search(text):
        return None
    if not _PATTERNS.variable.search(text):
        return text.lower()
    text = _PATTERNS.late.sub(_late, (_DASH_RUN.sub(_dash, text) if "~" in text else text).lower())
    return LONG.sub(shortened, text) if "ー" in text else text


def letters(text: str) -> str:
    """Settled text, folded letter by letter: all but the rule about long vowels, which looks at whole words."""
    if not _PATTERNS.uncommon.search(text):
        # Of what is common only the letters of ASCII have two cases.
        return _PATTERNS.late.sub(_late, text.lower())
    text = _composed(text).casefold()
    if _PATTERNS.uncommon.search(text):
        # Case folding can take a letter out of NFKC again (U+0345 and a few more), and so can a mark that is left out.
        text = _PATTERNS.late.sub(_late, unicodedata.normalize("NFKC", text))
        return unicodedata.normalize("NFKC", text)
    return _PATTERNS.late.sub(_late, text)


def _composed(text: str) -> str:
    """NFKC."""
    if _PATTERNS.joining.search(text):
        return unicodedata.normalize("NFKC", text)
    return _PATTERNS.uncommon.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def settled(text: str) -> str:
    """The text with its dashes for long vowels as ー, and without characters nobody sees."""
    if not _PATTERNS.unsettled.search(text):
        return text
    return with_long_marks(_PATTERNS.early.sub(_early, text))


def with_long_marks(text: str) -> str:
    """The text with its dashes for long vowels as ー; of the same length."""
    text = _DASH_RUN.sub(_dash, text)
    return _HALF_WIDTH_LONG.sub("ー", text) if "-" in text and _HALF_WIDTH.search(text) else text


def is_plain(text: str) -> bool:
    """Whether each letter of the text is one letter of its folded form, but for what `shortened` takes away."""
    return not _PATTERNS.uncommon.search(text)


def _early(found: re.Match[str]) -> str:
    letter = found[0]
    return _SPACED_MARKS.get(letter, "?" if "\ud800" <= letter <= "\udfff" else "")


def _dash(found: re.Match[str]) -> str:
    run = found[0]
    if _is_long_mark(found):
        return "ー" * len(run)
    return run if "~" in run else "-" * len(run)


_SPACED_MARKS = {"゛": "\u3099", "゜": "\u309a"}


def _is_long_mark(found: re.Match[str]) -> bool:
    """Whether a run of dashes says that the vowel before it is long: in `サ－バ－`, not in `カタログ－３`."""
    text, start, end = found.string, found.start(), found.end()
    return end - start <= LONGEST_MARK and start > 0 and bool(_KANA.match(text, start - 1)) and not _PLAIN.match(text, end)


LONGEST_MARK = 8
"""`すご〜〜い` has a few; more of them in a row are a line drawn under something."""


def _late(found: re.Match[str]) -> str:
    letter = found[0]
    known = _LETTERS.get(letter)
    if known is None:
        bare = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
        known = _LETTERS[letter] = "".join(_LETTERS.get(part, part) for part in bare)
    return known


def shortened(found: re.Match[str]) -> str:
    """What is kept of a run of long marks: one; behind anything but kana it is a dash."""
    start, end, text = found.start(), found.end(), found.string
    if start and "\u3041" <= text[start - 1] <= "\u30fa":
        return "ー"
    # `ード` is the end of a word that somebody looks for, `03ー1234` a number, and a row of them a line.
    begins_kana = end < len(text) and "\u3041" <= text[end] <= "\u30fa"
    return "ー" if begins_kana and not (start and text[start - 1].isascii() and text[start - 1].isalnum()) else "-"


def indexed(text: str) -> str:
    """The text as it is handed to FTS5, whose tokenizer `ascii` cuts it at everything in ASCII that is no letter or digit."""
    if text.isascii():
        return text.lower()
    return " ".join(text) if _is_everyday(text) else spaced(folded(text))


def spaced(folded_text: str) -> str:
    """Folded text with its words, as `words_in` has them, apart."""
    usual = spread(folded_text)
    return _PATTERNS.run.sub(apart, _PATTERNS.separators.sub(" ", folded_text)) if usual is None else usual


def codes(folded_text: str) -> str:
    """Order and telephone numbers written with hyphens or brackets, joined: `ab-1234-56` is found as AB123456, `03(1234)5678` as 0312345678."""
    found: dict[str, None] = {}
    end = 0
    if "-" not in folded_text and "(" not in folded_text and ")" not in folded_text:
        return ""
    for hinge in _HINGE.finditer(folded_text):
        if hinge.start() < end:
            continue
        start = folded_text.rfind("\n", 0, hinge.start()) + 1
        end = folded_text.find("\n", hinge.end())
        end = len(folded_text) if end < 0 else end
        found.update(dict.fromkeys(CODE.findall(folded_text, start, end)))
    joined = [without_hinges(one) for one in found if is_number(one)]
    # `TEL03-1234-5678`: what stands before the number without a space is no part of it.
    return " ".join(dict.fromkeys((*joined, *(number[0] for one in joined if (number := _NUMBER_BEHIND_WORD.search(one))))))


def is_number(code: str) -> bool:
    """Whether it is a number that somebody may type, of what `CODE` finds."""
    return len(code) <= CODE_CHARACTERS and _DIGIT.search(code) is not None


def without_hinges(code: str) -> str:
    """The same without hyphens and brackets."""
    return _HINGES.sub("", code)


_NUMBER_BEHIND_WORD = re.compile("(?<=[a-z])0[0-9]{8,10}$")
_HINGES = re.compile("[-()]")
_DIGIT = re.compile("[0-9]")


def words_in(text: str) -> list[str]:
    """The words of a text, folded, as the index cuts them."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return list(text) if _is_everyday(text) else _PATTERNS.token.findall(folded(text))


_ASCII_WORD = re.compile("[0-9a-z]+")
EVERYDAY_CHARACTERS = 40


def _is_everyday(text: str) -> bool:
    """Kana and ideographs that fold to themselves, and few: most of what is searched for, for which no large class need be compiled."""
    return len(text) <= EVERYDAY_CHARACTERS and all(
        ("\u3041" <= letter <= "\u3096" or "\u30a1" <= letter <= "\u30fa" or "\u4e00" <= letter <= "\u9fff") and letter not in _LETTERS
        for letter in text
    )


def has_words(text: str) -> bool:
    """Whether anything in it can be found at all: letters, digits, ideographs, emoji."""
    return bool(words_in(text))


def phrase(text: str, *, prefix: bool = False) -> str:
    """An FTS5 phrase that matches the text wherever it stands, in quotes, so that nothing in it is read as an operator."""
    quoted = indexed(text).replace('"', " ").replace("\0", " ").strip()
    # A character that is a word of its own cannot go on, and SQLite would collect all that begins with it first.
    last = words_in(text)[-1:] if prefix else []
    goes_on = bool(last) and (len(last[0]) > 1 or last[0] < FIRST_SINGLE)
    return f'"{quoted}"{"*" if goes_on else ""}'

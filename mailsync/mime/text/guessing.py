"""A charset guessed from bytes that have no label, or a wrong one: escapes, zero bytes, common characters, then chardet among what mail uses."""

import re
from collections.abc import Callable

from mailsync.mime.text import common_characters
from mailsync.mime.text.iso2022 import decode_eucjp

GUESS_BYTES = 16_384
"""How much of a text chardet is shown: more changes nothing and costs time."""
SCORED_BYTES = 2_000
GOOD = 1.2
"""A mean score from which a guess of East Asian text is believed against chardet's of an alphabet."""
SURE = 2.0
"""A mean score from which bytes are East Asian although they are declared as something else."""

_CANDIDATES = (
    "windows-1252", "windows-1250", "windows-1251", "koi8-r", "koi8-u", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
    "windows-1257", "windows-1258", "cp874",
)  # fmt: skip
_HZ = re.compile(rb"~\{(?:[\x21-\x7d][\x21-\x7e]){1,400}~\}")
_WORD_WITH_ACCENT = re.compile(rb"[A-Za-z]([\xc0-\xff]{1,3})(?=[A-Za-z\s.,;:?!)-]|$)|(?:^|[\s(])[\xc0-\xdf](?=[a-z])")
_LONE_KANA = re.compile("(?<![\uff61-\uff9f])[\uff61-\uff9f](?![\uff61-\uff9f])")
_WESTERN = frozenset("éèêëàâäáãåæçîïíìñôöòóõøùûüúÿœßÉÈÊÀÂÁÇÄÖÜÅÆØÑÓÚÍ“”„‘’–—…€£°«»¿¡©®·ºª§•™")
_LATIN = ("windows-1250", "windows-1254", "windows-1257", "windows-1258")
SURE_BYTES = 6
"""So many letters beyond ASCII must be there before another Latin charset than the Western one is believed."""
_FULL_WIDTH = re.compile("[\u3001-\u301f\uff01-\uff5e\u30fb\u30fc\u2460-\u2473\u3231\u2010-\u203b]")


def guess_charset(raw: bytes) -> str:
    """The label of what these bytes most likely are; "" when there is no telling. UTF-8 is tried by the caller, before."""
    if (shifted := by_escapes(raw)) or (shifted := utf16(raw)):
        return shifted
    sample = _whole(raw[:SCORED_BYTES])
    accents, high = _accents(sample)
    label, score = _east_asian(sample)
    if score >= GOOD and accents * 4 < high:
        return label
    # Imported when the first text comes that is none of these: its models cost start-up time that most sessions never need.
    import chardet

    found = chardet.detect(raw[:GUESS_BYTES], include_encodings=_CANDIDATES)["encoding"]
    alphabet = found.lower() if isinstance(found, str) else ""
    if alphabet != "windows-1252" and accents * 2 >= high and not (alphabet in _LATIN and high >= SURE_BYTES) and _is_western(sample):
        return "windows-1252"
    return alphabet or (label if score > 0 else "")


def surely_east_asian(raw: bytes) -> str:
    """The label of what these bytes are, whatever Western default was declared for them; "" unless there is hardly a doubt."""
    sample = _whole(raw[:SCORED_BYTES])
    accents, high = _accents(sample)
    if high < 4 or accents * 4 >= high:
        return ""
    label, score = _east_asian(sample)
    return label if score >= SURE else ""


def says_accents(sample: bytes) -> bool:
    """Whether more than a few of its letters stand as accents do in the words of an alphabet."""
    accents, high = _accents(sample)
    return accents * 4 >= high


def _east_asian(sample: bytes) -> tuple[str, float]:
    return max(((label, worth(_as(sample, label), label)) for label in SCORES), key=lambda found: found[1])


def _as(sample: bytes, label: str) -> str | None:
    return decode_eucjp(sample) if label == "euc-jp" else _read(sample, _CODECS.get(label, label))


def _accents(sample: bytes) -> tuple[int, int]:
    """How many bytes look like a letter with an accent inside a Latin word, and how many are beyond ASCII at all."""
    return sum(len(found) or 1 for found in _WORD_WITH_ACCENT.findall(sample)), sum(byte > 0x7F for byte in sample)


def _is_western(sample: bytes) -> bool:
    text = _read(sample, "cp1252")
    return text is not None and all(each.isascii() or each in _WESTERN for each in text)


def by_escapes(raw: bytes) -> str:
    """A charset that shows itself by its shifts between sets: ISO-2022-JP, ISO-2022-KR, HZ; "" when it is none of them."""
    if b"\x1b" in raw:
        if b"\x1b$)C" in raw:
            return "iso-2022-kr"
        if b"\x1b$" in raw or b"\x1b(I" in raw or b"\x1b(J" in raw:
            return "iso-2022-jp"
    if b"~{" in raw and raw.isascii() and _HZ.search(raw, 0, GUESS_BYTES):
        return "hz"
    return ""


def utf16(raw: bytes) -> str:
    """UTF-16 by its mark, its zero bytes, or by one byte of each pair being that of kana and kanji."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    sample = raw[:SCORED_BYTES]
    if len(sample) < 4 or len(raw) % 2:
        return ""
    scores = {label: _unicode_score(sample, label) for label in ("utf-16-le", "utf-16-be")}
    label = max(scores, key=lambda each: scores[each])
    return label if scores[label] >= 1.5 and (b"\x00" in sample or scores[label] >= 2.2) else ""


def _unicode_score(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, "replace")
    return sum(_unicode_character(each) for each in text) / len(text) if text else 0


def _unicode_character(each: str) -> float:
    if "\u3040" <= each <= "\u30ff" or each in common_characters.JAPANESE:
        return 3
    if "\x20" <= each <= "\x7e" or each in "\r\n\t":
        return 2
    if _FULL_WIDTH.match(each) or "\uff66" <= each <= "\uff9f" or "\u2460" <= each <= "\u2473":
        return 2.3
    return 1 if "\u4e00" <= each <= "\u9fff" else -3


def _whole(sample: bytes) -> bytes:
    """A sample that ends at a line, so that no character is cut."""
    end = max(sample.rfind(b"\n"), sample.rfind(b" ")) if len(sample) == SCORED_BYTES else -1
    return sample[:end] if end > 0 else sample


def _scored(text: str | None, codec: str, common: frozenset[str], level: tuple[bytes, bytes], extra: float) -> float:
    """The mean worth of the characters beyond ASCII, by the bytes they take; -9 for what is no text in this charset."""
    if text is None:
        return -9
    worth = size = 0.0
    for each in text:
        if each.isascii():
            continue
        raw = each.encode(codec, "replace")
        size += len(raw)
        if each in common:
            worth += 3 * len(raw)
        elif _FULL_WIDTH.match(each):
            worth += 1.5 * len(raw)
        elif len(raw) == 2 and level[0] <= raw <= level[1] and raw[1:] >= level[0][1:]:
            worth += extra * len(raw)
        else:
            worth -= 1.5 * len(raw)
    return worth / size if size else -9


def _read(sample: bytes, codec: str) -> str | None:
    try:
        return sample.decode(codec)
    except UnicodeDecodeError:
        return None


def _japanese(text: str | None, codec: str) -> float:
    """As the others, but kana count most; half-width kana little, for any bytes may be read as some."""
    if text is None:
        return -9
    worth = size = 0.0
    for each in _LONE_KANA.sub("?", text):
        if each.isascii():
            continue
        bytes_of_it = 1 if "\uff61" <= each <= "\uff9f" and codec == "cp932" else 2
        size += bytes_of_it
        if "\u3040" <= each <= "\u30ff" or each in common_characters.JAPANESE:
            worth += 3.2 * bytes_of_it
        elif _FULL_WIDTH.match(each) or "\u2460" <= each <= "\u2473" or each in "㈱㈲№℡㌔㎜㎡":
            worth += 2 * bytes_of_it
        elif "\uff61" <= each <= "\uff9f":
            worth += (1.3 if codec == "cp932" else 2) * bytes_of_it
        elif "\u4e00" <= each <= "\u9fff":
            worth += (1 if _is_first_level(each) else -1) * bytes_of_it
        elif "\u2500" <= each <= "\u257f" or each in "■□◆◇●○★☆▼▲→←↑↓※":
            worth += bytes_of_it
        else:
            worth -= 2 * bytes_of_it
    return worth / size if size else -9


def _is_first_level(kanji: str) -> bool:
    return kanji.encode("cp932", "replace") < b"\x98\x73"


SCORES: dict[str, Callable[[str | None], float]] = {
    "shift_jis": lambda text: _japanese(text, "cp932"),
    "euc-jp": lambda text: _japanese(text, "euc-jp"),
    "gb18030": lambda text: _scored(text, "gb18030", common_characters.CHINESE, (b"\xb0\xa1", b"\xd7\xfe"), 0.8),
    "big5": lambda text: _scored(text, "big5hkscs", common_characters.TAIWANESE, (b"\xa4\x40", b"\xc6\x7e"), 0.8),
    "cp949": lambda text: _scored(text, "cp949", common_characters.KOREAN, (b"\xb0\xa1", b"\xc8\xfe"), 1.6),
}
"""What a text is worth that was read in an East Asian charset: 3 for nothing but common characters, below 1 for chance."""
_CODECS = {"shift_jis": "cp932", "big5": "big5hkscs"}


def worth(text: str | None, label: str) -> float:
    """What a text is worth that was read in the charset of that label, which is one of `SCORES`; None: it could not be."""
    return SCORES[label](text)

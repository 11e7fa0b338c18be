"""Names as people write them: what a name consists of, and whether a word in a text is one of those."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from store.domain.checks.draft_text import narrow

COMPANY_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|社団法人|財団法人|学校法人|医療法人|社会福祉法人|\(株\)|\(有\)|\(同\)|㈱|㈲"
    r"|,?\s*\b(?:Inc|Ltd|LLC|LLP|GmbH|AG|Corp|Corporation|Co|Limited|K\.K|S\.A|B\.V|PLC|Pty)\b\.?",
    re.IGNORECASE,
)
KANJI = r"々〆一-鿿"
PLACES = frozenset(
    [
        "北海",
        "青森",
        "岩手",
        "宮城",
        "秋田",
        "山形",
        "福島",
        "茨城",
        "栃木",
        "群馬",
        "埼玉",
        "千葉",
        "東京",
        "神奈川",
        "新潟",
        "富山",
        "石川",
        "福井",
        "山梨",
        "長野",
        "岐阜",
        "静岡",
        "愛知",
        "三重",
        "滋賀",
        "京都",
        "大阪",
        "兵庫",
        "奈良",
        "鳥取",
        "島根",
        "岡山",
        "広島",
        "山口",
        "徳島",
        "香川",
        "愛媛",
        "高知",
        "福岡",
        "佐賀",
        "長崎",
        "熊本",
        "大分",
        "宮崎",
        "鹿児島",
        "沖縄",
        "横浜",
        "川崎",
        "神戸",
        "仙台",
        "札幌",
        "名古屋",
        "中央",
        "上野",
        "大宮",
        "品川",
        "目黒",
        "赤坂",
    ]
)
"""Surnames that are places as well: alone they name nobody."""
SURE_LETTERS = 4
"""A shorter name in kanji may be part of a longer word: 林健 of 森林健康."""
BEHIND_NAMES = "様殿氏先御宛"
_PARTS = re.compile(r"[^\s,、/・()\[\]<>\"'「」|_]+")


def plain(name: str) -> str:
    """A name as it is compared: ASCII for full-width letters, small letters, without spaces."""
    return "".join(narrow(name).casefold().split())


def parts_of(name: str) -> tuple[str, ...]:
    """`佐藤 花子` → 佐藤, 花子; what stands in brackets too."""
    return tuple(part.casefold() for part in _PARTS.findall(narrow(name)))


def core_of(company: str) -> str:
    """A company's name without its legal form."""
    return COMPANY_FORM.sub("", narrow(company)).strip(" ,.")


class Names:
    """A set of people's names, asked for by any part of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.full = tuple(dict.fromkeys(name.strip() for name in names if name.strip() and "@" not in name))

    @cached_property
    def _said(self) -> frozenset[str]:
        """Everything one of them may be called by: each part, and neighbours together."""
        found: set[str] = set()
        for name in self.full:
            parts = parts_of(name)
            found.update(parts)
            found.update(one + other for one, other in pairwise(parts))
            found.add("".join(parts))
        return frozenset(found)

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The first part of names in kanji."""
        return frozenset(parts[0] for name in self.full if len(parts := parts_of(name)) > 1)

    def __contains__(self, word: object) -> bool:
        """Whether it is a name of one of them, whole or in part."""
        return isinstance(word, str) and plain(word) in self._said

    def begins(self, word: str) -> bool:
        """Whether one of their names is written together and begins so: 佐藤 of 佐藤花子."""
        wanted = plain(word)
        return wanted in self._said or any(said.startswith(wanted) and len(said) <= len(wanted) + 3 and _is_kanji(said) for said in self._said)

    def whole(self, word: str) -> bool:
        """Whether it is one of them with all parts."""
        return plain(word) in {plain(name) for name in self.full}


def _is_kanji(text: str) -> bool:
    return re.fullmatch(f"[{KANJI}]+", text) is not None


class Places:
    """Many phrases looked for in a text at once: by their first two letters, so that two thousand cost no more than two."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for phrase in dict.fromkeys(narrow(one).casefold() for one in phrases):
            if len(phrase) > 1:
                self._by_start.setdefault(phrase[:2], []).append(phrase)

    def found_in(self, text: str) -> list[tuple[int, int]]:
        """Where any of them stands, the longest at each place; one in Latin letters, or a short one in kanji, is no part of a longer word."""
        lower = text.casefold() if len(text.casefold()) == len(text) else text.lower()
        spans: list[tuple[int, int]] = []
        if len(lower) != len(text) or not self._by_start:
            return spans
        end = 0
        for start in range(len(lower) - 1):
            if start < end:
                continue
            fits = [one for one in self._by_start.get(lower[start : start + 2], ()) if lower.startswith(one, start) and _bounded(lower, start, one)]
            if fits:
                end = start + max(len(one) for one in fits)
                spans.append((start, end))
        return spans


def _bounded(text: str, start: int, phrase: str) -> bool:
    before, after = text[max(0, start - 1) : start], text[start + len(phrase) : start + len(phrase) + 1]
    if (
        len(phrase) < SURE_LETTERS
        and _is_kanji(phrase)
        and ((before and _is_kanji(before)) or (after and _is_kanji(after) and after not in BEHIND_NAMES))
    ):
        return False
    return not (_latin(phrase[0]) and _latin(before)) and not (_latin(phrase[-1]) and _latin(after))


def _latin(letter: str) -> bool:
    return bool(letter) and letter.isalnum() and letter < "\u0250"


_COMPANY_FIRST = re.compile(rf"(?:株式会社|有限会社|合同会社|㈱|㈲)\s?[{KANJI}ァ-ヺーA-Za-zぁ-ん&・]{{2,20}}")
_COMPANY_LAST = re.compile(rf"[{KANJI}ァ-ヺーA-Za-z&・]{{2,20}}(?:株式会社|有限会社|合同会社)")
_COMPANY_LATIN = re.compile(r"\b[A-Z][\w&-]+(?:[ ][A-Z][\w&-]+){0,3},? (?:Inc|Ltd|LLC|LLP|GmbH|AG|Corp|PLC|Limited|Corporation)\b")
_NO_NAME = re.compile(
    r"担当|窓口|サポート|センター|事務局|事務所|係$|部$|課$|室$|お客様|各位|皆様|ショップ|ストア|公式|通知|システム|管理者|本舗|営業|総務|経理|受付|御中"
    r"|\b(?:info|support|sales|team|no-?reply|admin|mailer|daemon|postmaster|service|customer|billing|help|desk|news|notification|system|office|shop|mail)",
    re.IGNORECASE,
)


def companies_in(text: str) -> tuple[str, ...]:
    """Companies that a text names with their legal form, each once."""
    found = [match[0].strip() for pattern in (_COMPANY_FIRST, _COMPANY_LAST, _COMPANY_LATIN) for match in pattern.finditer(narrow(text))]
    return tuple(dict.fromkeys(found))


def personal(name: str) -> str:
    """A display name as a person's; "" where it is no person's: a department, a shop, an address."""
    bare = re.sub(r"[(\[].*", "", narrow(name)).strip(" \"'")
    bare = re.sub(r"(?:\s*(?:様|さま|さん|殿))$", "", bare)
    if "@" in bare or _NO_NAME.search(bare) or COMPANY_FORM.search(bare) or any(letter.isdigit() for letter in bare):
        return ""
    return bare if 1 < len(bare) <= 40 else ""

"""The fields of a query: their names in both languages, and which values each takes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from unicodedata import normalize

from store.domain.ids import MemberKey
from store.domain.query_tree import Field, QueryError
from store.domain.status import BUILT_IN, Category, Urgency

NAMES = {
    "差出人": "from",
    "宛先": "to",
    "件名": "subject",
    "担当": "owner",
    "担当者": "owner",
    "状態": "status",
    "ステータス": "status",
    "分類": "category",
    "窓口": "inbox",
    "番号": "number",
    "以前": "before",
    "以降": "after",
    "in": "inbox",
    "緊急度": "urgency",
    "タグ": "tag",
}
"""Other names for the fields."""

STATUSES = {name.casefold(): status.key for status in BUILT_IN.values() for name in (status.key, status.name_en, status.name_ja)}
CATEGORIES = {str(category): str(category) for category in Category}
URGENCIES = {
    **{urgency.name.lower(): urgency.name.lower() for urgency in Urgency},
    **{str(urgency.value): urgency.name.lower() for urgency in Urgency},
    "通常": "normal",
    "至急": "urgent",
    "大至急": "very_urgent",
}
IS = {
    **{word: word for word in ("tray", "mine", "unowned", "pending", "flagged")},
    "未対応": "tray",
    "自分": "mine",
    "担当なし": "unowned",
}
HAS = {
    **{word: word for word in ("attachment", "comment", "draft")},
    "添付": "attachment",
    "コメント": "comment",
    "下書き": "draft",
}
OWNERS = {"me": "me", "自分": "me", "none": "none", "nobody": "none", "なし": "none"}


Reader = Callable[[str, int], str]


def _one_of(choices: Mapping[str, str]) -> Reader:
    """A reader of a closed list of words; a wrong one is told the right ones."""

    def read(value: str, position: int) -> str:
        word = normalize("NFKC", value).casefold()
        if word not in choices:
            words = ", ".join(dict.fromkeys(choices.values()))
            raise QueryError(position, f"{value!r} is none of {words}")
        return choices[word]

    return read


def _any(value: str, position: int) -> str:
    del position
    return value


def _owner(value: str, position: int) -> str:
    del position
    word = normalize("NFKC", value).casefold().removeprefix("@")
    return OWNERS.get(word, word)


def _number(value: str, position: int) -> str:
    digits = normalize("NFKC", value).removeprefix("#")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        raise QueryError(position, f"{value!r} is no number")
    return digits


def _day(value: str, position: int) -> str:
    """A day or a moment, in the spelling of RFC 3339; a month means its first day."""
    text = normalize("NFKC", value).replace("/", "-")
    if len(text) == len("2026-01"):
        text = f"{text}-01"
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryError(position, f"{value!r} is no date such as 2026-01-31") from error
    return text


FIELDS: dict[str, Reader] = {
    "from": _any,
    "to": _any,
    "subject": _any,
    "owner": _owner,
    "status": _one_of(STATUSES),
    "category": _one_of(CATEGORIES),
    "inbox": _any,
    "number": _number,
    "before": _day,
    "after": _day,
    "urgency": _one_of(URGENCIES),
    "is": _one_of(IS),
    "has": _one_of(HAS),
    "tag": _any,
}

IN_TEXT = frozenset({"from", "to", "subject"})
"""Fields whose value is looked for as words, so that a prefix means something."""


def name_of(typed: str) -> str | None:
    """The field that is meant by what was typed before the colon; None: there is none."""
    name = normalize("NFKC", typed).casefold()
    name = NAMES.get(name, name)
    return name if name in FIELDS else None


def field(name: str, value: str, position: int, *, me: MemberKey | None, prefix: bool = False) -> Field:
    """The field with its value in the spelling of the domain.

    Raises:
        QueryError: The field does not take this value.
    """
    read = FIELDS[name](value, position)
    if name == "owner" and read == "me" and me is not None:
        read = me
    return Field(name, read, prefix=prefix and name in IN_TEXT)

"""The fields of a query: their names in both languages, and which values each takes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from unicodedata import normalize

from store.domain.ids import MemberKey
from store.domain.labels import folder_of, tag_of
from store.domain.query_dates import read_age, read_when
from store.domain.query_due import NONE, OVERDUE, read_due
from store.domain.query_tree import Field, QueryError
from store.domain.status import BUILT_IN, Category, Urgency

NAMES = {
    "差出人": "from",
    "送信者": "from",
    "宛先": "to",
    "件名": "subject",
    "本文": "text",
    "添付": "file",
    "ファイル": "file",
    "コメント": "comment",
    "担当": "owner",
    "担当者": "owner",
    "状態": "status",
    "ステータス": "status",
    "分類": "category",
    "窓口": "inbox",
    "場所": "in",
    "番号": "number",
    "以前": "before",
    "以降": "after",
    "日付": "date",
    "期限": "due",
    "緊急度": "urgency",
    "タグ": "tag",
    "発言者": "by",
    "フォルダ": "folder",
    "フォルダー": "folder",
    "フォロー": "follower",
    "フォロワー": "follower",
    "メンション": "mentions",
    "body": "text",
    "attachment": "file",
    "filename": "file",
    "since": "after",
    "until": "before",
    "older_than": "older",
    "newer_than": "newer",
}
"""Other names for the fields; the first of a field is the one that is offered in Japanese."""

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
    **{
        word: word
        for word in (
            "tray",
            "mine",
            "unowned",
            "unread",
            "pending",
            "flagged",
            "snoozed",
            "woken",
            "following",
            "mentioned",
            "called",
            "waited_for",
            "sent",
            "auto",
            "bounce",
            "list",
            "outside",
        )
    },
    **CATEGORIES,
    "未対応": "tray",
    "自分": "mine",
    "担当なし": "unowned",
    "送信済み": "sent",
    "自動応答": "auto",
    "不達": "bounce",
    "完了": "done",
    "未読": "unread",
    "保留中": "snoozed",
    "保留明け": "woken",
    "フォロー中": "following",
    "名指し": "mentioned",
    "呼び出し": "called",
    "お待たせ中": "waited_for",
    "迷惑": "junk",
    "保留": "waiting",
    "送信待ち": "outbox",
    "外部回答": "outside",
}
HAS = {
    **{
        word: word
        for word in ("attachment", "comment", "draft", "invitation", "report", "signature", "encryption", "owner", "tag", "folder", "follower", "due")
    },
    "添付": "attachment",
    "コメント": "comment",
    "下書き": "draft",
    "招待": "invitation",
    "不達通知": "report",
    "署名": "signature",
    "暗号": "encryption",
    "担当": "owner",
    "タグ": "tag",
    "フォルダ": "folder",
    "フォロワー": "follower",
    "期限": "due",
    "file": "attachment",
    "note": "comment",
}
OWNERS = {"me": "me", "自分": "me", "none": "none", "nobody": "none", "なし": "none"}
NO_FOLDER = frozenset({"none", "なし"})


Reader = Callable[[str, int], str]


def _one_of(choices: Mapping[str, str]) -> Reader:
    """A reader of a closed list of words; a wrong one is told the right ones."""

    def read(value: str, position: int) -> str:
        word = normalize("NFKC", value).casefold()
        if word not in choices:
            words = ", ".join(dict.fromkeys(choices.values()))
            raise QueryError(position, f"{value!r} is none of {words}", length=len(value))
        return choices[word]

    return read


def _any(value: str, position: int) -> str:
    del position
    return value


def _tag(value: str, position: int) -> str:
    del position
    return tag_of(value) or value


def _folder(value: str, position: int) -> str:
    del position
    return "none" if value in NO_FOLDER else folder_of(value) or value


def _owner(value: str, position: int) -> str:
    del position
    word = normalize("NFKC", value).casefold().removeprefix("@")
    return OWNERS.get(word, word)


def _number(value: str, position: int) -> str:
    digits = normalize("NFKC", value).removeprefix("#")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        raise QueryError(position, f"{value!r} is no number", length=len(value))
    return digits


def _when(value: str, position: int) -> str:
    """A day, a month, a moment or a word such as `today`: see `query_dates`."""
    read = read_when(value)
    if read is None:
        raise QueryError(position, f"{value!r} is no date such as 2026-01-31", length=len(value))
    return read


def _age(value: str, position: int) -> str:
    read = read_age(value)
    if read is None:
        raise QueryError(position, f"{value!r} is no length of time such as 12h, 3d, 2w, 6m or 1y", length=len(value))
    return read


def _due(value: str, position: int) -> str:
    read = read_due(value)
    if read is None:
        raise QueryError(position, f"{value!r} is none of {OVERDUE}, {NONE}, today, friday, 2026-01-31, <2026-01-31, >2026-01-31", length=len(value))
    return read


FIELDS: dict[str, Reader] = {
    "from": _any,
    "to": _any,
    "cc": _any,
    "subject": _any,
    "text": _any,
    "file": _any,
    "comment": _any,
    "by": _owner,
    "owner": _owner,
    "status": _one_of(STATUSES),
    "category": _one_of(CATEGORIES),
    "urgency": _one_of(URGENCIES),
    "tag": _tag,
    "folder": _folder,
    "follower": _owner,
    "mentions": _owner,
    "inbox": _any,
    "in": _any,
    "number": _number,
    "is": _one_of(IS),
    "has": _one_of(HAS),
    "date": _when,
    "before": _when,
    "after": _when,
    "older": _age,
    "newer": _age,
    "due": _due,
}

IN_TEXT = frozenset({"from", "to", "cc", "subject", "text", "file", "comment"})
"""Fields whose value is looked for as words, so that a prefix means something."""

NO_OWN_STATUSES: Mapping[str, str] = MappingProxyType({})

LISTED = frozenset(
    {"by", "owner", "status", "category", "urgency", "tag", "folder", "follower", "mentions", "inbox", "in", "number", "is", "has", "due"}
)
"""Fields that take several values with commas between them: any of these."""

COMMAS = ",，、"


def name_of(typed: str) -> str | None:
    """The field that is meant by what was typed before the colon; None: there is none."""
    name = normalize("NFKC", typed).casefold()
    name = NAMES.get(name, name)
    return name if name in FIELDS else None


def nearest(typed: str) -> str | None:
    """The name of a field that looks like what was typed: one letter too many, too few, wrong, or two exchanged."""
    name = normalize("NFKC", typed).casefold()
    return next((known for known in (*FIELDS, *NAMES) if len(known) > 2 and _is_near(name, known)), None)


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    mine, theirs = one[start:], other[start:]
    swapped = mine[:2] == theirs[:2][::-1] and len(mine) > 1 and mine[2:] == theirs[2:]
    return swapped or mine[1:] == theirs[1:] or mine[1:] == theirs or mine == theirs[1:]


def no_star(name: str, position: int) -> QueryError:
    """A star behind a value that is looked for as it is."""
    return QueryError(position, f"a star cannot stand behind a value of `{name}:`")


def field(
    name: str, value: str, position: int, *, me: MemberKey | None, prefix: bool = False, own_statuses: Mapping[str, str] = NO_OWN_STATUSES
) -> Field:
    """The field with its value in the spelling of the domain. `own_statuses`: the team's own, by everything they are called.

    Raises:
        QueryError: The field does not take this value, or no star behind it.
    """
    if prefix and name not in IN_TEXT:
        raise no_star(name, position + len(value))
    own = own_statuses.get(normalize("NFKC", value).casefold()) if name == "status" else None
    read = own or FIELDS[name](value, position)
    if name in {"owner", "by", "follower", "mentions"} and read == "me" and me is not None:
        read = me
    return Field(name, read, prefix=prefix)

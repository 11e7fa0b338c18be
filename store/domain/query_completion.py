"""What may stand where somebody is typing a query: operators, fields, and the values of a field, in both languages.

Pure: what the team and its mail have to offer comes in as a `Vocabulary`.
"""

from collections.abc import Iterable, Iterator, Mapping
from unicodedata import normalize

import msgspec

from store.domain.message import Address
from store.domain.people import Member
from store.domain.query_fields import CATEGORIES, COMMAS, FIELDS, HAS, IS, LISTED, NAMES, URGENCIES, name_of
from store.domain.query_lexer import CLOSES, COLONS, MINUSES, OPENS, QUOTES, SPACES
from store.domain.status import BUILT_IN, Status

MOST = 20
"""Offers at once: more than a screen shows."""


class Completion(msgspec.Struct, frozen=True):
    """An offer: `text` in place of the characters from `start` to `end`; `words` say beside it what it is, in the other language or by name."""

    text: str
    start: int
    end: int
    words: str


class Vocabulary(msgspec.Struct, frozen=True):
    """What can be named. `addresses` were looked up for what is being typed (`LocalStore.known_addresses`)."""

    members: tuple[Member, ...] = ()
    inboxes: tuple[str, ...] = ()
    """Keys of inboxes, then names of mailboxes."""
    tags: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    statuses: tuple[Status, ...] = tuple(BUILT_IN.values())
    """Those that may be chosen, in their order."""
    folders: tuple[str, ...] = ()


class Typed(msgspec.Struct, frozen=True):
    """The piece under the cursor: from `start` to `end`; of a field's value, `field` is its name."""

    field: str | None
    text: str
    """What stands before the cursor."""
    start: int
    end: int


_DATES = (
    ("today", "今日"),
    ("yesterday", "昨日"),
    ("this-week", "今週"),
    ("last-week", "先週"),
    ("this-month", "今月"),
    ("last-month", "先月"),
    ("3d", "3日前"),
    ("2w", "2週間前"),
)
_DUE = (("overdue", "期限切れ"), ("today", "今日"), ("tomorrow", "明日"), ("this-week", "今週"), ("none", "なし"))
_AGES = (("1d", "1日"), ("3d", "3日"), ("1w", "1週間"), ("1m", "1か月"), ("1y", "1年"))
_OPERATORS = (("OR", "または"), ("NOT", "以外"))


def complete_query(text: str, cursor: int, vocabulary: Vocabulary) -> tuple[Completion, ...]:
    """What may be meant at the cursor, the likeliest first, at most `MOST`; nothing that is there already."""
    typed = typed_at(text, cursor)
    offers = _fields_and_operators(typed.text) if typed.field is None else _values(typed, vocabulary)
    unique = dict(offer for offer in offers if offer[0] != text[typed.start : typed.end])
    return tuple(Completion(offer, typed.start, typed.end, words) for offer, words in list(unique.items())[:MOST])


def typed_at(text: str, cursor: int) -> Typed:
    """The piece that the cursor stands in or behind: a word, the name of a field, or one value of it."""
    cursor = max(0, min(cursor, len(text)))
    begin = _piece_begins(text, cursor)
    if begin < cursor and text[begin] in MINUSES:
        begin += 1
    end = cursor
    while end < len(text) and text[end] not in SPACES + OPENS + CLOSES + QUOTES:
        end += 1
    before = text[begin:cursor]
    colon = next((at for at, letter in enumerate(before) if letter in COLONS), -1)
    field = name_of(before[:colon]) if colon > 0 else None
    if field is None:
        return Typed(None, before, begin, end)
    value = begin + colon + 1
    if field in LISTED:
        value = _last_value(text, value, cursor)
        end = next((at for at in range(cursor, end) if text[at] in COMMAS), end)
    if value < len(text) and text[value] in QUOTES:
        closed = next((at for at in range(value + 1, len(text)) if text[at] in QUOTES), None)
        end = len(text) if closed is None else max(closed + 1, end)
    return Typed(field, text[value:cursor], value, end)


def _last_value(text: str, begins: int, cursor: int) -> int:
    """Where the last of several values before the cursor begins; commas between quotation marks belong to one."""
    quoted = False
    for at in range(begins, cursor):
        if text[at] in QUOTES:
            quoted = not quoted
        elif not quoted and text[at] in COMMAS:
            begins = at + 1
    return begins


def _piece_begins(text: str, cursor: int) -> int:
    """Where the piece at the cursor begins; spaces between quotation marks belong to it."""
    begin, quoted = 0, False
    for at in range(cursor):
        if text[at] in QUOTES:
            quoted = not quoted
        elif not quoted and text[at] in SPACES + OPENS + CLOSES:
            begin = at + 1
    return begin


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold().strip("".join(QUOTES))


def _fields_and_operators(typed: str) -> Iterator[tuple[str, str]]:
    wanted = _folded(typed)
    japanese: dict[str, str] = {}
    for alias, name in NAMES.items():
        if not alias.isascii():
            japanese.setdefault(name, alias)
    for name in FIELDS:
        if name.startswith(wanted):
            yield f"{name}:", japanese.get(name, "")
    if not wanted:
        return
    for alias, name in NAMES.items():
        if alias.startswith(wanted):
            yield f"{alias}:", name
    for operator, words in _OPERATORS:
        if operator.casefold().startswith(wanted) or words.startswith(wanted):
            yield operator, words


def _values(typed: Typed, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    wanted = _folded(typed.text).removeprefix("@")
    for offer, words in _all_values(typed.field or "", vocabulary):
        if _fits(offer, wanted) or any(_fits(word, wanted) for word in words.split(" · ")):
            yield _quoted(offer), words


def _fits(offered: str, wanted: str) -> bool:
    folded = _folded(offered)
    return folded.startswith(wanted) or any(part.startswith(wanted) for part in folded.replace("@", " ").split())


def _quoted(value: str) -> str:
    value = "".join(" " if letter in QUOTES else letter for letter in value)  # of an address; words are found without them
    return f'"{value}"' if any(letter in SPACES + OPENS + CLOSES + COMMAS for letter in value) else value


def _all_values(field: str, vocabulary: Vocabulary) -> Iterable[tuple[str, str]]:
    """Every value of a field and its other name."""
    if field in {"from", "to", "cc"}:
        return [(one.address, one.name) for one in vocabulary.addresses]
    if field in {"owner", "by"}:
        nobody = [("none", "なし")] if field == "owner" else []
        return [("me", "自分"), *nobody, *((member.key, member.name) for member in vocabulary.members if member.active)]
    if field == "status":
        return [(one.key, f"{one.name_ja} · {one.name_en}") for one in vocabulary.statuses]
    named = {"tag": vocabulary.tags, "folder": vocabulary.folders, "inbox": vocabulary.inboxes, "in": vocabulary.inboxes}
    return [(one, "") for one in named[field]] if field in named else _CLOSED.get(field, ())


def _closed(choices: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    words = dict.fromkeys(choices.values(), "")
    for word, value in choices.items():
        if not word.isascii():
            words[value] = words[value] or word
    return tuple(words.items())


_CLOSED: dict[str, tuple[tuple[str, str], ...]] = {
    "category": _closed(CATEGORIES),
    "urgency": _closed(URGENCIES),
    "is": _closed(IS),
    "has": _closed(HAS),
    "due": _DUE,
    **dict.fromkeys(("date", "before", "after"), _DATES),
    **dict.fromkeys(("older", "newer"), _AGES),
}
"""The fields whose values do not depend on the team."""

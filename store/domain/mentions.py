"""Who is meant by `@name` in a comment; names are Japanese as often as not, and no space follows them there."""

import re
from collections.abc import Collection, Mapping
from unicodedata import normalize

from store.domain.ids import MemberKey

ALL = MemberKey("all")
"""Everyone; also `@全員` and `@みんな`."""

EVERYONE = ("all", "全員", "みんな")

AT = re.compile(r"(?<![A-Za-z0-9._%+@-])@")
"""Not the one inside an address: `sato@example.jp` mentions nobody."""


def mentions_in(text: str, members: Collection[MemberKey]) -> tuple[MemberKey, ...]:
    """The members named in `text`, in order, each once; `ALL` for everyone.

    `members` may be a mapping from key to name: then `@佐藤` means whoever is called so, by whole name or by one part of it. Two who are
    called the same are both meant. The longest name wins: `@佐藤木` is not `@佐藤` when there is a 佐藤木.
    """
    called = _called(members)
    folded = normalize("NFKC", text).casefold()
    found: dict[MemberKey, None] = {}
    for at in AT.finditer(folded):
        rest = folded[at.end() :]
        name = next((name for name in called if _begins(rest, name)), None)
        if name is not None:
            found.update(dict.fromkeys(called[name]))
    return tuple(found)


def _called(members: Collection[MemberKey]) -> dict[str, tuple[MemberKey, ...]]:
    """What people may be called, longest first."""
    called: dict[str, list[MemberKey]] = {name: [ALL] for name in EVERYONE}
    for key in members:
        name = normalize("NFKC", members[key]).casefold() if isinstance(members, Mapping) else ""
        for one in {key.casefold(), name, "".join(name.split()), *name.split()} - {""}:
            called.setdefault(one, []).append(key)
    return {name: tuple(called[name]) for name in sorted(called, key=lambda name: (-len(name), name))}


def _begins(rest: str, name: str) -> bool:
    """Whether `rest` begins with `name` as a word: `@tanakaさん` and `@tanaka.` do, `@tanakamura` and `@tanaka.jp` do not begin with `tanaka`."""
    if not rest.startswith(name):
        return False
    if not (name[-1].isascii() and name[-1].isalnum()):
        return True
    return re.match(r"[a-z0-9_-]|\.[a-z0-9]", rest[len(name) :]) is None

"""A member's key, as in `@tanaka`, made from a name."""

import itertools
import re
import unicodedata
from collections.abc import Collection

from store.domain.ids import MemberKey
from store.team.errors import BadMemberName

LONGEST_KEY = 32
RESERVED = frozenset({"all"})
"""`@all` is everybody."""


def key_from(name: str) -> MemberKey:
    """The key of a name: lower case letters a-z and digits, anything between them one hyphen.

    Raises:
        BadMemberName: Nothing is left, or it is `all`.
    """
    plain = unicodedata.normalize("NFKD", name).lower()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    key = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_KEY].strip("-")
    if not key or key in RESERVED:
        raise BadMemberName(name)
    return MemberKey(key)


def free_key(name: str, taken: Collection[MemberKey]) -> MemberKey:
    """The same for a name nobody can be asked about: never refused, and made different from those taken."""
    try:
        first = key_from(name)
    except BadMemberName:
        first = MemberKey("admin")
    others = (MemberKey(f"{first[: LONGEST_KEY - 4]}-{number}") for number in itertools.count(2))
    return next(key for key in itertools.chain((first,), others) if key not in taken)

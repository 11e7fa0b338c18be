"""Tokens to a tree, by recursive descent; bounded, because a query comes from a keyboard, a file or a script."""

from collections.abc import Mapping
from unicodedata import normalize

from store.domain.ids import MemberKey
from store.domain.query_fields import COMMAS, LISTED, NO_OWN_STATUSES, field, name_of, nearest, no_star
from store.domain.query_lexer import STARS, Sort, Token, tokens
from store.domain.query_tree import All, And, Field, Not, Or, Query, QueryError, Word

LETTERS_AT_MOST = 2_000
DEEP_AT_MOST = 40
"""Parentheses and minus signs within each other."""
_PASTED = frozenset({
    "re", "fw", "fwd", "aw", "antw", "sv", "vs", "vb", "wg", "tr", "rv", "res", "enc", "odp", "ref", "tel", "fax", "url", "http", "https",
})  # fmt: skip
"""What stands before a colon in subjects and signatures: `Re:見積`, as mail programs of Japan write it, and its like elsewhere."""


class Parser:
    """One query being read; `_at` is the next token."""

    def __init__(self, text: str, me: MemberKey | None, own_statuses: Mapping[str, str] = NO_OWN_STATUSES) -> None:
        if len(text) > LETTERS_AT_MOST:
            raise QueryError(LETTERS_AT_MOST, f"it is longer than {LETTERS_AT_MOST} characters", length=len(text) - LETTERS_AT_MOST)
        self._tokens = tokens(text)
        self._end = len(text)
        self._me = me
        self._own_statuses = own_statuses
        self._at = 0

    def whole(self) -> Query:
        """The tree of the whole text."""
        if not self._tokens:
            return All()
        query = self._any_of(0)
        if (extra := self._peek()) is not None:
            raise QueryError(extra.position, "this parenthesis was never opened")
        return query

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _any_of(self, depth: int) -> Query:
        parts = [self._all_of(depth)]
        while (token := self._peek()) is not None and token.sort is Sort.OR:
            self._at += 1
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self, depth: int) -> Query:
        parts = [self._one(depth)]
        while (token := self._peek()) is not None and token.sort not in {Sort.OR, Sort.CLOSE}:
            self._at += token.sort is Sort.AND
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Query:
        token = self._peek()
        if token is None:
            raise QueryError(self._end, "something must follow here")
        if depth > DEEP_AT_MOST:
            raise QueryError(token.position, "it is nested too deeply")
        self._at += 1
        match token.sort:
            case Sort.MINUS | Sort.NOT:
                return Not(self._one(depth + 1))
            case Sort.OPEN:
                return self._group(token, depth)
            case Sort.FIELD:
                return self._field(token)
            case Sort.QUOTED:
                return self._phrase(token)
            case Sort.WORD:
                return self._word(token)
            case _:
                raise QueryError(token.position, f"{token.text!r} must stand between two parts", length=len(token.text))

    def _group(self, opened: Token, depth: int) -> Query:
        inside = self._any_of(depth + 1)
        closed = self._peek()
        if closed is None or closed.sort is not Sort.CLOSE:
            raise QueryError(opened.position, "this parenthesis is never closed")
        self._at += 1
        return inside

    def _field(self, token: Token) -> Query:
        name = name_of(token.text)
        value = self._peek()
        has_value = value is not None and value.glued and value.sort not in {Sort.OPEN, Sort.CLOSE}
        if name is None:
            return self._no_field(token, has_value=has_value)
        if value is None or not has_value:
            raise QueryError(token.position, f"{token.text!r} needs a value right after its colon", length=len(token.text) + 1)
        if name in LISTED:
            return self._listed(name, value)
        text, prefix = self._value(value)
        return field(name, text, value.position, me=self._me, prefix=prefix, own_statuses=self._own_statuses)

    def _listed(self, name: str, first: Token) -> Query:
        """`status:new,"On hold"`: any of these; a comma between quotation marks is one of the value's."""
        parts: list[Query] = []
        value, begins = "", first.position
        for letter, position, quoted in (*self._letters(name), (COMMAS[0], self._end, False)):
            if quoted or letter not in COMMAS:
                value, begins = value + letter, begins if value else position
                continue
            if value.strip():
                parts.append(field(name, value, begins, me=self._me, own_statuses=self._own_statuses))
            value = ""
        if not parts:
            raise QueryError(first.position, "the value is empty")
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _letters(self, name: str) -> list[tuple[str, int, bool]]:
        """Of the values right after a colon each character, its place, and whether it stands between quotation marks."""
        letters: list[tuple[str, int, bool]] = []
        closed = False
        while (token := self._peek()) is not None and token.glued and token.sort not in {Sort.OPEN, Sort.CLOSE}:
            if closed and token.text[:1] not in COMMAS:
                break
            closed = token.sort is Sort.QUOTED
            text = f"{token.text}:" if token.sort is Sort.FIELD else token.text
            letters += [(letter, token.position + closed + at, closed) for at, letter in enumerate(text)]
            self._at += 1
        if letters and (self._star() or (letters[-1][0] in STARS and not letters[-1][2])):
            raise no_star(name, letters[-1][1])
        return letters

    def _no_field(self, token: Token, *, has_value: bool) -> Query:
        """What people type or paste: `Re: invoice`, `Re:見積`, `C:\\x`, `ご注文：123`. Any other ASCII name with a value must be a slip."""
        if not has_value:
            return Word(token.text)
        name = normalize("NFKC", token.text).casefold()
        if token.text.isascii() and len(name) > 1 and name not in _PASTED and name != "mailto":
            meant = nearest(token.text)
            problem = f"there is no field {token.text!r}; did you mean `{meant}:`" if meant else f"there is no field {token.text!r}"
            raise QueryError(token.position, problem, length=len(token.text), hint=meant or "")
        first = self._at
        text, prefix = self._value(token)
        if name == "mailto":
            # What stands in mails is the address; `?subject=` behind it is for a mail program.
            return Word(text.partition("?")[0] or text, phrase=True, prefix=prefix)
        quoted = any(read.sort is Sort.QUOTED for read in self._tokens[first : self._at])
        return Word(f"{token.text}:{text}", phrase=quoted, prefix=prefix)

    def _value(self, first: Token) -> tuple[str, bool]:
        """The text right after a colon, up to a space: `a:b-c:d` and `-5` are values like any other; whether a star behind it lets it go on."""
        text = ""
        last = first
        while (token := self._peek()) is not None and token.glued and token.sort not in {Sort.OPEN, Sort.CLOSE}:
            text += f"{token.text}:" if token.sort is Sort.FIELD else token.text
            last = token
            self._at += 1
            if token.sort is Sort.QUOTED:
                break
        bare = text.rstrip(STARS) if last.sort is Sort.WORD else text
        if not bare.strip():
            raise QueryError(first.position, "the value is empty")
        return bare, bare != text or (last.sort is Sort.QUOTED and self._star())

    def _star(self) -> bool:
        """Whether a star stands right behind what was just read; it is passed over."""
        star = self._peek()
        is_star = star is not None and star.glued and star.sort is Sort.WORD and not star.text.strip(STARS)
        self._at += is_star
        return is_star

    def _phrase(self, token: Token) -> Query:
        """Its words in this order; a star right behind it lets the last one go on."""
        if not token.text.strip():
            raise QueryError(token.position, "there is nothing between these quotation marks", length=2 + len(token.text))
        return Word(token.text.strip(), phrase=True, prefix=self._star())

    def _word(self, token: Token) -> Query:
        bare = token.text.rstrip(STARS)
        if not bare:
            return All()
        if bare[0] in "#＃" and (numbered := _numbered(bare, token.position)) is not None:
            return numbered
        return Word(bare, prefix=bare != token.text)


def _numbered(text: str, position: int) -> Field | None:
    """`#12` is a conversation's number; `#order` is a word."""
    digits = text[1:]
    return field("number", digits, position, me=None) if digits.isdecimal() and len(digits) <= 15 else None

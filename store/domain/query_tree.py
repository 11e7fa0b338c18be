"""The tree of a query, and the error of a text that is none."""

import msgspec

from store.errors import BadInput


class QueryError(BadInput):
    """A query that cannot be understood.

    `position` and `length` count characters of the text, from 0: what to mark; at the text's end it may mark nothing. `problem` is a
    clause in English, to follow a colon. `hint` is what may have been meant, to stand in place of what is marked; "" where nobody knows.
    """

    def __init__(self, position: int, problem: str, *, length: int = 1, hint: str = "") -> None:
        super().__init__(f"the query cannot be understood at character {position + 1}: {problem}", position=position, problem=problem)
        self.position = position
        self.length = length
        self.problem = problem
        self.hint = hint
        self.text = ""
        """The whole of what was asked, set by who parses it."""


class All(msgspec.Struct, frozen=True):
    """Everything."""


class Word(msgspec.Struct, frozen=True):
    """Text to be found anywhere. `phrase`: its words in this order; `prefix`: the last one may go on."""

    text: str
    phrase: bool = False
    prefix: bool = False


class Field(msgspec.Struct, frozen=True):
    """Something about a conversation. `name` is one of `query_fields.FIELDS`, `value` already in the spelling of the domain."""

    name: str
    value: str
    prefix: bool = False


class Not(msgspec.Struct, frozen=True):
    """Everything but that."""

    part: "Query"


class And(msgspec.Struct, frozen=True):
    """All of them; two at least."""

    parts: tuple["Query", ...]


class Or(msgspec.Struct, frozen=True):
    """Any of them; two at least."""

    parts: tuple["Query", ...]


Query = And | Or | Not | Word | Field | All

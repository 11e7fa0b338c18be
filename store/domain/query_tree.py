"""The tree of a query, and the error of a text that is none."""

import msgspec

from store.errors import BadInput


class QueryError(BadInput):
    """A query that cannot be understood. `position` counts characters from 0; `problem` is a clause in English, to follow a colon."""

    def __init__(self, position: int, problem: str) -> None:
        super().__init__(f"the query cannot be understood at character {position + 1}: {problem}", position=position, problem=problem)
        self.position = position
        self.problem = problem


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

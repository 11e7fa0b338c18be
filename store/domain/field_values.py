"""Merge fields of the team's own: a name, and its value for the team, an inbox, a member, or the customers of a mail domain."""

from enum import StrEnum

import msgspec


class FieldOf(StrEnum):
    """What a value belongs to."""

    TEAM = "team"
    INBOX = "inbox"
    MEMBER = "member"
    DOMAIN = "domain"
    """Of the customer's address: `example.jp`; so a company is known."""


class FieldValue(msgspec.Struct, frozen=True):
    """The value of a field for one of them. `of`: the inbox's or the member's key, or the domain; "" for the team. An empty `value`: none."""

    name: str
    value: str
    belongs: FieldOf = FieldOf.TEAM
    of: str = ""

    @property
    def id(self) -> str:
        """What it is kept under: one value for each name and whatever it belongs to."""
        return f"{self.belongs}:{self.of}:{self.name}"

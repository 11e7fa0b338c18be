"""What is said about mailings and the do-not-mail list: bodies and answers of their calls."""

from datetime import datetime

import msgspec

from store.domain.ids import MailingId, MessageId
from store.domain.mailing import Fate, Mailing
from store.domain.mailing_check import MailingCheck
from store.domain.mailing_commands import MailingCommand, MailingRefusal


class MailingRequest(msgspec.Struct, frozen=True):
    """A command about a mailing. It needs no key: the same again changes nothing."""

    command: MailingCommand


class MailingTold(msgspec.Struct, frozen=True, tag_field="answer", tag="mailing"):
    """A mailing, the last row that has come (0: none), how many rows are there, how many of them are how, and whose yes it needs and has."""

    mailing: Mailing
    last_n: int = 0
    there: int = 0
    fates: dict[Fate, int] = {}
    check: MailingCheck = MailingCheck()


class MailingRefused(msgspec.Struct, frozen=True, tag_field="answer", tag="refused"):
    """The rules say no."""

    refusal: MailingRefusal


class RowBody(msgspec.Struct, frozen=True):
    """One recipient's mail as it will leave."""

    n: int
    address: str
    name: str
    subject: str
    message_id: MessageId
    mime: bytes


class RowsPage(msgspec.Struct, frozen=True):
    """Rows that follow row `after`; 0: the first ones, and whatever came before is forgotten."""

    after: int
    rows: tuple[RowBody, ...]


class RowsTaken(msgspec.Struct, frozen=True):
    """The last row that is at the server."""

    last: int


class MailingDoors(msgspec.Struct, frozen=True):
    """How recipients get off the list, and what signs the tokens of this mailing's mails."""

    mailing_id: MailingId
    url: str
    mailto: str
    key: bytes


class ResultsQuery(msgspec.Struct, frozen=True):
    """Behind which row."""

    after: int = 0


class RowResultLine(msgspec.Struct, frozen=True):
    """What became of one row."""

    n: int
    address: str
    fate: Fate
    reason: str
    at: datetime | None
    message_id: str
    conversation_id: str = ""


class Addresses(msgspec.Struct, frozen=True):
    """Some addresses."""

    addresses: tuple[str, ...]


class SuppressRequest(msgspec.Struct, frozen=True):
    """Whom nobody is to write to, and why."""

    addresses: tuple[str, ...]
    reason: str = ""


class SuppressedCount(msgspec.Struct, frozen=True):
    """How many were put on the list, or taken off."""

    changed: int


class AllowRequest(msgspec.Struct, frozen=True):
    """Who may be written to again."""

    address: str


class SuppressedQuery(msgspec.Struct, frozen=True):
    """Behind which entry, by its `address_sha256`."""

    after: str = ""


class SuppressedLine(msgspec.Struct, frozen=True):
    """One address of the list."""

    address: str
    address_sha256: str
    reason: str
    how: str
    member: str
    at: datetime

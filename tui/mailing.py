"""Making the mails of a mailing: each letter frozen to its bytes, with the header that lets its recipient unsubscribe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailsync.link.mailing_protocol import RowBody
from mailsync.mime.compose import compose_reply
from mailsync.mime.errors import ComposeError
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, MailingId
from store.domain.mailing import conversation_id, submission_id
from store.domain.mailing_letters import PLACE_OF_ADDRESS, Letter, Wording, letters
from store.domain.mailing_recipients import RowProblem
from store.domain.mailing_sheet import Sheet
from store.domain.merge_fields import fields_for
from store.domain.message import Address
from store.domain.own_id import own_id
from store.domain.template import Template
from store.domain.unsubscribing import Doors, headers_of, page_of, token_of
from store.settings.settings import InboxSettings
from tui.freezing import manner_to
from tui.view.gate import writable

CANNOT_BE_WRITTEN = "cannot_be_written"
TRIAL = MailingId("0" * 24)
TRIAL_KEY = b"\0" * 32


@dataclass(frozen=True)
class Making:
    """What the mails of one mailing are made with. `date`: of all of them, so that made again they are the same."""

    mailing: MailingId
    inbox: InboxSettings
    wording: Wording
    doors: Doors
    key: bytes
    date: datetime


def wording_of(template: Template, inbox: InboxSettings, agent: str, own_addresses: frozenset[str], now: datetime) -> Wording:
    """What all letters have in common."""
    nobody = Conversation(ConversationId(""))
    fields = fields_for(nobody, None, agent, inbox.name or inbox.address, now.astimezone())
    return Wording(template, fields, own_addresses)


def trial(inbox: InboxSettings, wording: Wording, now: datetime) -> Making:
    """For a dry run: nothing of it leaves."""
    return Making(TRIAL, inbox, wording, Doors("", inbox.address), TRIAL_KEY, now)


def mails(sheet: Sheet, making: Making) -> Iterator[tuple[Letter | RowProblem, RowBody | None]]:
    """Every row in order with its mail; None where it cannot leave.

    Raises:
        SheetUnreadable: The table is broken from some row on.
    """
    for found in letters(sheet, making.wording):
        if isinstance(found, RowProblem) or not found.sendable:
            yield found, None
            continue
        try:
            yield found, frozen(found, making)
        except ComposeError as error:
            yield RowProblem(found.recipient.n, 0, CANNOT_BE_WRITTEN, str(error)), None


def frozen(letter: Letter, making: Making) -> RowBody:
    """A letter's bytes, for ever the same.

    Raises:
        ComposeError: Its address or a name cannot stand in a mail, or its text in the charset that the house writes to this address in.
    """
    recipient = letter.recipient
    token = token_of(making.key, making.mailing, recipient.n)
    page = page_of(token, making.doors)
    submission = submission_id(making.mailing, recipient.n)
    message_id = own_id(submission, conversation_id(submission), "", making.inbox.address.rpartition("@")[2])
    mime = compose_reply(
        from_=Address(making.inbox.name, making.inbox.address),
        to=[Address(recipient.name, recipient.address)],
        subject=letter.subject,
        body=writable(letter.body.replace(PLACE_OF_ADDRESS, page)),
        message_id=message_id,
        date=making.date,
        manner=manner_to(making.inbox, (recipient.address,)),
    )
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers_of(token, making.doors))
    # In front: the order of fields means nothing (RFC 5322 3.6).
    return RowBody(recipient.n, recipient.address, recipient.name, letter.subject, message_id, fields.encode("ascii") + mime)

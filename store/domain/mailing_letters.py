"""Each row of a table as the letter it becomes: the template merged for it, and what the send check says of it. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.domain.mailing_recipients import Recipient, RowProblem, read_recipients
from store.domain.mailing_sheet import Sheet
from store.domain.merge_fields import FIELD, merge, one_line
from store.domain.send_check import Finding, check_draft, has_errors
from store.domain.template import Template

UNSUBSCRIBE_FIELDS = ("unsubscribe", "配信停止")
"""Where the text says how one unsubscribes."""
PLACE_OF_ADDRESS = "https://desk.example.jp/v1/unsubscribe/0123456789abcdef"
"""Stands for the address of a row, which is made with its mail; so long that nobody writes it."""


class Wording(NamedTuple):
    """What all letters of a mailing have in common. `fields`: those that are no row's; `own_addresses`: lower case."""

    template: Template
    fields: Mapping[str, str | None]
    own_addresses: Collection[str]


class Letter(NamedTuple):
    """One row, written. `fallback`: something stands in for what its table does not say."""

    recipient: Recipient
    subject: str
    body: str
    findings: tuple[Finding, ...]
    fallback: bool

    @property
    def sendable(self) -> bool:
        """Whether it may leave."""
        return not has_errors(self.findings)


def letters(sheet: Sheet, wording: Wording) -> Iterator[Letter | RowProblem]:
    """Every row in order; what is wrong with one ends no other.

    Raises:
        SheetUnreadable: The table is broken from some row on.
    """
    for found in read_recipients(sheet):
        yield written(found, wording) if isinstance(found, Recipient) else found


def written(recipient: Recipient, wording: Wording) -> Letter:
    """The letter to one; `PLACE_OF_ADDRESS` stands where its text says how one gets off the list."""
    template = wording.template
    fields = {**wording.fields, **recipient.fields, **dict.fromkeys(UNSUBSCRIBE_FIELDS, PLACE_OF_ADDRESS)}
    body = merge(template.body, fields)
    # A cell may hold line ends; a subject may not.
    subject = (
        one_line(merge(template.subject or template.name, {name: one_line(value) if value else value for name, value in fields.items()}).text) or ""
    )
    draft = Draft(conversation_id=ConversationId(""), to=(recipient.address,), subject=subject, body=body.text, template=template.key)
    return Letter(recipient, subject, body.text, check_draft(draft, wording.own_addresses), _falls_back(template, fields))


def _falls_back(template: Template, fields: Mapping[str, str | None]) -> bool:
    wanted = (match for text in (template.subject or "", template.body) for match in FIELD.finditer(text))
    return any(match[2] is not None and not fields.get(match[1].strip()) for match in wanted)


def says_how_to_unsubscribe(template: Template) -> bool:
    """Whether its text does."""
    return any(match[1].strip() in UNSUBSCRIBE_FIELDS for match in FIELD.finditer(template.body))

"""From a conversation to the draft of an answer: to whom, from whom, under what subject, with what quoted; shared by composer and `mado reply`."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import msgspec

from mailsync.mime.answering import quote, quote_lines, reply_subject
from store.domain.checks.language import newest_language
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.merge_fields import merge
from store.domain.message import Address
from store.domain.template import Inserted, Template
from store.local.rows import StoredMessage
from store.settings.settings import InboxSettings
from tui.freezing import AttachmentUnreadable, freeze
from tui.identity import own_addresses as addresses_of
from tui.identity import written_to
from tui.recipients import answered_message, recipients, writable_line, written
from tui.said_before import own_words
from tui.view.gate import writable
from tui.words import _

__all__ = [
    "AttachmentUnreadable",
    "Quoting",
    "answered_message",
    "apply_template",
    "attribution",
    "body_with",
    "freeze",
    "quote_lines",
    "quoting_of",
    "start_draft",
    "writable_line",
]


class Quoting(StrEnum):
    """Where the answer stands to what it quotes."""

    ABOVE = "above"
    """The text, the signature, then the quotation."""
    BELOW = "below"
    """The quotation, then the text and the signature."""
    NONE = "none"


LETTERS_READ = 4_000
"""Of a mail, to tell its language: one may have a million."""
QUOTING = "quoting"
"""The preference's name (`store.settings.kept`)."""


def quoting_of(preference: str | None) -> Quoting:
    """As a person likes it; above where they have said nothing, or nothing that is known."""
    return Quoting(preference) if preference in set(Quoting) else Quoting.ABOVE


def start_draft(
    conversation: Conversation,
    messages: Sequence[StoredMessage],
    inbox: InboxSettings,
    member_name: str,
    signature: str,
    *,
    reply_all: bool = False,
    own_addresses: Collection[str] = (),
    quoting: Quoting = Quoting.ABOVE,
) -> Draft:
    """An answer to the newest message of the customer: recipients, subject, signature, and the text quoted.

    Without any message here (only the team knows the conversation) it is addressed to the customer and quotes nothing. `member_name`
    stands in for an empty signature.
    """
    own = {*(address.lower() for address in own_addresses), *addresses_of([inbox])}
    answered = answered_message(messages, conversation, own)
    closing = signature.rstrip("\n") or member_name
    kind = DraftKind.REPLY_ALL if reply_all else DraftKind.REPLY
    if answered is None:
        to: tuple[Address, ...] = (Address(conversation.customer_name, conversation.customer_address),) if conversation.customer_address else ()
        return Draft(
            conversation_id=conversation.id,
            to=tuple(written(address) for address in to),
            subject=reply_subject(writable_line(conversation.subject)),
            body=body_with(closing),
            seen_revision=conversation.revision,
            kind=kind,
        )
    to, cc = recipients(answered, own, reply_all=reply_all)
    quoted = "" if quoting is Quoting.NONE else quote(answered.message, attribution(answered))
    return Draft(
        conversation_id=conversation.id,
        to=tuple(written(address) for address in to),
        cc=tuple(written(address) for address in cc),
        subject=reply_subject(writable_line(answered.message.subject)),
        body=writable(body_with(closing, quoted, quoting)),
        answers=answered.message_id,
        seen_revision=conversation.revision,
        kind=kind,
        from_address="" if answered.outgoing else written_to(answered.message, inbox),
    )


def body_with(closing: str, quoted: str = "", quoting: Quoting = Quoting.ABOVE) -> str:
    """An empty text with what stands around it: the signature, and a quotation above or below."""
    if not quoted:
        return f"\n\n{closing}\n"
    return f"{quoted}\n\n\n\n{closing}\n" if quoting is Quoting.BELOW else f"\n\n{closing}\n\n{quoted}\n"


def attribution(stored: StoredMessage) -> str:
    """The line above a quotation, in the language of who is quoted: they read it, and not the agent."""
    language = newest_language((own_words(stored.message.text[:LETTERS_READ]),))
    sender = next(iter(stored.message.from_), Address("", ""))
    at = stored.message.date or stored.internaldate
    return _("On {date}, {who} wrote:", language).format(date=f"{at:%Y-%m-%d %H:%M}", who=sender.name or sender.address)


def apply_template(draft: Draft, template: Template, fields: Mapping[str, str | None], at: int = 0) -> tuple[Draft, tuple[str, ...]]:
    """The draft with the template's text before letter `at` of what stands there, and the fields nobody could fill (they stay as `{{name}}`)."""
    body = merge(template.body, fields)
    unresolved = dict.fromkeys(body.unresolved)
    subject = draft.subject
    if template.subject:
        merged = merge(template.subject, fields)
        subject = writable_line(merged.text)
        unresolved |= dict.fromkeys(merged.unresolved)
    text = writable(body.text).rstrip("\n")
    before, rest = draft.body[:at], draft.body[at:].lstrip("\n")
    whole = f"{before}{text}\n" + (f"\n{rest}" if rest else "")
    inserted = (*draft.inserted, Inserted(template.key, template.version, text))
    changed = msgspec.structs.replace(draft, body=whole, subject=subject, template=template.key, inserted=inserted)
    return changed, tuple(unresolved)

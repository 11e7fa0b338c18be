"""Templates merged for one customer: `{{customer}}`, or `{{customer|お客様}}` with what to say when it is not known."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from store.domain.conversation import Conversation
from store.domain.message import Message

FIELD = re.compile(r"\{\{([^{}|\r\n]*)(?:\|([^{}\r\n]*))?\}\}")
"""A field in a text: its name, and what stands in for it."""

ALIASES = {
    "customer": ("氏名", "お客様名", "顧客名"),
    "company": ("会社名",),
    "agent": ("担当者", "担当者名"),
    "inbox": ("窓口", "窓口名"),
    "number": ("番号", "受付番号"),
}
"""The Japanese names of the fields; `日付` is `date` written out."""


class Merged(msgspec.Struct, frozen=True):
    """A merged text. `unresolved`: the names nobody could fill, each once, in order; they still stand in `text` and stop the send."""

    text: str
    unresolved: tuple[str, ...] = ()


def merge(template: str, fields: Mapping[str, str | None]) -> Merged:
    """The template with its fields filled. What is filled in is text: braces in a customer's name are not read again."""
    unresolved: dict[str, None] = {}

    def filled(match: re.Match[str]) -> str:
        name = match[1].strip()
        value = fields.get(name)
        if not value:
            value = match[2]
        if value is None:
            unresolved[name] = None
            return match[0]
        return value

    return Merged(FIELD.sub(filled, template), tuple(unresolved))


def fields_for(conversation: Conversation, message: Message | None, agent_name: str, inbox_name: str, now: datetime) -> dict[str, str | None]:
    """What each field means in a reply to `message` (None: to the conversation's customer). `now` is in the zone the date shall be told in.

    None where it is not known. Names are one line each: they may end up in a subject.
    """
    sender = message.from_[0] if message is not None and message.from_ else None
    customer = sender.name if sender is not None else conversation.customer_name
    values: dict[str, str | None] = {
        "customer": one_line(customer),
        "company": None,
        "agent": one_line(agent_name),
        "inbox": one_line(inbox_name),
        "number": str(conversation.number) if conversation.number else None,
        "date": f"{now:%Y-%m-%d}",
        "日付": f"{now.year}年{now.month}月{now.day}日",
    }
    return values | {alias: values[name] for name, aliases in ALIASES.items() for alias in aliases}


def one_line(text: str) -> str | None:
    """On one line, without spaces around it; None when nothing is left."""
    return " ".join(text.split()) or None

"""Canned responses: plain text with `{{fields}}` that are merged for one customer."""

import msgspec

from store.domain.ids import InboxKey, TemplateKey


class Template(msgspec.Struct, frozen=True):
    """One version of a template; only the newest can be inserted."""

    key: TemplateKey
    name: str
    body: str
    subject: str | None = None
    version: int = 1
    inboxes: tuple[InboxKey, ...] = ()
    """Empty: for every inbox."""
    withdrawn: bool = False

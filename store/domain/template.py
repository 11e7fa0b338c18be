"""Canned responses: plain text with `{{fields}}` that are merged for one customer."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from store.domain.ids import GroupKey, InboxKey, MemberKey, TemplateKey

OWN = "~"
"""What the keys of a person's own templates begin with: `~tanaka/thanks`. No key of the team's does."""


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
    folder: tuple[str, ...] | None = None
    """Where it lies; None: where its key says, `folder/name`."""
    groups: tuple[GroupKey, ...] = ()
    """Empty: for everybody."""
    person: MemberKey | None = None
    """Whose own it is: nobody else is told of it. Never changes."""
    hot_key: str = ""
    """A short code that inserts it; "": none."""


class TemplateRef(msgspec.Struct, frozen=True):
    """Which version of a template a text was made with."""

    key: TemplateKey
    version: int


class Inserted(msgspec.Struct, frozen=True):
    """A template in a draft: which version, and the text that was put in, merged. `text` is what a re-merge starts from."""

    key: TemplateKey
    version: int
    text: str


class TemplateUses(msgspec.Struct, frozen=True):
    """How many replies with a template were handed over in a month (`2026-11`, UTC)."""

    key: TemplateKey
    month: str
    n: int


class TemplateVersion(msgspec.Struct, frozen=True):
    """One version of a template, who made it, and when."""

    at: datetime
    by: MemberKey
    template: Template


def folder_of(template: Template) -> tuple[str, ...]:
    """The folders it lies in, outermost first; those of a person's own without the person."""
    if template.folder is not None:
        return template.folder
    folders = tuple(part.strip() for part in template.key.split("/")[:-1] if part.strip())
    return folders[1:] if template.person is not None else folders


def owner_of(key: str) -> MemberKey | None:
    """Whose own template a key names; None: the team's."""
    return MemberKey(key[len(OWN) :].partition("/")[0]) if key.startswith(OWN) else None


def own_key(person: MemberKey, key: str) -> TemplateKey:
    """The key of a person's own template."""
    return TemplateKey(f"{OWN}{person}/{key}")


def may_insert(template: Template, inbox: InboxKey, member: MemberKey, groups: Collection[GroupKey]) -> bool:
    """Whether a member of these groups may insert it in an inbox."""
    if template.withdrawn or template.person not in {None, member}:
        return False
    return (not template.inboxes or inbox in template.inboxes) and (not template.groups or not set(groups).isdisjoint(template.groups))


def still_used(inserted: Iterable[Inserted], body: str) -> tuple[Inserted, ...]:
    """Those of which at least a line still stands in the text: what was deleted again was not used."""
    there = {line.strip() for line in body.split("\n")}
    return tuple(one for one in inserted if any(line.strip() and line.strip() in there for line in one.text.split("\n")))

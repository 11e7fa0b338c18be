"""A yes to one frozen thing, and what it is worth: of which bytes, by whom, at which stage. Pure; a reply and a mailing are approved alike."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import msgspec

from store.domain.ids import InboxKey, MemberKey, TemplateKey

MOST_STAGES = 3


class SubjectKind(StrEnum):
    """What can be approved."""

    REPLY = "reply"
    MAILING = "mailing"


class Subject(msgspec.Struct, frozen=True):
    """The very thing an approval speaks of; anything changed in it is another subject, and has no approval."""

    kind: SubjectKind
    id: str
    frozen_sha256: str


class Approval(msgspec.Struct, frozen=True):
    """A checker's yes to one subject. `stage`: 1 is the first."""

    subject: Subject
    by: MemberKey
    at: datetime
    stage: int = 1


def reply_hash(mail_from: str, rcpt_to: Sequence[str], mime: bytes) -> str:
    """What a reply is approved by: its bytes and everybody it goes to, together. Hexadecimal."""
    head = msgspec.json.encode(("reply 1", mail_from, tuple(rcpt_to)))
    return sha256(head + b"\n" + mime).hexdigest()


def mailing_hash(inbox: InboxKey, template: TemplateKey | None, version: int, rows_sha256: str) -> str:
    """What a mailing is approved by: where it leaves from, the version of its text, and all its rows (`mailing.digest_of`). Hexadecimal."""
    return sha256(msgspec.json.encode(("mailing 1", inbox, template, version, rows_sha256))).hexdigest()


def may_still_approve(drafter: MemberKey, given: Sequence[Approval], checker: MemberKey) -> bool:
    """Whether the checker is another person than the drafter and than those of the earlier stages."""
    return checker != drafter and all(one.by != checker for one in given)


def is_approved(subject: Subject, drafter: MemberKey, given: Sequence[Approval], stages: int) -> bool:
    """Whether so many different people, none of them the drafter, said yes to this very subject."""
    yes = {one.by for one in given if one.subject == subject}
    return len(yes - {drafter}) >= stages


def checkers_of(given: Collection[Approval]) -> frozenset[MemberKey]:
    """Who said yes."""
    return frozenset(one.by for one in given)

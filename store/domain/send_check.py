"""The send check: what is wrong with a draft, found before anybody is written to. Errors stop the send, warnings are shown once."""

import re
from collections.abc import Collection, Iterator

import msgspec

from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.merge_fields import FIELD

ERROR = "error"
WARNING = "warning"
SAID_BEFORE = "said_before"
"""`words`: who (a member's name, "" for somebody outside the desk), when (ISO 8601), and the conversation (`#12`, or its id)."""

SENTENCES = {
    "unresolved_field": "the field {fact} was not filled in",
    "no_recipient": "nobody is written to",
    "bad_address": "{fact} is no address",
    "to_ourselves": "it goes to nobody but ourselves",
    "empty_subject": "the subject is empty",
    "empty_body": "there is no text",
    SAID_BEFORE: "this customer was sent much the same within the last day",
}
"""The codes, and what each says in English."""

# Dots in a row, or at the end, are against RFC 5322 3.4.1, but Japanese phone companies gave out such addresses for years.
LOCAL_PART = r"[^\s\x00-\x20\x7f-\x9f<>()\[\],;:\\\"@]+"
LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
ADDRESS = re.compile(rf"(?:{LOCAL_PART}|\"[^\"\\\r\n]*\")@{LABEL}(?:\.{LABEL})+")
NAMED = re.compile(r"[^<>\r\n]*<([^<>\r\n]*)>\s*")

ADDRESS_BYTES = 254
"""RFC 5321 4.5.3.1.3, without the angle brackets."""


class Finding(msgspec.Struct, frozen=True):
    """One thing found. `where` is `to cc bcc subject body`; `line` and `column` count from 1; `words` are the facts for `code`'s sentence."""

    code: str
    severity: str
    line: int
    column: int
    where: str
    words: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong, in English."""
        return SENTENCES[self.code].format(fact=self.words[0] if self.words else "")


def address_of(text: str) -> str | None:
    """The bare address of `佐藤 <sato@example.jp>` or `sato@example.jp`; None when it is none that mail can be sent to."""
    named = NAMED.fullmatch(text)
    bare = (named[1] if named else text).strip()
    if len(bare.encode(errors="replace")) > ADDRESS_BYTES or ADDRESS.fullmatch(bare) is None:
        return None
    return bare


def check_draft(draft: Draft, own_addresses: Collection[str]) -> tuple[Finding, ...]:
    """Everything found, in the order of the composer: recipients, subject, text. `own_addresses` are lower case."""
    if draft.kind is DraftKind.REDIRECT:
        # Subject and text are another's, and nothing can be changed in them.
        return tuple(_recipients(draft, own_addresses))
    return (*_recipients(draft, own_addresses), *_subject(draft), *_body(draft))


def has_errors(findings: Collection[Finding]) -> bool:
    """Whether the send stops."""
    return any(finding.severity == ERROR for finding in findings)


def _recipients(draft: Draft, own_addresses: Collection[str]) -> Iterator[Finding]:
    fields = (("to", draft.to), ("cc", draft.cc), ("bcc", draft.bcc))
    written = [(where, line, text) for where, texts in fields for line, text in enumerate(texts, 1) if text.strip()]
    if not written:
        yield Finding("no_recipient", ERROR, 1, 1, "to")
    for where, line, text in written:
        if address_of(text) is None:
            yield Finding("bad_address", ERROR, line, 1, where, (text,))
    addresses = {(address_of(text) or text).casefold() for _, _, text in written}
    if addresses and addresses <= {own.casefold() for own in own_addresses}:
        yield Finding("to_ourselves", WARNING, 1, 1, "to")


def _subject(draft: Draft) -> Iterator[Finding]:
    if not draft.subject.strip():
        yield Finding("empty_subject", WARNING, 1, 1, "subject")
    yield from _unresolved(draft.subject, "subject")


def _body(draft: Draft) -> Iterator[Finding]:
    if not any(line.strip() and not line.startswith(">") for line in draft.body.splitlines()):
        yield Finding("empty_body", ERROR, 1, 1, "body")
    yield from _unresolved(draft.body, "body")


def _unresolved(text: str, where: str) -> Iterator[Finding]:
    """Fields left as they stand; not those in what is quoted from the customer."""
    for line, words in enumerate(text.split("\n"), 1):
        if words.startswith(">"):
            continue
        for match in FIELD.finditer(words):
            yield Finding("unresolved_field", ERROR, line, match.start() + 1, where, (match[0],))

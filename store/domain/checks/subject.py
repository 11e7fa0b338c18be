"""The subject and the text as such: empty ones, an answer under another subject, letters that cannot go out, words said before."""

import re
from collections.abc import Iterator

from store.domain.checks.draft_text import DraftText, narrow
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.finding import ERROR, WARNING, Finding
from store.domain.merge_fields import FIELD

_PREFIX = re.compile(r"\s*(?:(?:re|aw|sv|antw|fwd?|wg|返信|転送)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*:|\[[^\]\n]{1,30}\])\s*", re.IGNORECASE)
_REPLY = re.compile(r"\s*(?:re|aw|返信)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


def subject(draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """An empty one, or `Re:` in front of something that nobody wrote."""
    if not draft.subject.strip():
        yield Finding("empty_subject", WARNING, 1, 1, "subject")
    elif (
        facts.answered_subject
        and _REPLY.match(narrow(draft.subject))
        and draft.subject != facts.template_subject
        and FIELD.search(draft.subject) is None
        and base_of(facts.answered_subject) not in base_of(draft.subject)
    ):
        yield Finding("subject_changed", WARNING, 1, 1, "subject", (facts.answered_subject,), len(draft.subject))


def base_of(subject: str) -> str:
    """A subject without Re:, Fwd: and what lists put in front of it, as it is compared: by what one sees of it."""
    rest = narrow(subject)
    while match := _PREFIX.match(rest):
        rest = rest[match.end() :]
    return "".join(letter for letter in rest.casefold() if letter.isprintable() and not letter.isspace())


def body(draft: Draft, text: DraftText, _facts: Facts) -> Iterator[Finding]:
    """Nothing of one's own in it; a mail that is passed on may speak for itself."""
    if not text.own:
        yield Finding("empty_body", WARNING if draft.kind is DraftKind.FORWARD else ERROR, 1, 1, "body")


def charset(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """The first place of each letter that the mail's charset cannot hold; in what is quoted too, for it goes out as well."""
    for letter in dict.fromkeys(facts.unencodable):
        if (column := draft.subject.find(letter)) >= 0:
            yield Finding("charset_cannot_hold", WARNING, 1, column + 1, "subject", (letter,), 1)
            continue
        for number, line in enumerate(text.lines, 1):
            if (column := line.find(letter)) >= 0:
                yield Finding("charset_cannot_hold", WARNING, number, column + 1, "body", (letter,), 1)
                break


def said_before(_draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Much the same went to this customer within a day."""
    if facts.sent_before:
        yield Finding("said_before", WARNING, 1, 1, "body", facts.sent_before)

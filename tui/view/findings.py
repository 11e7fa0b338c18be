"""What the send check found, in words with the place; for a list on the screen and for a terminal's lines."""

from datetime import datetime

from store.domain.checks.dates import DAYS_EN
from store.domain.checks.explained import EXPLAINED
from store.domain.checks.language import NAMES
from store.domain.draft import Draft
from store.domain.finding import ERROR, Finding, filled
from store.domain.send_check import SAID_BEFORE
from tui.view.caret import caret_lines
from tui.view.gate import clean
from tui.words import _

TRANSLATED_FACTS = (*(day.capitalize() for day in DAYS_EN), *NAMES.values())
"""Facts in English that each language says in its own way."""
WITH_INSTEAD = frozenset({"forbidden_word", "careless_word"})


def finding_words(finding: Finding) -> str:
    """One sentence."""
    if finding.code == SAID_BEFORE:
        return _said_before(*finding.words)
    facts = tuple(_(word) if word in TRANSLATED_FACTS else clean(word) for word in finding.words)
    sentence = filled(_(EXPLAINED[finding.code].sentence), facts)
    if finding.code in WITH_INSTEAD and facts[1:] and facts[1]:
        return _("{sentence} Better: “{instead}”.").format(sentence=sentence, instead=facts[1])
    return sentence


def explanation(code: str) -> tuple[str, str]:
    """Why anybody minds, and what to do."""
    explained = EXPLAINED[code]
    return _(explained.reason), _(explained.remedy)


def severity_words(severity: str) -> str:
    """How bad it is, in a word."""
    return _("error") if severity == ERROR else _("warning")


def place_words(finding: Finding) -> str:
    """Where it is: `3:7` in the text, else the field."""
    fields = {"to": _("To"), "cc": _("Cc"), "bcc": _("Bcc"), "subject": _("Subject"), "attachments": _("Attachment")}
    return f"{finding.line}:{finding.column}" if finding.where == "body" else fields[finding.where]


def compiler_lines(finding: Finding, draft: Draft) -> list[str]:
    """As a compiler says it: `body:3:7: error attachment_missing …`, the line, and what points at the place in it."""
    head = f"{finding.where}:{finding.line}:{finding.column}: {finding.severity} {finding.code}: {finding_words(finding)}"
    source = source_of(finding, draft)
    return [head, *(f"  {line}" for line in caret_lines(source, finding.column - 1, max(1, finding.length)))] if source.strip() else [head]


def source_of(finding: Finding, draft: Draft) -> str:
    """The line, or the entry of the field, that it is about."""
    if finding.where == "subject":
        return draft.subject
    lines = {"to": draft.to, "cc": draft.cc, "bcc": draft.bcc, "attachments": draft.attachments}.get(finding.where)
    entries = draft.body.split("\n") if lines is None else lines
    return entries[finding.line - 1] if finding.line <= len(entries) else ""


def _said_before(who: str, when: str, conversation: str) -> str:
    """With the day: within 24 hours is often yesterday."""
    at = f"{datetime.fromisoformat(when).astimezone():%m-%d %H:%M}"
    if not who:
        return _("Much the same was sent to this customer on {at}, past the desk ({conversation}).").format(at=at, conversation=clean(conversation))
    return _("{name} sent this customer much the same on {at} ({conversation}).").format(name=clean(who), at=at, conversation=clean(conversation))
